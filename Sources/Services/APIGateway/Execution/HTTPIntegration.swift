import AWSWire
import BatonCore
import JSON

/// Integrations with other HTTP servers.
enum HTTPIntegration {
    /// What belongs to one connection only, and what the next server says itself.
    private static let dropped: Set<String> = [
        "host", "connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade",
        "proxy-authorization", "proxy-authenticate", "expect", "x-api-key",
    ]

    /// The request as it came, with what parameters change; the answer as it comes.
    static func proxy(_ call: RestCall, _ context: Context) async throws(Refusal) -> HTTPResponse {
        var request = MappedRequest(body: call.body, context: call.context)
        request.headers = HTTPHeaders(call.forwarded)
        request.query = call.query
        RequestMapping.parameters(call, &request)
        return try await send(call, request, context)
    }

    static func answer(
        _ call: RestCall, _ request: MappedRequest, _ context: Context
    ) async throws(Refusal) -> IntegrationAnswer {
        let response = try await send(call, request, context)
        guard case .bytes(let body) = response.body else { throw .failure }
        return IntegrationAnswer(
            status: response.status, selector: String(response.status), headers: response.headers, body: body)
    }

    private static func send(
        _ call: RestCall, _ mapped: MappedRequest, _ context: Context
    ) async throws(Refusal) -> HTTPResponse {
        let method = call.integration["httpMethod"]?.string ?? "ANY"
        var request = HTTPRequest(method: method == "ANY" ? call.method : method, path: "/")
        request.headers = HTTPHeaders(mapped.headers.fields.filter { !dropped.contains($0.name.lowercased()) })
        request.body = .bytes(mapped.body)
        var url = call.expanded(call.integration["uri"]?.string ?? "", mapped)
        if !mapped.query.isEmpty {
            let fields = mapped.query.map {
                "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))"
            }
            url += (url.contains("?") ? "&" : "?") + fields.joined(separator: "&")
        }
        var refusal = Refusal.failure
        do {
            var response = try await context.host.http.send(
                request, to: url, timeoutMs: call.integration["timeoutInMillis"]?.int ?? 29_000)
            response.headers = HTTPHeaders(response.headers.fields.filter { !dropped.contains($0.name.lowercased()) })
            return response
        } catch {
            refusal.details = "\(url): \(error)"
        }
        throw refusal
    }
}
