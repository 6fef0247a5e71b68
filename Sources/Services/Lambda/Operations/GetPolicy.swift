import AWSWire
import BatonCore

/// The resource policy as a JSON document.
/// Errors: ResourceNotFoundException, also when there is no statement. Source: Lambda API reference, GetPolicy.
enum GetPolicy: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
    }
    struct Output: Encodable, Sendable {
        let policy: String
        let revisionId: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        return try context.read { db in
            _ = try db.resolve(reference)
            guard let document = try Policy.document(Policy.rows(reference, db)) else { throw LambdaError.noPolicy() }
            return Output(policy: document.text, revisionId: document.revision)
        }
    }
}
