import AWSWire
import BatonCore
import BatonStore
import JSON

/// Goes on with a rollback that failed, leaving out the resources that are to be skipped.
/// Errors: ValidationError outside of UPDATE_ROLLBACK_FAILED. Source: API reference, ContinueUpdateRollback.
enum ContinueUpdateRollback: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let resourcesToSkip: [String]?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let operationId = context.random.uuid()
        return try await context.write { transaction in
            var stack = try StackOperations.namedStack(input.stackName, context, transaction.db)
            guard stack.status == .updateRollbackFailed, var lifecycle = stack.lifecycle else {
                throw CloudFormationError.validation(
                    "Stack:\(stack.id) is in \(stack.status.rawValue) state and can not continue an update rollback.")
            }
            let effects = lifecycle.continueRollback(skipping: Set(input.resourcesToSkip ?? []))
            stack.lifecycle = lifecycle
            stack.operationId = operationId
            try stack.update(transaction.db)
            try StackEngine.perform(effects, &stack, transaction)
            return Nothing()
        }
    }
}
