import AWSWire
import BatonCore
import JSON
import StatesLanguage

/// `apigateway:invoke`: a call of an API behind API Gateway. Errors: `ApiGateway.<code>`.
struct GatewayTask {
    let call: TaskCall
    let context: Context

    static let names = ParameterNames(
        required: ["ApiEndpoint", "Method"],
        optional: [
            "Stage", "Path", "Headers", "QueryParameters", "RequestBody", "AllowNullValues", "AuthType",
        ])
    private static let methods: Set = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]

    static func problems(_ parameters: JSON) -> [String] {
        var problems = names.problems(parameters)
        for name in ["Headers", "QueryParameters"] where parameters[name].map({ $0.object == nil }) == true {
            problems.append("The value of the field '\(name)' has an invalid format")
        }
        if let method = parameters["Method"], !methods.contains(method.string ?? "") {
            problems.append("The value of the field 'Method' has an invalid format")
        }
        return problems
    }

    func run() async -> TaskAnswer {
        let method = call.parameters["Method"]?.string ?? ""
        let waits = call.resource.pattern == .waitForTaskToken
        do throws(WebCall.Unanswered) {
            let answer = try await request(method).send(context)
            guard answer.isGood else {
                return failed(
                    "ApiGateway.\(answer.status)", answer.text.isEmpty ? answer.statusText : answer.text, waits)
            }
            return waits ? .submitted(answer.output, then: .token) : .succeeded(answer.output)
        } catch {
            return failed("ApiGateway.Socket", error.reason, waits)
        }
    }

    private func failed(_ error: String, _ cause: String, _ waits: Bool) -> TaskAnswer {
        waits ? .submitFailed(StatesError(error, cause)) : .failed(StatesError(error, cause))
    }

    private func request(_ method: String) -> WebCall {
        let parameters = call.parameters
        let host = parameters["ApiEndpoint"]?.string ?? ""
        var path = ""
        if let stage = parameters["Stage"]?.string, stage != "$default" { path += "/\(stage)" }
        if let given = parameters["Path"]?.string, !given.isEmpty { path += given.hasPrefix("/") ? given : "/\(given)" }
        var web = WebCall(
            method: method, url: host.contains("://") ? host + path : "https://\(host)\(path)",
            query: WebCall.pairs(parameters["QueryParameters"]))
        web.headers["User-Agent"] = "Amazon|StepFunctions|APIGateway|\(context.region)"
        web.headers["X-Amzn-Trace-Id"] = "Root=1-\(context.requestId.prefix(8))-\(context.requestId.suffix(12))"
        for pair in WebCall.pairs(parameters["Headers"]) { web.headers.add(pair.name, pair.value) }
        if host.contains(".execute-api."), !host.contains("://") {
            // An API of this Baton answers under the host name that it would have on AWS.
            web.url = context.host.endpoint + path
            web.headers["Host"] = host
        }
        if let body = body(parameters) {
            web.body = body.serialized()
            if web.headers["Content-Type"] == nil { web.headers["Content-Type"] = "application/json" }
        }
        return web
    }

    /// Without `AllowNullValues` members that are null stay out of the body.
    private func body(_ parameters: JSON) -> JSON? {
        guard let body = parameters["RequestBody"] else { return nil }
        return parameters["AllowNullValues"]?.bool == true ? body : Self.withoutNulls(body)
    }

    private static func withoutNulls(_ value: JSON) -> JSON {
        switch value {
        case .object(let object):
            .object(JSON.Object(object.filter { !$0.value.isNull }.map { ($0.key, withoutNulls($0.value)) }))
        case .array(let elements): .array(elements.map(withoutNulls))
        default: value
        }
    }
}
