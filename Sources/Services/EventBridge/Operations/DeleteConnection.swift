import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a connection; API destinations that use it become inactive. Errors: ResourceNotFoundException. Source: API
/// reference, DeleteConnection.
enum DeleteConnection: WriteOperation {
    struct Input: Decodable, Sendable { let name: String }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let deleteSecret = try context.read { try Connection.find(input.name, context, $0) }?.deletingSecret(context)
        return { transaction in
            var connection = try Connection.require(input.name, context, transaction)
            try connection.delete(transaction)
            if let deleteSecret { _ = try deleteSecret(transaction) }
            connection.state = "DELETING"
            return connection.summary
        }
    }
}
