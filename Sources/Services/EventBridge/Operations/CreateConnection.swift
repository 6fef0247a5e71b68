import AWSWire
import BatonCore
import BatonStore
import JSON

/// Creates a connection, and in Secrets Manager the secret that shows its parameters.
///
/// Assumed: it is authorised at once; tokens of OAuth servers are fetched at the first use. Errors:
/// ResourceAlreadyExistsException, ValidationException. Source: API reference, CreateConnection.
enum CreateConnection: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let description: String?
        let authorizationType: String
        let authParameters: JSON
        let invocationConnectivityParameters: JSON?
        let kmsKeyIdentifier: String?
    }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let connection = Connection(
            account: context.account, region: context.region, name: input.name, uuid: context.random.uuid(),
            description: input.description, authorizationType: input.authorizationType, auth: input.authParameters,
            createdMs: context.nowMs, modifiedMs: context.nowMs, authorizedMs: context.nowMs,
            kmsKey: input.kmsKeyIdentifier, connectivity: input.invocationConnectivityParameters)
        try connection.check()
        let makeSecret = try connection.creatingSecret(context)
        return { transaction in
            guard try Connection.find(input.name, context, transaction.db) == nil else {
                throw EventsError.exists("Connection \(input.name) already exists.")
            }
            var connection = connection
            connection.secretArn = try makeSecret?(transaction).output()["ARN"]?.string
            try connection.save(transaction)
            return connection.summary
        }
    }
}
