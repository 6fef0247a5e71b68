import AWSWire
import JSON

/// What a function gets of a request, and what its answer means. Source: developer guide, Lambda proxy integrations.
enum ProxyEvent {
    static func make(_ call: RestCall) -> JSON {
        let fields = call.forwarded
        var event: JSON = [
            "resource": .string(call.resourcePath), "path": .string(call.path), "httpMethod": .string(call.method),
            "headers": last(fields), "multiValueHeaders": lists(fields),
            "queryStringParameters": last(call.query), "multiValueQueryStringParameters": lists(call.query),
            "pathParameters": last(call.pathParameters),
            "stageVariables": call.stageVariables.object?.isEmpty == false ? call.stageVariables : .null,
            "requestContext": call.context, "body": .null, "isBase64Encoded": false,
        ]
        guard !call.body.isEmpty else { return event }
        event["body"] = .string(call.isBinary ? Base64.encode(call.body) : String(decoding: call.body, as: UTF8.self))
        event["isBase64Encoded"] = .bool(call.isBinary)
        return event
    }

    static func last(_ pairs: [(name: String, value: String)]) -> JSON {
        pairs.isEmpty ? .null : .object(JSON.Object(pairs.map { ($0.name, .string($0.value)) }))
    }

    static func lists(_ pairs: [(name: String, value: String)]) -> JSON {
        guard !pairs.isEmpty else { return .null }
        var result = JSON.Object()
        for (name, value) in pairs { result[name] = .array((result[name]?.array ?? []) + [.string(value)]) }
        return .object(result)
    }

    private static let members: Set<String> = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]

    /// nil for what is no answer: other members, bodies that are no texts.
    static func response(_ payload: [UInt8], _ call: RestCall) -> HTTPResponse? {
        guard let answer = try? JSON.parse(payload), let object = answer.object,
            object.keys.allSatisfy(members.contains)
        else { return nil }
        let given = answer["statusCode"] ?? 200
        guard let status = given.int ?? given.string.flatMap({ Int($0) }), (100...599).contains(status) else {
            return nil
        }
        var headers = HTTPHeaders()
        for name in ["headers", "multiValueHeaders"] {
            guard answer[name]?.object != nil || answer[name]?.isNull ?? true else { return nil }
        }
        for (name, value) in answer["headers"]?.object ?? [:] where !value.isNull {
            headers[name] = value.string ?? value.text()
        }
        for (name, values) in answer["multiValueHeaders"]?.object ?? [:] {
            guard let values = values.array else { return nil }
            headers[name] = nil
            for value in values { headers.add(name, value.string ?? value.text()) }
        }
        if headers["content-type"] == nil { headers["Content-Type"] = "application/json" }
        guard let body = answer["body"], !body.isNull else {
            return HTTPResponse(status: status, headers: headers)
        }
        guard let text = body.string else { return nil }
        var bytes = Array(text.utf8)
        if answer["isBase64Encoded"]?.bool == true, call.deployed.isBinary(call.headers["accept"]) {
            guard let decoded = Base64.decode(text) else { return nil }
            bytes = decoded
        }
        return HTTPResponse(status: status, headers: headers, body: .bytes(bytes))
    }
}
