import AWSWire
import BatonCore
import BatonStore
import JSON

// Taking resources away, and back into the form that they had.

extension StackStep {
    /// Deletes a resource with its record, unless a policy keeps it.
    func remove() async throws(ResourceFailure) -> DueOutcome {
        guard var record = view.records[payload.logicalId] else {
            return commit(nil, events: [], .succeeded(payload.logicalId, .unchanged))
        }
        let id = record.logicalId
        let forget: Write<Void> = { [stack] transaction in try ResourceRecord.remove(stack.id, id, transaction.db) }
        guard record.isThere else {
            return commit(nil, events: [], .succeeded(id, .unchanged), and: forget)
        }
        guard !isKept(record) else {
            record.status = .deleteSkipped
            return commit(record, events: [(.deleteSkipped, nil)], .succeeded(id, .unchanged), and: forget)
        }
        do throws(ResourceFailure) {
            if let pending = try await delete(&record) { return waiting(for: pending) }
        } catch {
            guard stack.settings.isForced == true, !error.isTransient else { throw error }
            record.status = .deleteSkipped
            return commit(record, events: [(.deleteSkipped, error.reason)], .succeeded(id, .unchanged), and: forget)
        }
        record.status = .deleteComplete
        let isStackGoing = stack.lifecycle?.kind == .delete
        // The records of a deleted stack stay, so that its resources can still be looked at by its id.
        return commit(record, events: [(.deleteComplete, nil)], .succeeded(id, .unchanged)) { transaction in
            if !isStackGoing { try forget(transaction) }
        }
    }

    private func isKept(_ record: ResourceRecord) -> Bool {
        if stack.settings.retained.contains(record.logicalId) { return true }
        switch Template.DeletionPolicy(rawValue: record.deletionPolicy) {
        case .retain? where stack.settings.retainsExceptOnCreate != true: return true
        // Kept, unless the operation that made it is undone.
        case .retain?, .retainExceptOnCreate?:
            let phase = stack.lifecycle?.phase
            return phase != .rollback && phase != .rollbackCleanup
        default: return false
        }
    }

    /// Comes back later to look whether the resource is gone.
    private func waiting(for pending: ResourceResult.Pending) -> DueOutcome {
        var payload = payload
        payload.pending = .unchanged
        return .commit { [stack, payload] transaction in
            try StackEngine.wait(payload, stack, for: pending, transaction)
        }
    }

    private func delete(_ record: inout ResourceRecord) async throws(ResourceFailure) -> ResourceResult.Pending? {
        let type = try type(record.type)
        let isRetry = record.begun != nil
        if !isRetry {
            record.begun = record.physicalId
            record.status = .deleteInProgress
            try await commitFirst { [stack, record] transaction in
                try record.save(stack.id, transaction.db)
                try StackEvents.add(stack, record, .deleteInProgress, transaction)
            }
        }
        let request = request(
            record, properties: await former(record.properties, type), physicalId: record.physicalId, isRetry: isRetry)
        if payload.pending == nil { try await type.delete(request) }
        if let pending = try await type.checkDeleted(request) { return pending }
        record.begun = nil
        record.reason = nil
        return nil
    }

    /// Deletes the physical resource whose place another one has taken.
    func discard() async throws(ResourceFailure) -> DueOutcome {
        guard var leftover = try previousRecord(), leftover.isThere else {
            return commit(nil, events: [], .succeeded(payload.logicalId, .unchanged))
        }
        let id = leftover.logicalId
        let isKept =
            leftover.replacePolicy == Template.DeletionPolicy.retain.rawValue && stack.lifecycle?.phase == .cleanup
        let forget: Write<Void> = { [stack] transaction in
            try ResourceRecord.keepPrevious(nil, stack.id, id, transaction.db)
        }
        let finish = {
            [stack, payload] (leftover: ResourceRecord, status: ResourceStatus, reason: String?) -> DueOutcome in
            .commit { transaction in
                try StackEvents.add(stack, leftover, status, reason: reason, transaction)
                try forget(transaction)
                let event: StackLifecycle.Event = status == .deleteFailed ? .failed(id) : .succeeded(id, .unchanged)
                try StackEngine.report(event, payload.stackId, payload.operationId, transaction)
            }
        }
        guard !isKept else { return finish(leftover, .deleteSkipped, nil) }
        leftover.status = .deleteInProgress
        if payload.pending == nil {
            try await commitFirst { [stack, leftover] transaction in
                try StackEvents.add(stack, leftover, .deleteInProgress, transaction)
            }
        }
        do throws(ResourceFailure) {
            let type = try type(leftover.type)
            let request = request(
                leftover, properties: await former(leftover.properties, type), physicalId: leftover.physicalId,
                isRetry: false)
            if payload.pending == nil { try await type.delete(request) }
            if let pending = try await type.checkDeleted(request) { return waiting(for: pending) }
            return finish(leftover, .deleteComplete, nil)
        } catch {
            guard !error.isTransient else { throw error }
            return finish(leftover, .deleteFailed, error.reason)
        }
    }

    /// Takes the resource back to what it was before the update.
    func restore() async throws(ResourceFailure) -> DueOutcome {
        let id = payload.logicalId
        guard let record = view.records[id], var before = try previousRecord() else {
            return commit(nil, events: [], .succeeded(id, .unchanged))
        }
        before.begun = nil
        before.reason = nil
        guard before.physicalId == record.physicalId else {
            // The old resource is still there; the new one changes places with it and goes later.
            before.status = .updateComplete
            return commit(before, events: [(.updateComplete, nil)], .succeeded(id, .unchanged)) { [stack] transaction in
                try ResourceRecord.keepPrevious(record, stack.id, id, transaction.db)
            }
        }
        guard before.properties != record.properties else {
            before.status = .updateComplete
            return commit(before, events: [], .succeeded(id, .unchanged))
        }
        if record.begun == nil {
            var current = record
            current.begun = record.physicalId
            current.status = .updateInProgress
            try await commitFirst { [stack, current] transaction in
                try current.save(stack.id, transaction.db)
                try StackEvents.add(stack, current, .updateInProgress, transaction)
            }
        }
        let type = try type(before.type)
        let request = request(
            before, properties: try await effective(before.properties, type), physicalId: before.physicalId,
            isRetry: record.begun != nil)
        let result =
            payload.pending == nil
            ? try await type.update(request, from: await former(record.properties, type))
            : try await type.check(request)
        if let pending = result.pending { return waiting(for: pending) }
        before.attributes = .object(result.attributes)
        before.status = .updateComplete
        return commit(before, events: [(.updateComplete, nil)], .succeeded(id, .unchanged))
    }

    // MARK: Outputs

    /// Evaluates outputs and exports and stores them.
    func publish() -> DueOutcome {
        let imports = Imports()
        do throws(AWSError) {
            let resolved = try stack.definition.resolved(stack.pseudo)
            let outputs = try Outputs(resolved, view.evaluator(resolved, imports: imports))
            let names = try importedNames(resolved)
            if let reason = deniedRemoval(resolved) { return commit(nil, events: [], .publishFailed(reason + ". ")) }
            return .commit { [stack, payload] transaction in
                var event = StackLifecycle.Event.published
                do {
                    try transaction.nested { transaction in
                        try Exports.publish(outputs.exports, stack, transaction.db)
                        try Exports.replaceImports(names, stack, transaction.db)
                        try transaction.execute(
                            "UPDATE cfn_stacks SET outputs = ? WHERE id = ?", JSON.array(outputs.list).text(), stack.id)
                    }
                } catch let error as AWSError {
                    event = .publishFailed(error.message + ". ")
                }
                try StackEngine.report(event, payload.stackId, payload.operationId, transaction)
            }
        } catch {
            return commit(nil, events: [], .publishFailed(error.message + ". "))
        }
    }

    /// Why the policy of the stack does not let the update remove what the template no longer has.
    private func deniedRemoval(_ resolved: ResolvedTemplate) -> String? {
        guard stack.lifecycle?.kind == .update, let policy = StackPolicy(of: stack) else { return nil }
        let present = Set(resolved.resources.map(\.logicalId))
        return view.records.values.sorted { $0.logicalId < $1.logicalId }
            .filter { !present.contains($0.logicalId) }
            .compactMap { policy.denial(of: "Update:Delete", $0.logicalId, $0.type) }.first
    }

    /// Every export that the template uses, whichever step evaluated it.
    private func importedNames(_ resolved: ResolvedTemplate) throws(AWSError) -> Set<String> {
        let imports = Imports()
        let evaluator = view.evaluator(resolved, imports: imports)
        for resource in resolved.resources { _ = try evaluator.value(resource.properties) }
        for output in resolved.outputs { _ = try evaluator.value(output.value) }
        return imports.names
    }
}

/// The evaluated outputs of a stack.
struct Outputs: Sendable {
    /// In the form of DescribeStacks.
    var list: [JSON] = []
    var exports: [(name: String, value: String)] = []

    init(_ resolved: ResolvedTemplate, _ evaluator: Evaluator) throws(AWSError) {
        for output in resolved.outputs {
            let value = try evaluator.value(output.value)
            guard let text = value.flatMap({ $0.array == nil ? Parameter.text($0) : nil }) else {
                throw CloudFormationError.format("The Value field of every Outputs member must evaluate to a String.")
            }
            var entry: JSON = ["OutputKey": .string(output.name), "OutputValue": .string(text)]
            if let description = output.description { entry["Description"] = .string(description) }
            if let given = output.exportName {
                guard let name = try evaluator.text(given), !name.isEmpty else {
                    throw CloudFormationError.format("The Name field of every Export member must evaluate to a String.")
                }
                entry["ExportName"] = .string(name)
                exports.append((name, text))
            }
            list.append(entry)
        }
    }
}
