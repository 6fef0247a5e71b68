import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes a global endpoint. Errors: ResourceAlreadyExistsException, ValidationException. Source: API reference,
/// CreateEndpoint.
enum CreateEndpoint: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let description: String?
        let routingConfig: JSON
        let replicationConfig: JSON?
        let eventBuses: JSON
        let roleArn: String?
    }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        let endpoint = Endpoint(
            account: context.account, region: context.region, name: input.name,
            id: "\(context.random.hex(10)).\(context.random.hex(3))", description: input.description,
            routing: input.routingConfig, replication: input.replicationConfig ?? ["State": "ENABLED"],
            buses: input.eventBuses, role: input.roleArn, createdMs: context.nowMs, modifiedMs: context.nowMs)
        try endpoint.check()
        return { transaction in
            guard try Endpoint.find(input.name, context, transaction.db) == nil else {
                throw EventsError.exists("Endpoint '\(input.name)' already exists.")
            }
            try endpoint.save(transaction)
            return endpoint.summary("CREATING")
        }
    }
}
