import AWSWire
import BatonCore
import BatonStore
import JSON

/// Starts the deletion of a stack; one that does not exist is no error. A stack that is being created stops and goes.
/// Errors: ValidationError (termination protection, exports in use, `RetainResources` outside of DELETE_FAILED).
/// Source: CloudFormation API reference, DeleteStack.
enum DeleteStack: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let retainResources: [String]?
        let clientRequestToken: String?
        let deletionMode: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let operationId = context.random.uuid()
        return try await context.write { transaction in
            guard var stack = try StackRecord.find(input.stackName, context.account, context.region, transaction.db),
                stack.deletedMs == nil, stack.status != .deleteInProgress
            else { return Nothing() }
            guard !stack.settings.terminationProtection else {
                throw CloudFormationError.validation(
                    "Stack [\(stack.name)] cannot be deleted while TerminationProtection is enabled")
            }
            let retained = input.retainResources ?? []
            guard retained.isEmpty || stack.status == .deleteFailed else {
                throw CloudFormationError.validation(
                    "Invalid operation on stack [\(stack.id)]: specifying resources to retain is only supported for stacks in the DELETE_FAILED state"
                )
            }
            let isForced = input.deletionMode == "FORCE_DELETE_STACK"
            guard !isForced || stack.status == .deleteFailed else {
                throw CloudFormationError.validation(
                    "Invalid operation on stack [\(stack.id)]: DeletionMode FORCE_DELETE_STACK is only supported for "
                        + "stacks in the DELETE_FAILED state")
            }
            try Exports.checkUnused(stack, transaction.db)
            if stack.status == .createInProgress, let running = stack.operationId {
                try StackEngine.report(
                    .cancelled(reason: "User Initiated", isDelete: true), stack.id, running, transaction)
                return Nothing()
            }
            guard stack.operationId == nil else {
                throw CloudFormationError.validation(
                    "Stack [\(stack.name)] cannot be deleted while in status \(stack.status.rawValue)")
            }
            let records = try ResourceRecord.all(stack.id, transaction.db).filter { $0.status != .deleteComplete }
            stack.settings.retained = retained
            stack.settings.isForced = isForced
            stack.settings.clientToken = input.clientRequestToken
            let needs = Dictionary(records.map { ($0.logicalId, $0.needs) }) { first, _ in first }
            try StackEngine.begin(stack, .delete(needs: needs), operationId: operationId, transaction)
            return Nothing()
        }
    }
}
