/// The course of one operation on a stack: which resource comes next, what a failure leads to, when it is over.
///
/// A pure value: an event goes in, effects come out, somebody else performs them. It is stored with the stack after
/// every event, so that an operation goes on where it was after a restart.
struct StackLifecycle: Codable, Sendable, Equatable {
    enum Kind: String, Codable, Sendable { case create, update, delete }

    enum Phase: String, Codable, Sendable {
        /// Creating, updating or deleting what was asked for.
        case forward
        /// After an update: deleting what was replaced or is no longer in the template.
        case cleanup
        /// After a failure: going back.
        case rollback
        /// After going back from an update: deleting what the update had made.
        case rollbackCleanup
        case over
    }

    enum Action: String, Codable, Sendable {
        /// Brings a resource into the form of the new template: create, update, replace or nothing.
        case apply
        /// Brings a resource back into its form before the update.
        case restore
        /// Deletes a resource and its record.
        case remove
        /// Deletes the physical resource that another one took the place of.
        case discard
    }

    enum Change: String, Codable, Sendable { case unchanged, created, updated, replaced }

    enum OnFailure: String, Codable, Sendable { case rollback, delete, nothing }

    struct Task: Codable, Sendable, Equatable {
        enum State: String, Codable, Sendable { case waiting, running, done, failed }
        var logicalId: String
        var action: Action
        var needs: [String]
        var state = State.waiting
    }

    enum Event: Sendable, Equatable {
        case started
        /// `change` says what an `apply` came to.
        case succeeded(String, Change)
        /// `change` says what has to be undone although it failed; nil where nothing more is known.
        case failed(String, Change? = nil)
        /// Outputs and exports have been stored, or could not be.
        case published
        case publishFailed(String)
        /// The operation shall stop and go back. `isDelete`: the whole stack shall go.
        case cancelled(reason: String, isDelete: Bool)
    }

    enum Effect: Sendable, Equatable {
        case run(Task)
        case stack(StackStatus, reason: String?)
        /// Evaluate and store outputs and exports, then report `published`.
        case publish
        /// Take outputs, template and parameters of the state before the update again.
        case revert
        case over
    }

    let kind: Kind
    let onFailure: OnFailure
    private(set) var phase = Phase.forward
    private(set) var status: StackStatus
    private(set) var tasks: [Task]
    /// What `apply` made of each resource, failures included, once they began.
    private(set) var changes: [String: Change] = [:]
    private(set) var failed: [String] = []
    private(set) var isPublishing = false
    private var cancellation: String?
    private var deletesAfterwards = false
    /// Logical id → what it needs, in the template before and in the new one.
    private let oldNeeds: [String: [String]]
    private let newNeeds: [String: [String]]

    // MARK: Beginnings

    static func create(_ graph: DependencyGraph, onFailure: OnFailure) -> StackLifecycle {
        StackLifecycle(
            kind: .create, onFailure: onFailure, status: .createInProgress,
            tasks: graph.order.map { Task(logicalId: $0, action: .apply, needs: (graph.needs[$0] ?? []).sorted()) },
            oldNeeds: [:], newNeeds: graph.needs.mapValues { $0.sorted() })
    }

    /// - Parameter oldNeeds: the resources that the stack has, with what they need.
    static func update(_ graph: DependencyGraph, oldNeeds: [String: [String]], onFailure: OnFailure) -> StackLifecycle {
        StackLifecycle(
            kind: .update, onFailure: onFailure, status: .updateInProgress,
            tasks: graph.order.map { Task(logicalId: $0, action: .apply, needs: (graph.needs[$0] ?? []).sorted()) },
            oldNeeds: oldNeeds, newNeeds: graph.needs.mapValues { $0.sorted() })
    }

    static func delete(needs: [String: [String]]) -> StackLifecycle {
        StackLifecycle(
            kind: .delete, onFailure: .nothing, status: .deleteInProgress, tasks: reversed(needs, .remove),
            oldNeeds: needs, newNeeds: [:])
    }

    /// Goes on with a rollback that had failed; `skipped` are taken as they are.
    mutating func continueRollback(skipping skipped: Set<String>) -> [Effect] {
        phase = .rollback
        failed = []
        for index in tasks.indices where tasks[index].state != .done {
            tasks[index].state = skipped.contains(tasks[index].logicalId) ? .done : .waiting
        }
        return move(to: .updateRollbackInProgress, "User Initiated") + advance()
    }

    private init(
        kind: Kind, onFailure: OnFailure, status: StackStatus, tasks: [Task], oldNeeds: [String: [String]],
        newNeeds: [String: [String]]
    ) {
        self.kind = kind
        self.onFailure = onFailure
        self.status = status
        self.tasks = tasks
        self.oldNeeds = oldNeeds
        self.newNeeds = newNeeds
    }

    // MARK: Events

    mutating func handle(_ event: Event) -> [Effect] {
        switch event {
        case .started: return advance()
        case .succeeded(let logicalId, let change): return end(logicalId, .done, change)
        case .failed(let logicalId, let change): return end(logicalId, .failed, change)
        case .published:
            guard isPublishing else { return [] }
            isPublishing = false
            return completed()
        case .publishFailed(let reason):
            guard isPublishing else { return [] }
            isPublishing = false
            cancellation = reason
            return goBack()
        case .cancelled(let reason, let isDelete):
            guard phase == .forward, kind != .delete else { return [] }
            cancellation = reason
            deletesAfterwards = isDelete
            return advance()
        }
    }

    private mutating func end(_ logicalId: String, _ state: Task.State, _ change: Change?) -> [Effect] {
        guard let index = tasks.firstIndex(where: { $0.logicalId == logicalId && $0.state == .running }) else {
            return []
        }
        tasks[index].state = state
        if state == .failed { failed.append(logicalId) }
        if tasks[index].action == .apply {
            // Something that failed on its way may be there all the same: going back looks after it.
            changes[logicalId] = change ?? (oldNeeds[logicalId] == nil ? .created : .updated)
        }
        return advance()
    }

    /// Starts what can start; ends the phase when nothing runs any more.
    private mutating func advance() -> [Effect] {
        guard phase != .over, !isPublishing else { return [] }
        let isStopping = phase == .forward && kind != .delete && (!failed.isEmpty || cancellation != nil)
        var effects: [Effect] = []
        if !isStopping {
            let isTolerant = phase == .cleanup || phase == .rollbackCleanup
            let open = Set(tasks.filter { $0.state != .done && !(isTolerant && $0.state == .failed) }.map(\.logicalId))
            for index in tasks.indices where tasks[index].state == .waiting && open.isDisjoint(with: tasks[index].needs)
            {
                tasks[index].state = .running
                effects.append(.run(tasks[index]))
            }
        }
        guard effects.isEmpty, !tasks.contains(where: { $0.state == .running }) else { return effects }
        return isStopping ? goBack() : phaseEnded()
    }

    private mutating func phaseEnded() -> [Effect] {
        switch (phase, kind) {
        case (.forward, .delete):
            return failed.isEmpty ? finish(.deleteComplete, nil) : finish(.deleteFailed, failureText)
        case (.forward, _):
            isPublishing = true
            return [.publish]
        case (.cleanup, _): return finish(.updateComplete, nil)
        case (.rollback, .create):
            if deletesAfterwards || onFailure == .delete {
                return failed.isEmpty ? finish(.deleteComplete, nil) : finish(.deleteFailed, failureText)
            }
            return failed.isEmpty ? finish(.rollbackComplete, nil) : finish(.rollbackFailed, failureText)
        case (.rollback, _):
            guard failed.isEmpty else { return finish(.updateRollbackFailed, failureText) }
            let effects = move(to: .updateRollbackCleanup, nil)
            enter(.rollbackCleanup, leftoversOfUpdate())
            return effects + advance()
        case (.rollbackCleanup, _): return finish(.updateRollbackComplete, nil)
        case (.over, _): return []
        }
    }

    /// The forward phase succeeded.
    private mutating func completed() -> [Effect] {
        guard kind == .update else { return finish(.createComplete, nil) }
        let effects = move(to: .updateCleanup, nil)
        let gone = oldNeeds.filter { newNeeds[$0.key] == nil }
        var leftovers = Self.reversed(oldNeeds, .discard).filter { changes[$0.logicalId] == .replaced }
        leftovers += Self.reversed(gone, .remove)
        enter(.cleanup, leftovers)
        return effects + advance()
    }

    // MARK: Going back

    private mutating func goBack() -> [Effect] {
        let reason = cancellation ?? failureText
        if kind == .create { return goBackFromCreate(reason) }
        guard onFailure == .rollback || deletesAfterwards else { return finish(.updateFailed, reason) }
        let effects = move(to: .updateRollbackInProgress, reason)
        let restored = changes.filter { $0.value == .updated || $0.value == .replaced }
        let order = oldNeeds.filter { restored[$0.key] != nil }
        enter(.rollback, order.keys.sorted().map { Task(logicalId: $0, action: .restore, needs: oldNeeds[$0] ?? []) })
        return effects + [.revert] + advance()
    }

    private mutating func goBackFromCreate(_ reason: String) -> [Effect] {
        let isDelete = deletesAfterwards || onFailure == .delete
        guard isDelete || onFailure == .rollback else { return finish(.createFailed, reason) }
        let effects: [Effect] =
            isDelete
            ? move(to: .deleteInProgress, deletesAfterwards ? reason : "\(reason)Delete requested by user.")
            : move(to: .rollbackInProgress, "\(reason)Rollback requested by user.")
        let begun = newNeeds.filter { changes[$0.key] != nil }
        enter(.rollback, Self.reversed(begun, .remove))
        return effects + advance()
    }

    /// What the update had made: created resources go with their records, replacements are discarded.
    private func leftoversOfUpdate() -> [Task] {
        Self.reversed(newNeeds, .remove).filter { changes[$0.logicalId] == .created }
            + Self.reversed(newNeeds, .discard).filter { changes[$0.logicalId] == .replaced }
    }

    private mutating func enter(_ phase: Phase, _ tasks: [Task]) {
        self.phase = phase
        self.tasks = tasks
        failed = []
        let present = Set(tasks.map(\.logicalId))
        for index in tasks.indices { self.tasks[index].needs.removeAll { !present.contains($0) } }
    }

    /// Whatever needs a resource goes before it.
    private static func reversed(_ needs: [String: [String]], _ action: Action) -> [Task] {
        var neededBy: [String: [String]] = [:]
        for (logicalId, others) in needs {
            for other in others { neededBy[other, default: []].append(logicalId) }
        }
        return needs.keys.sorted().map {
            Task(logicalId: $0, action: action, needs: (neededBy[$0] ?? []).filter { needs[$0] != nil }.sorted())
        }
    }

    private var failureText: String {
        let verb: String
        switch (phase, kind) {
        case (.forward, .create): verb = "create"
        case (.forward, .update):
            let created = failed.filter { oldNeeds[$0] == nil }
            let updated = failed.filter { oldNeeds[$0] != nil }
            let parts = [(created, "create"), (updated, "update")].filter { !$0.0.isEmpty }
            return parts.map { "The following resource(s) failed to \($0.1): [\($0.0.joined(separator: ", "))]. " }
                .joined()
        case (.rollback, .update): verb = "update"
        default: verb = "delete"
        }
        return "The following resource(s) failed to \(verb): [\(failed.joined(separator: ", "))]. "
    }

    private mutating func move(to status: StackStatus, _ reason: String?) -> [Effect] {
        self.status = status
        return [.stack(status, reason: reason)]
    }

    private mutating func finish(_ status: StackStatus, _ reason: String?) -> [Effect] {
        phase = .over
        return move(to: status, reason) + [.over]
    }
}
