import AWSWire
import BatonCore
import BatonStore
import GRDB

/// The reserved concurrency; empty without one.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetFunctionConcurrency.
enum GetFunctionConcurrency: Operation {
    struct Input: Decodable, Sendable { let functionName: String }
    struct Output: Encodable, Sendable { let reservedConcurrentExecutions: Int? }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        return try context.read { db in
            try db.requireFunction(reference)
            return Output(reservedConcurrentExecutions: try db.functionRow(reference)?["reserved"])
        }
    }
}
