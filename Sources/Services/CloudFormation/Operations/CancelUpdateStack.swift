import AWSWire
import BatonCore
import BatonStore
import JSON

/// Stops an update and goes back. Errors: ValidationError outside of UPDATE_IN_PROGRESS.
/// Source: CloudFormation API reference, CancelUpdateStack.
enum CancelUpdateStack: Operation {
    struct Input: Decodable, Sendable { let stackName: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        try await context.write { transaction in
            let stack = try StackOperations.namedStack(input.stackName, context, transaction.db)
            guard stack.status == .updateInProgress, let operationId = stack.operationId else {
                throw CloudFormationError.validation("CancelUpdateStack cannot be called from current stack status")
            }
            try StackEngine.report(
                .cancelled(reason: "User Initiated", isDelete: false), stack.id, operationId, transaction)
            return Nothing()
        }
    }
}
