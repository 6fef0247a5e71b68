import AWSWire
import JSON
import Synchronization

/// The request and the answer of an HTTP task, as TestState shows them at the level `TRACE`.
final class HTTPTrace: Sendable {
    private let seen = Mutex<JSON.Object>([:])
    /// Whether what the connection adds is shown.
    private let revealsSecrets: Bool

    init(revealsSecrets: Bool) { self.revealsSecrets = revealsSecrets }

    /// `request` and `response` of the inspection data.
    var members: JSON.Object { seen.withLock { $0 } }

    func record(_ call: WebCall, _ answer: WebAnswer?, secrets: Set<String>) {
        func shown(_ text: String) -> String {
            guard !revealsSecrets else { return text }
            return secrets.reduce(text) { text, secret in
                secret.isEmpty
                    ? text
                    : text.split(separator: secret, omittingEmptySubsequences: false)
                        .joined(separator: "HIDDEN_BY_DEFAULT")
            }
        }
        let query = call.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        var request: JSON.Object = [
            "protocol": .string(call.url.hasPrefix("https:") ? "https" : "http"), "method": .string(call.method),
            "url": .string(shown(query.isEmpty ? call.url : "\(call.url)?\(query)")),
            "headers": .string(
                shown("[\(call.headers.fields.map { "\($0.name): \($0.value)" }.joined(separator: ", "))]")),
        ]
        if !call.body.isEmpty { request["body"] = .string(shown(String(decoding: call.body, as: UTF8.self))) }
        var members: JSON.Object = ["request": .object(request)]
        if let answer {
            members["response"] = [
                "protocol": request["protocol"] ?? "http", "statusCode": .string(String(answer.status)),
                "statusMessage": .string(answer.statusText), "headers": .string(answer.output["Headers"]?.text() ?? ""),
                "body": .string(answer.text),
            ]
        }
        let found = members
        seen.withLock { $0 = found }
    }
}
