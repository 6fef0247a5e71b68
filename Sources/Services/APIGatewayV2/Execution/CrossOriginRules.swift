import AWSWire
import JSON

/// The CORS configuration of an API. Source: developer guide, configuring CORS for HTTP APIs.
struct CrossOriginRules {
    private let rules: JSON
    private let origin: String

    /// nil when the API has none or the request comes from no web page.
    init?(_ call: APICall) {
        guard let rules = call.api.body["CorsConfiguration"], rules.object?.isEmpty == false,
            let origin = call.headers["origin"]
        else { return nil }
        (self.rules, self.origin) = (rules, origin)
    }

    private func list(_ name: String) -> [String] { (rules[name]?.array ?? []).compactMap(\.string) }

    private var allowedOrigin: String? {
        let origins = list("AllowOrigins")
        if origins.contains(origin) { return origin }
        let schemes = origins.filter { $0.hasSuffix("://*") }
        if schemes.contains(where: { origin.hasPrefix($0.dropLast()) }) { return origin }
        return origins.contains("*") ? (rules["AllowCredentials"]?.bool == true ? origin : "*") : nil
    }

    /// The answer to the question of a browser; nil for other requests.
    func preflight(_ call: APICall) -> HTTPResponse? {
        guard call.method == "OPTIONS", call.headers["access-control-request-method"] != nil else { return nil }
        var response = HTTPResponse(status: 204)
        guard allow(&response) else { return response }
        let methods = list("AllowMethods")
        if !methods.isEmpty { response.headers["access-control-allow-methods"] = methods.joined(separator: ",") }
        let headers = list("AllowHeaders")
        if !headers.isEmpty { response.headers["access-control-allow-headers"] = headers.joined(separator: ",") }
        if let age = rules["MaxAge"]?.int { response.headers["access-control-max-age"] = String(age) }
        return response
    }

    /// Headers of the integration's own are replaced.
    @discardableResult
    func allow(_ response: inout HTTPResponse) -> Bool {
        response.headers = HTTPHeaders(
            response.headers.fields.filter { !$0.name.lowercased().hasPrefix("access-control-") })
        guard let allowed = allowedOrigin else { return false }
        response.headers["access-control-allow-origin"] = allowed
        if rules["AllowCredentials"]?.bool == true { response.headers["access-control-allow-credentials"] = "true" }
        let exposed = list("ExposeHeaders")
        if !exposed.isEmpty { response.headers["access-control-expose-headers"] = exposed.joined(separator: ",") }
        return true
    }
}
