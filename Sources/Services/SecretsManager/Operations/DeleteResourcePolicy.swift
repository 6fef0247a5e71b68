import AWSWire
import BatonCore
import BatonStore

/// Removes the resource policy; without one nothing happens. Errors: ResourceNotFoundException,
/// InvalidRequestException. Source: API reference, DeleteResourcePolicy.
enum DeleteResourcePolicy: WriteOperation {
    struct Input: Decodable, Sendable { let secretId: String }

    typealias Output = Named

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Named> {
        { transaction in
            var secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            secret.policy = nil
            try secret.saveChanged(transaction)
            return Named(secret)
        }
    }
}
