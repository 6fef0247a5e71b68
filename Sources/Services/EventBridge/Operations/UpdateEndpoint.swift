import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes what is given of a global endpoint. Errors: ResourceNotFoundException, ValidationException. Source: API
/// reference, UpdateEndpoint.
enum UpdateEndpoint: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let description: String?
        let routingConfig: JSON?
        let replicationConfig: JSON?
        let eventBuses: JSON?
        let roleArn: String?
    }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        { transaction in
            var endpoint = try Endpoint.require(input.name, context, transaction)
            endpoint.description = input.description ?? endpoint.description
            endpoint.routing = input.routingConfig ?? endpoint.routing
            endpoint.replication = input.replicationConfig ?? endpoint.replication
            endpoint.buses = input.eventBuses ?? endpoint.buses
            endpoint.role = input.roleArn ?? endpoint.role
            endpoint.modifiedMs = transaction.nowMs
            try endpoint.check()
            try endpoint.save(transaction)
            var output = endpoint.summary("UPDATING")
            output["EndpointId"] = endpoint.described["EndpointId"]
            output["EndpointUrl"] = endpoint.described["EndpointUrl"]
            return output
        }
    }
}
