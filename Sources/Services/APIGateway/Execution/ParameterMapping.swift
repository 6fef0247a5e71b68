import AWSWire
import JSON
import StatesLanguage

/// The values that parameters of requests and answers are made of: `method.request.header.name`,
/// `integration.response.body.path`, `context.name`, `stageVariables.name`, `'text'`. Source: developer guide, request and
/// response parameter mapping.
struct ParameterMapping {
    var call: RestCall?
    var context: JSON
    /// What an integration has answered.
    var answer: IntegrationAnswer?

    /// nil for what is not there.
    func value(_ source: String) -> JSON? {
        if source.count >= 2, source.hasPrefix("'"), source.hasSuffix("'") {
            return .string(String(source.dropFirst().dropLast()))
        }
        if let path = source.dropped("context.") {
            return path.split(separator: ".").reduce(context) { $0?[String($1)] }
        }
        if let name = source.dropped("stageVariables.") { return call?.stageVariables[name] }
        if let place = source.dropped("method.request.") { return call.flatMap { requested(place, $0) } }
        if let place = source.dropped("integration.response.") { return answer.flatMap { answered(place, $0) } }
        return nil
    }

    static func text(_ value: JSON) -> String { value.string ?? value.text() }

    private func requested(_ place: String, _ call: RestCall) -> JSON? {
        if let name = place.dropped("path.") { return value(call.pathParameters, name) }
        if let name = place.dropped("querystring.") { return value(call.query, name) }
        if let name = place.dropped("header.") { return value(call.forwarded, name, isCaseless: true) }
        if let name = place.dropped("multivaluequerystring.") { return list(call.query, name) }
        if let name = place.dropped("multivalueheader.") { return list(call.forwarded, name) }
        return body(place, call.body)
    }

    private func answered(_ place: String, _ answer: IntegrationAnswer) -> JSON? {
        if let name = place.dropped("header.") { return answer.headers[name].map { .string($0) } }
        if let name = place.dropped("multivalueheader.") { return list(answer.headers.fields, name) }
        return body(place, answer.body)
    }

    private func value(_ pairs: [(name: String, value: String)], _ name: String, isCaseless: Bool = false) -> JSON? {
        pairs.last { $0.name == name || isCaseless && $0.name.lowercased() == name.lowercased() }.map {
            .string($0.value)
        }
    }

    private func list(_ pairs: [(name: String, value: String)], _ name: String) -> JSON? {
        let values = pairs.filter { $0.name.lowercased() == name.lowercased() }.map { JSON.string($0.value) }
        return values.isEmpty ? nil : .array(values)
    }

    private func body(_ place: String, _ bytes: [UInt8]) -> JSON? {
        if place == "body" { return .string(String(decoding: bytes, as: UTF8.self)) }
        guard let path = place.dropped("body."), let tree = try? JSON.parse(bytes) else { return nil }
        return (try? Path(path.hasPrefix("$") ? path : "$.\(path)"))?.find(in: tree)
    }
}

extension String {
    fileprivate func dropped(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
