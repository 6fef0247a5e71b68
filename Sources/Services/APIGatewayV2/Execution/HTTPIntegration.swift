import AWSWire
import BatonCore
import Foundation
import JSON
import Logging

/// Integrations that pass a request on to another HTTP server.
enum HTTPIntegration {
    /// What belongs to one connection only, and what the next server says itself.
    private static let dropped: Set<String> = [
        "host", "connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade",
        "proxy-authorization", "proxy-authenticate", "expect",
    ]

    static func answer(_ call: APICall, _ integration: JSON, _ context: Context) async -> HTTPResponse {
        var headers = HTTPHeaders(call.headers.fields.filter { !dropped.contains($0.name.lowercased()) })
        headers.add("forwarded", "by=127.0.0.1;for=127.0.0.1;host=\(call.host);proto=http")
        var query = call.query
        var path: String?
        var status = 0
        ParameterMapping.apply(
            integration["RequestParameters"], ParameterMapping(call: call), headers: &headers, query: &query,
            path: &path, status: &status)
        let method = integration["IntegrationMethod"]?.string ?? "ANY"
        var request = HTTPRequest(method: method == "ANY" ? call.method : method, path: "/", headers: headers)
        request.body = .bytes(call.body)
        let url = url(call, integration["IntegrationUri"]?.string ?? "", path, query)
        do {
            let timeoutMs = integration["TimeoutInMillis"]?.int ?? 30_000
            var response = try await context.host.http.send(request, to: url, timeoutMs: timeoutMs)
            response.headers = HTTPHeaders(
                response.headers.fields.filter { !dropped.contains($0.name.lowercased()) })
            return response
        } catch {
            context.logger.info("an integration does not answer", metadata: ["url": "\(url)", "error": "\(error)"])
            return ProxyEvent.message(503, "Service Unavailable")
        }
    }

    private static let plain = CharacterSet.urlPathAllowed

    private static func url(
        _ call: APICall, _ template: String, _ path: String?, _ query: [(name: String, value: String)]
    ) -> String {
        var url = template
        for (name, value) in call.pathParameters {
            let encoded = value.addingPercentEncoding(withAllowedCharacters: plain) ?? value
            url = url.replacing("{\(name)}", with: encoded)
        }
        for (name, value) in call.stageVariables.object ?? [:] {
            url = url.replacing("${stageVariables.\(name)}", with: value.string ?? "")
        }
        if let path, let scheme = url.firstRange(of: "://") {
            let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
            url = "\(url[..<scheme.upperBound])\(authority)\(path.hasPrefix("/") ? path : "/\(path)")"
        }
        guard !query.isEmpty else { return url }
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        func encoded(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text }
        let fields = query.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
        return url + (url.contains("?") ? "&" : "?") + fields
    }
}
