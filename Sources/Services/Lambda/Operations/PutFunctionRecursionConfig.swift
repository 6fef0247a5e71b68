import AWSWire
import BatonCore
import BatonStore
import GRDB

/// What shall become of a function that calls itself in a circle: kept and shown; Baton stops no circles.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, PutFunctionRecursionConfig.
enum PutFunctionRecursionConfig: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let recursiveLoop: String
    }
    struct Output: Codable, Sendable { let recursiveLoop: String }
    static let kind = "recursion"

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        return try await context.write { transaction in
            try transaction.db.requireFunction(reference)
            return try Attachment.store(kind, reference, Output(recursiveLoop: input.recursiveLoop), transaction)
                .settings
        }
    }
}
