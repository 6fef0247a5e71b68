import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes the secrets of a connection, which then cannot be used until it is updated. Errors:
/// ResourceNotFoundException. Source: API reference, DeauthorizeConnection.
enum DeauthorizeConnection: WriteOperation {
    struct Input: Decodable, Sendable { let name: String }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let keeper = context.service(EventBridge.self).keeper
        return { transaction in
            var connection = try Connection.require(input.name, context, transaction)
            connection.auth = [:]
            connection.state = "DEAUTHORIZED"
            connection.modifiedMs = transaction.nowMs
            try connection.save(transaction)
            transaction.afterCommit { [arn = connection.arn] in keeper.forget(arn) }
            return connection.summary
        }
    }
}
