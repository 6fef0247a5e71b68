import AWSWire
import BatonCore
import BatonStore
import Foundation
import GRDB
import JSON

/// An HTTP endpoint as a target, with the connection that authorises at it.
struct APIDestination: Named {
    static let table = "events_destination"

    let account: String
    let region: String
    let name: String
    let uuid: String
    var description: String?
    var connectionArn: String
    var invocationEndpoint: String
    var httpMethod: String
    /// Deliveries in one second; more wait for a later one.
    var invocationRateLimitPerSecond: Int
    let createdMs: Int64
    var modifiedMs: Int64

    static let defaultRate = 300

    var arn: String {
        ARN(service: "events", region: region, account: account, resource: "api-destination/\(name)/\(uuid)")
            .description
    }

    /// nil for what is no API destination.
    static func name(of arn: ARN) -> String? {
        let parts = arn.resource.split(separator: "/").map(String.init)
        return arn.service == "events" && parts.first == "api-destination" && parts.count > 1 ? parts[1] : nil
    }

    static func missing(_ name: String) -> AWSError {
        EventsError.notFound("Failed to describe the api-destination(s). An api-destination '\(name)' does not exist.")
    }

    /// Active while its connection is authorised.
    func state(_ db: Database) throws -> String {
        guard let name = Connection.name(ofARN: connectionArn),
            let connection = try Connection.find(name, account: account, region: region, db)
        else { return "INACTIVE" }
        return connection.arn == connectionArn && connection.state == "AUTHORIZED" ? "ACTIVE" : "INACTIVE"
    }

    func summary(_ state: String) -> JSON {
        [
            "ApiDestinationArn": .string(arn), "ApiDestinationState": .string(state), "CreationTime": .time(createdMs),
            "LastModifiedTime": .time(modifiedMs),
        ]
    }

    func listed(_ state: String) -> JSON {
        var result = summary(state)
        result["Name"] = .string(name)
        result["ConnectionArn"] = .string(connectionArn)
        result["InvocationEndpoint"] = .string(invocationEndpoint)
        result["HttpMethod"] = .string(httpMethod)
        result["InvocationRateLimitPerSecond"] = .number(invocationRateLimitPerSecond)
        return result
    }

    /// - Throws: ResourceNotFoundException.
    static func checkConnection(_ arn: String, _ context: Context, _ db: Database) throws {
        guard let name = Connection.name(ofARN: arn), let connection = try Connection.find(name, context, db),
            connection.arn == arn
        else {
            throw EventsError.notFound("Connection '\(Connection.name(ofARN: arn) ?? arn)' does not exist.")
        }
    }

    // MARK: Sending

    private static let retried: Set<Int> = [401, 407, 409, 429]

    /// One attempt. What the connection says overrides what the target says. The endpoint has five seconds; 401, 407,
    /// 409, 429 and 5xx are tried again. Source: EventBridge user guide, API destinations.
    static func send(
        _ input: TargetInput, to name: String, _ target: Target, _ context: Context
    ) async throws(AWSError) {
        guard let destination = try context.read({ try APIDestination.find(name, context, $0) }) else {
            throw missing(name)
        }
        let connection = try await context.connection(destination.connectionArn)
        let given = target.settings["HttpParameters"]
        var request = HTTPRequest(method: destination.httpMethod, path: "/")
        request.headers = [
            "user-agent": "Amazon/EventBridge/ApiDestinations", "content-type": "application/json; charset=utf-8",
            "range": "bytes=0-1048575", "accept-encoding": "gzip,deflate", "connection": "close",
        ]
        for (name, value) in given?["HeaderParameters"]?.object ?? [:] { request.headers[name] = value.string ?? "" }
        for (name, value) in connection.headers { request.headers[name] = value }
        var query = (given?["QueryStringParameters"]?.object ?? [:]).map { ($0.key, $0.value.string ?? "") }
        query.removeAll { name, _ in connection.query.contains { $0.name == name } }
        var url = OutgoingURL(
            destination.filled((given?["PathParameterValues"]?.array ?? []).map { $0.string ?? "" }))
        url.add(query.map { (name: $0.0, value: $0.1) } + connection.query)
        var body = input.text
        if !connection.body.isEmpty, case .object(var object) = input.json {
            for (name, value) in connection.body { object[name] = .string(value) }
            body = JSON.object(object).text()
        }
        if !["GET", "HEAD"].contains(destination.httpMethod) { request.body = .bytes(Array(body.utf8)) }
        try await send(request, url.text, destination, context)
    }

    private static func send(
        _ request: HTTPRequest, _ url: String, _ destination: APIDestination, _ context: Context
    ) async throws(AWSError) {
        let status: Int
        do {
            status = try await context.host.http.send(request, to: url, timeoutMs: ConnectionKeeper.timeoutMs).status
        } catch {
            throw AWSError("ConnectionFailure", "The endpoint did not answer: \(error)", status: 503)
        }
        guard status >= 400 else { return }
        if status == 401 || status == 407 { context.service(EventBridge.self).keeper.forget(destination.connectionArn) }
        throw AWSError(
            "ErrorFromTarget", "The endpoint answered with HTTP status \(status).",
            status: status >= 500 || retried.contains(status) ? 503 : 400)
    }

    /// The endpoint with a value for each `*` of its path.
    private func filled(_ values: [String]) -> String {
        var values = values[...]
        return invocationEndpoint.split(separator: "*", omittingEmptySubsequences: false).enumerated().map {
            index, part in
            index == 0 ? String(part) : OutgoingURL.encoded(values.popFirst() ?? "*") + part
        }.joined()
    }
}
