import AWSWire
import BatonCore
import BatonStore
import JSON

/// A global endpoint: a name for event buses of the same name in two regions. Baton is everywhere at once: events that
/// name the endpoint go to the bus of the caller's region.
struct Endpoint: Named {
    static let table = "events_endpoint"

    let account: String
    let region: String
    let name: String
    /// The first part of its host name: `abcde.veo`.
    let id: String
    var description: String?
    var routing: JSON
    var replication: JSON
    var buses: JSON
    var role: String?
    let createdMs: Int64
    var modifiedMs: Int64

    static func require(_ name: String, _ context: Context, _ transaction: Transaction) throws -> Endpoint {
        guard let endpoint = try find(name, context, transaction.db) else { throw missing(name) }
        return endpoint
    }

    static func missing(_ name: String) -> AWSError { EventsError.notFound("Endpoint '\(name)' does not exist.") }

    /// What the changing operations answer.
    func summary(_ state: String) -> JSON {
        var summary: JSON = [
            "Name": .string(name),
            "Arn": .string(
                ARN(service: "events", region: region, account: account, resource: "endpoint/\(name)").description),
            "RoutingConfig": routing, "ReplicationConfig": replication, "EventBuses": buses, "State": .string(state),
        ]
        summary["RoleArn"] = role.map(JSON.string)
        return summary
    }

    var described: JSON {
        var described = summary("ACTIVE")
        described["Description"] = description.map(JSON.string)
        described["EndpointId"] = .string(id)
        described["EndpointUrl"] = .string("https://\(id).endpoint.events.amazonaws.com")
        described["CreationTime"] = .time(createdMs)
        described["LastModifiedTime"] = .time(modifiedMs)
        return described
    }

    /// Two buses of one name in two regions. Assumed: the texts.
    func check() throws(AWSError) {
        let arns = (buses.array ?? []).compactMap { $0["EventBusArn"]?.string.flatMap { ARN($0) } }
        guard arns.count == 2, Set(arns.map(\.region)).count == 2, Set(arns.map(\.resource)).count == 1 else {
            throw EventsError.validation("EventBuses must name event buses of the same name in two regions.")
        }
        guard replication["State"] != "ENABLED" || role != nil else {
            throw EventsError.validation("RoleArn is required when event replication is enabled.")
        }
    }

    /// Where events with an `EndpointId` are sent there must be such an endpoint.
    static func checkId(_ id: String, _ context: Context) throws(AWSError) {
        let (all, _) = try page(prefix: nil, token: nil, limit: nil, context) { $0.id == id }
        guard !all.isEmpty else { throw missing(id) }
    }
}
