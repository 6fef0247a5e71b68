import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes what is given of a connection and authorises it again. Errors: ResourceNotFoundException,
/// ValidationException. Source: API reference, UpdateConnection.
enum UpdateConnection: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let description: String?
        let authorizationType: String?
        let authParameters: JSON?
        let invocationConnectivityParameters: JSON?
        let kmsKeyIdentifier: String?
    }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let keeper = context.service(EventBridge.self).keeper
        // The secret's write is prepared with what the connection will be.
        var changed = try context.read { try Connection.find(input.name, context, $0) }
        changed?.change(type: input.authorizationType, input.authParameters)
        try changed?.check()
        let updateSecret = try changed?.updatingSecret(context)
        return { transaction in
            var connection = try Connection.require(input.name, context, transaction)
            connection.description = input.description ?? connection.description
            connection.change(type: input.authorizationType, input.authParameters)
            connection.kmsKey = input.kmsKeyIdentifier ?? connection.kmsKey
            connection.connectivity = input.invocationConnectivityParameters ?? connection.connectivity
            try connection.check()
            if let updateSecret { _ = try updateSecret(transaction) }
            connection.state = "AUTHORIZED"
            (connection.modifiedMs, connection.authorizedMs) = (transaction.nowMs, transaction.nowMs)
            try connection.save(transaction)
            transaction.afterCommit { [arn = connection.arn] in keeper.forget(arn) }
            return connection.summary
        }
    }
}
