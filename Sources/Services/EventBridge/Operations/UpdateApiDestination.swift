import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes what is given of an API destination. Errors: ResourceNotFoundException. Source: API reference,
/// UpdateApiDestination.
enum UpdateApiDestination: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let description: String?
        let connectionArn: String?
        let invocationEndpoint: String?
        let httpMethod: String?
        let invocationRateLimitPerSecond: Int?
    }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        { transaction in
            guard var destination = try APIDestination.find(input.name, context, transaction.db) else {
                throw APIDestination.missing(input.name)
            }
            if let arn = input.connectionArn { try APIDestination.checkConnection(arn, context, transaction.db) }
            destination.description = input.description ?? destination.description
            destination.connectionArn = input.connectionArn ?? destination.connectionArn
            destination.invocationEndpoint = input.invocationEndpoint ?? destination.invocationEndpoint
            destination.httpMethod = input.httpMethod ?? destination.httpMethod
            destination.invocationRateLimitPerSecond =
                input.invocationRateLimitPerSecond ?? destination.invocationRateLimitPerSecond
            destination.modifiedMs = transaction.nowMs
            try destination.save(transaction)
            return destination.summary(try destination.state(transaction.db))
        }
    }
}
