import AWSWire
import JSON

/// What the gateway answers itself.
struct Refusal: Error {
    let type: GatewayResponseType
    /// nil shows as `null`.
    var message: String?
    /// Where it is another than the case's.
    var status: Int?
    var details = ""

    static let forbidden = Refusal(type: .invalidApiKey, message: "Forbidden")
    static let missingToken = Refusal(type: .missingAuthenticationToken, message: "Missing Authentication Token")
    static let unauthorized = Refusal(type: .unauthorized, message: "Unauthorized")
    static let tooLarge = Refusal(type: .requestTooLarge, message: "Request Too Long")
    static let unsupportedType = Refusal(type: .unsupportedMediaType, message: "Unsupported Media Type")
    static let timeout = Refusal(type: .integrationTimeout, message: "Endpoint request timed out")
    /// A function or a server that cannot be reached, or a mapping that fails.
    static let failure = Refusal(type: .apiConfigurationError, message: "Internal server error", status: 500)
    /// A function whose answer is none.
    static let malformed = Refusal(type: .default5xx, message: "Internal server error", status: 502)

    private var code: Int { status ?? type.status ?? 500 }

    /// By default, with the blanks that AWS has.
    private var body: String {
        let text = JSON.string(message ?? "").text()
        switch type {
        case .accessDenied: return "{\"Message\":\(text)}"
        case .missingAuthenticationToken, .unauthorized, .invalidApiKey: return "{\"message\":\(text)}"
        case .authorizerFailure, .authorizerConfigurationError: return #"{"message":null}"#
        default: return "{\"message\": \(text)}"
        }
    }

    /// - Parameter call: nil where the request came to no method.
    func response(_ deployed: DeployedApi?, _ call: RestCall?, _ context: JSON, _ live: LiveApis) -> HTTPResponse {
        var response = HTTPResponse(
            status: code, headers: ["Content-Type": "application/json", "x-amzn-ErrorType": type.error],
            body: .bytes(Array(body.utf8)))
        guard let told = deployed?.response(type, status: code) else { return response }
        if let status = told["statusCode"]?.string.flatMap({ Int($0) }) { response.status = status }
        var context = context
        context["error"] = [
            "message": .string(message ?? ""),
            "messageString": .string(message.map { JSON.string($0).text() } ?? "null"),
            "responseType": .string(type.rawValue), "validationErrorString": .string(details),
        ]
        let mapping = ParameterMapping(call: call, context: context)
        for (target, source) in told["responseParameters"]?.object ?? [:] {
            guard target.hasPrefix("gatewayresponse.header."), let value = mapping.value(source.string ?? "") else {
                continue
            }
            response.headers[String(target.dropFirst("gatewayresponse.header.".count))] = ParameterMapping.text(value)
        }
        let templates = told["responseTemplates"]?.object ?? [:]
        let wanted =
            call?.headers["accept"].flatMap { templates.position(of: $0) } ?? templates.position(
                of: "application/json") ?? (templates.isEmpty ? nil : 0)
        guard let wanted, let text = templates.members[wanted].value.string else { return response }
        let input = TemplateInput(
            body: call?.body ?? [], context: context, stageVariables: call?.stageVariables ?? [:])
        guard let template = try? live.template(text), let made = try? TemplateMachine.run(template, input) else {
            return response
        }
        response.headers["Content-Type"] = templates.members[wanted].key
        response.body = .bytes(Array(made.text.utf8))
        return response
    }
}
