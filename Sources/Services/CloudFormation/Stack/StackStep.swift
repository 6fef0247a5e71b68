import AWSWire
import BatonCore
import BatonStore
import JSON

/// One step of an operation on a stack: an effect through the APIs of other services, then one commit that stores what
/// came of it together with what comes next.
struct StackStep: Sendable {
    /// What a due row of the kind `cfn.step` carries.
    struct Payload: Codable, Sendable {
        var operationId: String
        var stackId: String
        var logicalId: String
        /// nil: the outputs are to be published.
        var action: StackLifecycle.Action?
        /// Set while something that was begun is still on its way: what it comes to.
        var pending: StackLifecycle.Change?

        init(_ task: StackLifecycle.Task, _ stack: StackRecord) {
            operationId = stack.operationId ?? ""
            stackId = stack.id
            logicalId = task.logicalId
            action = task.action
        }

        init(publishing stack: StackRecord) {
            operationId = stack.operationId ?? ""
            stackId = stack.id
            logicalId = ""
        }
    }

    /// How often an effect is tried that fails on the service's side.
    static let attempts = 4

    let payload: Payload
    let view: StackView
    let context: Context

    var stack: StackRecord { view.stack }

    /// The handler of due rows.
    static func handle(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let payload: Payload = try JSON.parse(row.payload).decoded()
        let view = try context.store.read { db in
            try StackRecord.find(id: payload.stackId, db).map { try StackView($0, db) }
        }
        guard let view, view.stack.operationId == payload.operationId else { return .done }
        let step = StackStep(payload: payload, view: view, context: context)
        do throws(ResourceFailure) {
            return try await step.run()
        } catch {
            if error.isTransient, row.attempts + 1 < attempts {
                return .retry(atMs: context.nowMs + 1000 << Int64(row.attempts))
            }
            return step.failed(error.reason)
        }
    }

    private func run() async throws(ResourceFailure) -> DueOutcome {
        switch payload.action {
        case nil: return publish()
        case .apply?: return try await apply()
        case .restore?: return try await restore()
        case .remove?: return try await remove()
        case .discard?: return try await discard()
        }
    }

    // MARK: What steps share

    /// Writes that come before an effect, so that a restart in its middle knows that it was begun.
    func commitFirst(_ body: @escaping Write<Void>) async throws(ResourceFailure) {
        do throws(AWSError) {
            try await context.write(body)
        } catch {
            throw ResourceFailure(reason: error.message, code: error.code, isTransient: true)
        }
    }

    func read<T>(_ body: (StackRecord) throws -> T) throws(ResourceFailure) -> T {
        do {
            return try body(stack)
        } catch {
            throw ResourceFailure(reason: context.host.awsError(of: error).message, isTransient: true)
        }
    }

    func previousRecord() throws(ResourceFailure) -> ResourceRecord? {
        do throws(AWSError) {
            return try context.read { db in try ResourceRecord.previous(stack.id, payload.logicalId, db) }
        } catch {
            throw ResourceFailure(reason: error.message, isTransient: true)
        }
    }

    func type(_ name: String) throws(ResourceFailure) -> any ResourceType {
        guard let type = ResourceCatalog.type(name) else {
            throw ResourceFailure(reason: "Unrecognized resource type: \(name)")
        }
        return type
    }

    func request(
        _ record: ResourceRecord, properties: JSON, physicalId: String, isRetry: Bool
    ) -> ResourceRequest {
        ResourceRequest(
            context: context, stack: stack, logicalId: record.logicalId, properties: properties, physicalId: physicalId,
            attributes: record.attributes.object ?? [:], isRetry: isRetry)
    }

    /// Stores a record with its events and tells the lifecycle.
    func commit(
        _ record: ResourceRecord?, events: [(ResourceStatus, String?)], _ event: StackLifecycle.Event,
        and more: @escaping Write<Void> = { _ in }
    ) -> DueOutcome {
        let (stack, payload) = (stack, payload)
        return .commit { transaction in
            if var record {
                record.updatedMs = transaction.nowMs
                try record.save(stack.id, transaction.db)
                for (status, reason) in events {
                    try StackEvents.add(stack, record, status, reason: reason, transaction)
                }
            }
            try more(transaction)
            try StackEngine.report(event, payload.stackId, payload.operationId, transaction)
        }
    }

    /// The step failed for good.
    private func failed(_ reason: String) -> DueOutcome {
        let event = StackLifecycle.Event.failed(payload.logicalId)
        guard var record = view.records[payload.logicalId] else { return commit(nil, events: [], event) }
        switch payload.action {
        case .remove?: record.status = .deleteFailed
        case .apply? where !record.isThere: record.status = .createFailed
        default: record.status = .updateFailed
        }
        record.reason = reason
        record.begun = nil
        return commit(record, events: [(record.status, reason)], event)
    }
}
