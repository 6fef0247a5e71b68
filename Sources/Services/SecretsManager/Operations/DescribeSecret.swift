import AWSWire
import BatonCore
import JSON

/// All that is known of a secret but its values, also while it is marked for deletion. Errors:
/// ResourceNotFoundException. Source: API reference, DescribeSecret.
enum DescribeSecret: ReadOperation {
    struct Input: Decodable, Sendable { let secretId: String }

    typealias Output = JSON

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> JSON {
        try context.read { db in try SecretView(Secret.require(input.secretId, context, db), db).described }
    }
}
