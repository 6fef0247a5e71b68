import AWSWire
import JSON

/// A request as an integration gets it.
struct MappedRequest: Sendable {
    var body: [UInt8]
    var headers = HTTPHeaders()
    var query: [(name: String, value: String)] = []
    var path: [(name: String, value: String)] = []
    /// `$context` with what a template has set in it.
    var context: JSON
}

/// Makes the integration's request of the method's. Source: developer guide, data transformations.
struct RequestMapping {
    let call: RestCall
    let live: LiveApis

    func run() throws(Refusal) -> MappedRequest {
        var request = try mappedBody()
        if request.headers["Content-Type"] == nil { request.headers["Content-Type"] = call.contentType }
        Self.parameters(call, &request)
        overrides(&request)
        return request
    }

    /// By the template for the content type; without one as it is, or refused.
    private func mappedBody() throws(Refusal) -> MappedRequest {
        let integration = call.integration
        let templates = integration["requestTemplates"]?.object ?? [:]
        var body = call.body
        if integration["contentHandling"]?.string == "CONVERT_TO_TEXT", call.isBinary {
            body = Array(Base64.encode(body).utf8)
        } else if integration["contentHandling"]?.string == "CONVERT_TO_BINARY", let bytes = Base64.decode(text(body)) {
            body = bytes
        }
        guard let text = (templates.caseless(call.contentType)?.value ?? templates["$default"])?.string else {
            let behavior = integration["passthroughBehavior"]?.string ?? "WHEN_NO_MATCH"
            if behavior == "NEVER" || behavior == "WHEN_NO_TEMPLATES" && !templates.isEmpty {
                throw .unsupportedType
            }
            return MappedRequest(body: body, context: call.context)
        }
        let made = try live.run(text, call.input(body: body))
        return MappedRequest(body: Array(made.text.utf8), context: made.context)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// `integration.request.header.name` and the like; query and path variables are the integration's own.
    static func parameters(_ call: RestCall, _ request: inout MappedRequest) {
        let mapping = ParameterMapping(call: call, context: request.context)
        for (target, source) in call.integration["requestParameters"]?.object ?? [:] {
            let parts = target.split(separator: ".", maxSplits: 3).map(String.init)
            guard parts.count == 4, let value = mapping.value(source.string ?? "") else { continue }
            let values = value.array?.map(ParameterMapping.text) ?? [ParameterMapping.text(value)]
            set(values, parts[2], parts[3], &request)
        }
    }

    private static func set(_ values: [String], _ place: String, _ name: String, _ request: inout MappedRequest) {
        switch place {
        case "header":
            request.headers[name] = nil
            for value in values { request.headers.add(name, value) }
        case "querystring":
            request.query.removeAll { $0.name == name }
            request.query += values.map { (name, $0) }
        default:
            request.path.removeAll { $0.name == name }
            request.path += values.map { (name, $0) }
        }
    }

    /// `#set($context.requestOverride.header.name = …)`.
    private func overrides(_ request: inout MappedRequest) {
        for place in ["header", "querystring", "path"] {
            for (name, value) in request.context["requestOverride"]?[place]?.object ?? [:] {
                Self.set([ParameterMapping.text(value)], place, name, &request)
            }
        }
    }
}

extension LiveApis {
    /// Runs a template; one that fails is the API's fault.
    func run(_ text: String, _ input: TemplateInput) throws(Refusal) -> (text: String, context: JSON) {
        do throws(TemplateError) {
            return try TemplateMachine.run(try template(text), input)
        } catch {
            var refusal = Refusal.failure
            refusal.details = error.reason
            throw refusal
        }
    }
}

extension RestCall {
    /// A URI with stage variables and the integration's own path variables filled in.
    func expanded(_ uri: String, _ request: MappedRequest) -> String {
        var uri = uri
        for (name, value) in stageVariables.object ?? [:] {
            uri = uri.replacing("${stageVariables.\(name)}", with: value.string ?? "")
        }
        for (name, value) in request.path {
            uri = uri.replacing("{\(name)}", with: PercentEncoding.encode(value, keepsSlash: true))
        }
        return uri
    }
}
