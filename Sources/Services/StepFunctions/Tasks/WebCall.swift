import AWSWire
import BatonCore
import JSON

/// One HTTP request of a task, and its answer as states see it.
struct WebCall: Sendable {
    var method: String
    var url: String
    var query: [(name: String, value: String)] = []
    var headers = HTTPHeaders()
    var body: [UInt8] = []

    /// A task waits this long for an answer, milliseconds. Source: developer guide, "Call HTTPS APIs".
    static let timeoutMs = 60_000

    struct Unanswered: Error { let reason: String }

    func send(_ context: Context) async throws(Unanswered) -> WebAnswer {
        let query = query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        let separator = query.isEmpty ? "" : url.contains("?") ? "&" : "?"
        do {
            return WebAnswer(
                try await context.host.http.send(
                    HTTPRequest(method: method, path: "", headers: headers, body: .bytes(body)),
                    to: url + separator + query.joined(separator: "&"), timeoutMs: Self.timeoutMs))
        } catch {
            throw Unanswered(reason: "\(error)")
        }
    }

    /// `{"name": "value"}`, `{"name": ["value", …]}` as pairs; values that are no text stand as JSON.
    static func pairs(_ value: JSON?) -> [(name: String, value: String)] {
        (value?.object ?? [:]).flatMap { name, value in
            (value.array ?? [value]).map { (name: name, value: $0.string ?? $0.text()) }
        }
    }
}

struct WebAnswer: Sendable {
    let status: Int
    let text: String
    /// `Headers`, `ResponseBody` (JSON where it is JSON), `StatusCode`, `StatusText`.
    let output: JSON

    var isGood: Bool { (200..<300).contains(status) }
    var statusText: String { Self.texts[status] ?? "" }

    init(_ response: HTTPResponse) {
        status = response.status
        if case .bytes(let bytes) = response.body { text = String(decoding: bytes, as: UTF8.self) } else { text = "" }
        var headers = JSON.Object()
        for field in response.headers.fields {
            headers[field.name] = .array((headers[field.name]?.array ?? []) + [.string(field.value)])
        }
        output = [
            "Headers": .object(headers), "ResponseBody": (try? JSON.parse(text)) ?? .string(text),
            "StatusCode": .number(JSON.Number(response.status)), "StatusText": .string(Self.texts[status] ?? ""),
        ]
    }

    private static let texts = [
        200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information", 204: "No Content",
        206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
        403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
        408: "Request Timeout", 409: "Conflict", 410: "Gone", 413: "Payload Too Large",
        415: "Unsupported Media Type", 422: "Unprocessable Entity", 429: "Too Many Requests",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout",
    ]
}

/// Which members the parameters of an integration without an API model may and must have.
struct ParameterNames: Sendable {
    let required: [String]
    let optional: [String]

    func problems(_ parameters: JSON) -> [String] {
        let names = parameters.object?.keys ?? []
        return names.filter { !required.contains($0) && !optional.contains($0) }
            .map { "The field \"\($0)\" is not supported by Step Functions" }
            + required.filter { parameters[$0] == nil }.map { "The field '\($0)' is required but was missing" }
    }
}
