import AWSWire
import JSON

/// The values of request parameters: `$request.header.name`, `$request.querystring.name`, `$request.path.name`,
/// `$request.body`, `$request.body.a.b`, `$context.name`, `$stageVariables.name`, or texts with `${…}` inside. Source:
/// developer guide, transforming API requests and responses.
struct ParameterMapping {
    let call: APICall
    /// The body of the answer, for mappings of answers.
    var answer: HTTPResponse?

    /// nil for what is not there.
    func value(_ template: String) -> JSON? {
        if template.hasPrefix("$"), !template.hasPrefix("${") { return selected(String(template.dropFirst())) }
        guard template.contains("${") else { return .string(template) }
        var result = ""
        var rest = template[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            result += rest[..<start.lowerBound]
            result += selected(String(rest[start.upperBound..<end])).map(Self.text) ?? ""
            rest = rest[rest.index(after: end)...]
        }
        return .string(result + rest)
    }

    static func text(_ value: JSON) -> String { value.string ?? value.text() }

    private func selected(_ path: String) -> JSON? {
        let parts = path.split(separator: ".", maxSplits: 2).map(String.init)
        switch (parts.first, parts.count > 1 ? parts[1] : "") {
        case ("request", "header"): return parts.count > 2 ? call.joinedHeaders.caseless(parts[2])?.value : nil
        case ("request", "querystring"):
            let values = call.query.filter { $0.name == (parts.count > 2 ? parts[2] : "") }.map(\.value)
            return values.isEmpty ? nil : .string(values.joined(separator: ","))
        case ("request", "path"):
            guard parts.count > 2 else { return .string(call.path) }
            return call.pathParameters.first { $0.name == parts[2] }.map { .string($0.value) }
        case ("request", "body"):
            guard parts.count > 2 else { return .string(String(decoding: call.body, as: UTF8.self)) }
            return member(parts[2], call.body)
        case ("response", "header"): return parts.count > 2 ? answer?.headers[parts[2]].map { .string($0) } : nil
        case ("response", "body"):
            guard case .bytes(let bytes) = answer?.body else { return nil }
            return parts.count > 2 ? member(parts[2], bytes) : .string(String(decoding: bytes, as: UTF8.self))
        case ("context", let name): return context(parts.dropFirst().joined(separator: "."), name)
        case ("stageVariables", let name): return call.stageVariables[name]
        default: return nil
        }
    }

    private func member(_ path: String, _ body: [UInt8]) -> JSON? {
        guard var value = try? JSON.parse(body) else { return nil }
        for name in path.split(separator: ".") {
            guard let next = value[String(name)] else { return nil }
            value = next
        }
        return value
    }

    private func context(_ path: String, _ name: String) -> JSON? {
        switch path {
        case "requestId", "extendedRequestId": .string(call.requestId)
        case "apiId": .string(call.api.id)
        case "accountId": .string(call.api.account)
        case "stage": .string(call.stage)
        case "routeKey": .string(call.route)
        case "path": .string(call.rawPath)
        case "httpMethod": .string(call.method)
        case "domainName": .string(String(call.host.prefix { $0 != ":" }))
        case "requestTime": .string(call.timeText)
        case "requestTimeEpoch": .string(String(call.nowMs))
        case "identity.sourceIp": "127.0.0.1"
        case "identity.userAgent": call.headers["user-agent"].map { .string($0) }
        case "protocol": "HTTP/1.1"
        default: nil
        }
    }

    // MARK: Changes of requests and answers

    /// `append:header.x`, `overwrite:querystring.y`, `remove:header.z`, `overwrite:path`.
    static func apply(
        _ parameters: JSON?, _ mapping: ParameterMapping, headers: inout HTTPHeaders,
        query: inout [(name: String, value: String)], path: inout String?, status: inout Int
    ) {
        for (key, template) in parameters?.object ?? [:] {
            let parts = key.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            let value = mapping.value(template.string ?? "").map(text)
            let place = parts[1].split(separator: ".", maxSplits: 1).map(String.init)
            let name = place.count > 1 ? place[1] : ""
            switch (place.first, parts[0]) {
            case ("header", "append"): if let value { headers.add(name, value) }
            case ("header", _): headers[name] = parts[0] == "remove" ? nil : value ?? headers[name]
            case ("querystring", let action):
                if action != "append" { query.removeAll { $0.name == name } }
                if action != "remove", let value { query.append((name, value)) }
            case ("path", "overwrite"): path = value ?? path
            case ("statuscode", "overwrite"): status = value.flatMap { Int($0) } ?? status
            default: break
            }
        }
    }
}
