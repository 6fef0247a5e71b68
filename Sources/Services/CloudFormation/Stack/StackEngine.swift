import AWSWire
import BatonStore
import GRDB
import JSON

/// The side of the stack engine that runs inside of transactions: it feeds events to a stack's lifecycle and turns the
/// effects into rows. Steps are due rows, so that whatever is to be done next is on disk together with what led to it.
enum StackEngine {
    /// One step of an operation: an effect on one resource, or the publishing of outputs.
    static let stepKind = "cfn.step"
    /// The end of `TimeoutInMinutes`.
    static let timeoutKind = "cfn.timeout"
    /// How long a step that waits for another stack sleeps at most.
    static let waitMs: Int64 = 30_000

    /// Starts an operation on a stack whose definition and settings are in place.
    static func begin(
        _ stack: StackRecord, _ lifecycle: StackLifecycle, operationId: String, _ transaction: Transaction
    ) throws {
        var stack = stack
        stack.operationId = operationId
        stack.lifecycle = lifecycle
        stack.status = lifecycle.status
        stack.reason = "User Initiated"
        try stack.update(transaction.db)
        try StackEvents.add(stack, lifecycle.status, reason: "User Initiated", transaction)
        if lifecycle.kind == .create, let minutes = stack.settings.timeoutMinutes {
            try transaction.schedule(
                timeoutKind, atMs: transaction.nowMs + Int64(minutes) * 60_000, account: stack.account,
                region: stack.region, key: stack.id, payload: operationId)
        }
        try report(.started, stack.id, operationId, transaction)
    }

    /// Feeds one event to the lifecycle of a stack and performs what follows. An operation that is over or was replaced
    /// by another one takes no events.
    static func report(
        _ event: StackLifecycle.Event, _ stackId: String, _ operationId: String, _ transaction: Transaction
    ) throws {
        guard var stack = try StackRecord.find(id: stackId, transaction.db), stack.operationId == operationId,
            var lifecycle = stack.lifecycle
        else { return }
        let effects = lifecycle.handle(event)
        stack.lifecycle = lifecycle
        try perform(effects, &stack, transaction)
    }

    /// Performs effects and stores the course.
    static func perform(
        _ effects: [StackLifecycle.Effect], _ stack: inout StackRecord, _ transaction: Transaction
    ) throws {
        var isOver = false
        for effect in effects {
            switch effect {
            case .run(let task): try schedule(StackStep.Payload(task, stack), stack, transaction)
            case .publish: try schedule(StackStep.Payload(publishing: stack), stack, transaction)
            case .stack(let status, let reason):
                stack.status = status
                stack.reason = reason
                try StackEvents.add(stack, status, reason: reason, transaction)
            case .revert:
                if let previous = stack.previous { stack.definition = previous }
                stack.previous = nil
                try stack.update(transaction.db)
            case .over: isOver = true
            }
        }
        if isOver {
            try end(&stack, transaction)
        } else {
            try stack.updateCourse(transaction.db)
        }
    }

    static func schedule(
        _ payload: StackStep.Payload, _ stack: StackRecord, atMs: Int64? = nil, key: String? = nil,
        _ transaction: Transaction
    ) throws {
        try transaction.schedule(
            stepKind, atMs: atMs ?? transaction.nowMs, account: stack.account, region: stack.region,
            key: key ?? stack.id, payload: try JSON(encoding: payload).text())
    }

    /// The operation is over: nothing of it stays behind but its result.
    private static func end(_ stack: inout StackRecord, _ transaction: Transaction) throws {
        try transaction.cancelDue(kind: timeoutKind, key: stack.id)
        let canContinue = stack.status == .updateRollbackFailed
        if let operationId = stack.operationId { try ResponsePath.forget(operationId: operationId, transaction) }
        stack.operationId = nil
        if !canContinue { stack.lifecycle = nil }
        if stack.status == .updateComplete || stack.status == .updateRollbackComplete { stack.previous = nil }
        if stack.status == .deleteComplete {
            stack.deletedMs = transaction.nowMs
            stack.outputs = []
            try Exports.forget(stack, transaction.db)
            try transaction.execute("DELETE FROM cfn_change_sets WHERE stack_id = ?", stack.id)
        } else if !canContinue {
            try transaction.execute(
                "UPDATE cfn_resources SET previous = NULL, begun = NULL WHERE stack_id = ?", stack.id)
        }
        let waiter = stack.settings.waiter
        stack.settings.waiter = nil
        stack.settings.policyDuringUpdate = nil
        try stack.update(transaction.db)
        guard let waiter, let waiting = try StackRecord.find(id: waiter.stackId, transaction.db) else { return }
        try transaction.cancelDue(kind: stepKind, key: stack.id)
        try transaction.schedule(
            stepKind, atMs: transaction.nowMs, account: waiting.account, region: waiting.region, key: waiting.id,
            payload: waiter.payload)
    }

    /// Lets a step come back when something is over that goes on by itself. Another stack wakes it at its end.
    static func wait(
        _ payload: StackStep.Payload, _ stack: StackRecord, for pending: ResourceResult.Pending,
        _ transaction: Transaction
    ) throws {
        switch pending {
        case .afterMs(let delay): try schedule(payload, stack, atMs: transaction.nowMs + delay, transaction)
        case .response(let token, let known):
            let isThere = try ResponsePath.responses(token, transaction.db).count > known
            let atMs = transaction.nowMs + (isThere ? 0 : waitMs)
            try schedule(payload, stack, atMs: atMs, key: token, transaction)
        case .stack(let id):
            guard var other = try StackRecord.find(id: id, transaction.db), other.operationId != nil else {
                return try schedule(payload, stack, transaction)
            }
            other.settings.waiter = StackSettings.Waiter(
                stackId: stack.id, payload: try JSON(encoding: payload).text())
            if other.settings.parentId == nil {
                other.settings.parentId = stack.id
                other.settings.rootId = stack.settings.rootId ?? stack.id
            }
            try other.update(transaction.db)
            try schedule(payload, stack, atMs: transaction.nowMs + waitMs, key: id, transaction)
        }
    }
}
