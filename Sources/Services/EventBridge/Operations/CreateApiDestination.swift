import AWSWire
import BatonCore
import BatonStore
import JSON

/// Creates an HTTP endpoint as a target. Errors: ResourceAlreadyExistsException, ResourceNotFoundException. Source: API
/// reference, CreateApiDestination.
enum CreateApiDestination: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let description: String?
        let connectionArn: String
        let invocationEndpoint: String
        let httpMethod: String
        let invocationRateLimitPerSecond: Int?
    }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let destination = APIDestination(
            account: context.account, region: context.region, name: input.name, uuid: context.random.uuid(),
            description: input.description, connectionArn: input.connectionArn,
            invocationEndpoint: input.invocationEndpoint, httpMethod: input.httpMethod,
            invocationRateLimitPerSecond: input.invocationRateLimitPerSecond ?? APIDestination.defaultRate,
            createdMs: context.nowMs, modifiedMs: context.nowMs)
        return { transaction in
            guard try APIDestination.find(input.name, context, transaction.db) == nil else {
                throw EventsError.exists("An api-destination '\(input.name)' already exists.")
            }
            try APIDestination.checkConnection(input.connectionArn, context, transaction.db)
            try destination.save(transaction)
            return destination.summary(try destination.state(transaction.db))
        }
    }
}
