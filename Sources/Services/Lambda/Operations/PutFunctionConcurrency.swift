import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Reserves concurrent executions for a function, which are also its maximum; 0 stops it.
/// Errors: ResourceNotFoundException, InvalidParameterValueException when too few remain unreserved.
/// Source: Lambda API reference, PutFunctionConcurrency.
enum PutFunctionConcurrency: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let reservedConcurrentExecutions: Int
    }
    struct Output: Encodable, Sendable { let reservedConcurrentExecutions: Int }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let lambda = context.service(Lambda.self)
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        let reserved = input.reservedConcurrentExecutions
        return try await context.write { transaction in
            try transaction.db.requireFunction(reference)
            let others: Int =
                try transaction.row(
                    """
                    SELECT coalesce(sum(reserved), 0) AS sum FROM lambda_function
                    WHERE account = ? AND region = ? AND name <> ?
                    """, reference.account, reference.region, reference.name)?["sum"] ?? 0
            guard Limits.accountConcurrency - others - reserved >= Limits.unreserved else {
                throw LambdaError.invalid(
                    "Specified ReservedConcurrentExecutions for function decreases account's"
                        + " UnreservedConcurrentExecution below its minimum value of [\(Limits.unreserved)].")
            }
            try transaction.execute(
                "UPDATE lambda_function SET reserved = ? WHERE account = ? AND region = ? AND name = ?", reserved,
                reference.account, reference.region, reference.name)
            lambda.changed(reference, transaction)
            return Output(reservedConcurrentExecutions: reserved)
        }
    }
}
