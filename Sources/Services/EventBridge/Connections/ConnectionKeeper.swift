import AWSWire
import BatonCore
import BatonStore
import Foundation
import JSON
import Synchronization

/// Turns connections into what requests carry; keeps the tokens of OAuth servers while they are valid.
final class ConnectionKeeper: ConnectionKeeping {
    private struct Token {
        let value: String
        let untilMs: Int64
    }
    private let tokens = Mutex<[String: Token]>([:])
    /// A token is renewed this long before its end.
    private static let marginMs: Int64 = 60_000
    static let timeoutMs = 5_000

    func parameters(of arn: String, _ context: Context) async throws(AWSError) -> ConnectionParameters {
        guard let name = Connection.name(ofARN: arn), let place = ARN(arn) else {
            throw EventsError.validation("\(arn) is no connection")
        }
        let found = try context.read { try Connection.find(name, account: place.account, region: place.region, $0) }
        guard let connection = found, connection.arn == arn else { throw Connection.missing(name) }
        guard connection.state == "AUTHORIZED" else {
            throw EventsError.illegalStatus("Connection \(name) is in state \(connection.state).")
        }
        var result = Self.parameters(connection.auth["InvocationHttpParameters"])
        switch connection.authorizationType {
        case "BASIC":
            let basic = connection.auth["BasicAuthParameters"]
            let text = "\(basic?["Username"]?.string ?? ""):\(basic?["Password"]?.string ?? "")"
            result.headers.append(("Authorization", "Basic \(Data(text.utf8).base64EncodedString())"))
        case "API_KEY":
            let key = connection.auth["ApiKeyAuthParameters"]
            result.headers.append((key?["ApiKeyName"]?.string ?? "", key?["ApiKeyValue"]?.string ?? ""))
        default: result.headers.append(("Authorization", try await authorization(connection, context)))
        }
        return result
    }

    /// After an answer of 401 or 407 the next request fetches a new token.
    func forget(_ arn: String) { tokens.withLock { $0[arn] = nil } }

    static func parameters(_ http: JSON?) -> ConnectionParameters {
        func list(_ name: String) -> [(name: String, value: String)] {
            (http?[name]?.array ?? []).map { ($0["Key"]?.string ?? "", $0["Value"]?.string ?? "") }
        }
        return ConnectionParameters(
            headers: list("HeaderParameters"), query: list("QueryStringParameters"), body: list("BodyParameters"))
    }

    // MARK: OAuth

    private func authorization(_ connection: Connection, _ context: Context) async throws(AWSError) -> String {
        let known = tokens.withLock { $0[connection.arn] }
        if let known, known.untilMs > context.nowMs { return known.value }
        let answer = try await token(connection, context)
        guard let token = answer["access_token"]?.string else {
            throw AWSError("ConnectionFailure", "The authorization endpoint sent no access_token.", status: 502)
        }
        let value = "\(answer["token_type"]?.string ?? "Bearer") \(token)"
        let seconds = answer["expires_in"]?.int ?? Int(answer["expires_in"]?.string ?? "") ?? 0
        let untilMs = context.nowMs + Int64(min(max(seconds, 0), 86_400)) * 1000 - Self.marginMs
        tokens.withLock { $0[connection.arn] = Token(value: value, untilMs: untilMs) }
        return value
    }

    /// Asks the server for a token: id and secret in the form of the body, or in the query of a GET.
    ///
    /// Assumed: where the client's id and secret stand.
    private func token(_ connection: Connection, _ context: Context) async throws(AWSError) -> JSON {
        let oauth = connection.auth["OAuthParameters"]
        let more = Self.parameters(oauth?["OAuthHttpParameters"])
        var form: [(name: String, value: String)] = [
            ("client_id", oauth?["ClientParameters"]?["ClientID"]?.string ?? ""),
            ("client_secret", oauth?["ClientParameters"]?["ClientSecret"]?.string ?? ""),
        ]
        form += more.body
        if !form.contains(where: { $0.name == "grant_type" }) { form.append(("grant_type", "client_credentials")) }
        let method = oauth?["HttpMethod"]?.string ?? "POST"
        var request = HTTPRequest(method: method, path: "/")
        for (name, value) in more.headers { request.headers.add(name, value) }
        var url = OutgoingURL(oauth?["AuthorizationEndpoint"]?.string ?? "")
        url.add(more.query)
        if method == "GET" {
            url.add(form)
        } else {
            request.headers["content-type"] = "application/x-www-form-urlencoded"
            request.body = .bytes(Array(OutgoingURL.query(form).utf8))
        }
        let answer: HTTPResponse
        do {
            answer = try await context.host.http.send(request, to: url.text, timeoutMs: Self.timeoutMs)
        } catch {
            throw AWSError("ConnectionFailure", "The authorization endpoint did not answer: \(error)", status: 503)
        }
        guard (200..<300).contains(answer.status), case .bytes(let bytes) = answer.body,
            let json = try? JSON.parse(bytes)
        else {
            throw AWSError(
                "ConnectionFailure", "The authorization endpoint answered \(answer.status).", status: 502)
        }
        return json
    }
}

/// A URL to which a query is added.
struct OutgoingURL {
    private(set) var text: String

    init(_ text: String) { self.text = text.contains("://") ? text : "https://\(text)" }

    mutating func add(_ parameters: [(name: String, value: String)]) {
        guard !parameters.isEmpty else { return }
        text += (text.contains("?") ? "&" : "?") + Self.query(parameters)
    }

    static func query(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? text
    }
}
