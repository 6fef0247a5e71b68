import AWSWire
import JSON

/// Makes the method's answer of the integration's. Source: developer guide, data transformations.
struct ResponseMapping {
    let call: RestCall
    let live: LiveApis
    let context: JSON

    func run(_ answer: IntegrationAnswer) throws(Refusal) -> HTTPResponse {
        guard let chosen = Self.choose(call.integration["integrationResponses"], answer.selector) else {
            var refusal = Refusal.failure
            refusal.details = "no integration response fits \(answer.selector)"
            throw refusal
        }
        var response = HTTPResponse(
            status: chosen["statusCode"]?.string.flatMap { Int($0) } ?? answer.status, body: .bytes(answer.body))
        response.headers["Content-Type"] = "application/json"
        var context = context
        let (type, template) = template(chosen, answer)
        if let template, let text = template.string {
            var input = TemplateInput(
                body: answer.body, parameters: call.input(body: []).parameters, context: context,
                stageVariables: call.stageVariables)
            input.parameters["header"] = .object(
                JSON.Object(answer.headers.fields.map { ($0.name, .string($0.value)) }))
            let made = try live.run(text, input)
            context = made.context
            response.body = .bytes(Array(made.text.utf8))
            response.headers["Content-Type"] = type
        } else if let given = answer.headers["content-type"] {
            response.headers["Content-Type"] = given
        }
        convert(chosen, &response)
        let mapping = ParameterMapping(call: call, context: context, answer: answer)
        for (target, source) in chosen["responseParameters"]?.object ?? [:] {
            let parts = target.split(separator: ".", maxSplits: 3).map(String.init)
            guard parts.count == 4, let value = mapping.value(source.string ?? "") else { continue }
            response.headers[parts[3]] = nil
            for value in value.array ?? [value] { response.headers.add(parts[3], ParameterMapping.text(value)) }
        }
        if let status = context["responseOverride"]?["status"] {
            response.status = status.int ?? status.string.flatMap { Int($0) } ?? response.status
        }
        for (name, value) in context["responseOverride"]?["header"]?.object ?? [:] {
            response.headers[name] = ParameterMapping.text(value)
        }
        return response
    }

    /// The first response whose pattern fits, else the one without a pattern, which is also that of a function's success.
    private static func choose(_ responses: JSON?, _ selector: String) -> JSON? {
        let all = responses?.object?.values ?? []
        func pattern(_ response: JSON) -> String { response["selectionPattern"]?.string ?? "" }
        let plain = all.first { pattern($0).isEmpty }
        if selector.isEmpty, let plain { return plain }
        return all.first { !pattern($0).isEmpty && SelectionPattern.matches(selector, pattern($0)) } ?? plain
    }

    /// For what the caller accepts, else for the answer's type, else the first.
    private func template(_ chosen: JSON, _ answer: IntegrationAnswer) -> (type: String, template: JSON?) {
        let templates = chosen["responseTemplates"]?.object ?? [:]
        let accepted = call.headers["accept"].map { $0.prefix { $0 != "," && $0 != ";" } }.map(String.init)
        let found =
            accepted.flatMap { templates.caseless($0) }
            ?? answer.headers["content-type"].flatMap { templates.caseless(String($0.prefix { $0 != ";" })) }
            ?? templates.members.first
        return (found?.key ?? "application/json", found?.value)
    }

    private func convert(_ chosen: JSON, _ response: inout HTTPResponse) {
        guard case .bytes(let bytes) = response.body else { return }
        switch chosen["contentHandling"]?.string {
        case "CONVERT_TO_BINARY"?:
            response.body = .bytes(Base64.decode(String(decoding: bytes, as: UTF8.self)) ?? bytes)
        case "CONVERT_TO_TEXT"?: response.body = .bytes(Array(Base64.encode(bytes).utf8))
        default: break
        }
    }
}
