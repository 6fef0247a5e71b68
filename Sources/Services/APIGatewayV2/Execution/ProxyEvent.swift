import AWSWire
import JSON

/// What a function gets of a request, in the two payload formats. Source: developer guide, working with AWS Lambda proxy
/// integrations for HTTP APIs.
enum ProxyEvent {
    static func make(_ call: APICall, version: String) -> JSON {
        version == "2.0" ? second(call) : first(call)
    }

    private static func object(_ pairs: [(name: String, value: String)]) -> JSON {
        .object(JSON.Object(pairs.map { ($0.name, .string($0.value)) }))
    }

    private static func joined(_ pairs: [(name: String, value: String)]) -> JSON {
        var result = JSON.Object()
        for (name, value) in pairs { result[name] = .string(result[name]?.string.map { "\($0),\(value)" } ?? value) }
        return .object(result)
    }

    private static func lists(_ pairs: [(name: String, value: String)]) -> JSON {
        var result = JSON.Object()
        for (name, value) in pairs { result[name] = .array((result[name]?.array ?? []) + [.string(value)]) }
        return .object(result)
    }

    private static func add(body call: APICall, to event: inout JSON) {
        if !call.body.isEmpty {
            event["body"] = .string(
                call.isText ? String(decoding: call.body, as: UTF8.self) : Base64.encode(call.body))
        }
        event["isBase64Encoded"] = .bool(!call.body.isEmpty && !call.isText)
    }

    private static func second(_ call: APICall) -> JSON {
        var headers = call.joinedHeaders
        let cookies = headers.removeValue(forKey: "cookie")?.string
        let domain = String(call.host.prefix { $0 != ":" })
        var event: JSON = [
            "version": "2.0", "routeKey": .string(call.route), "rawPath": .string(call.rawPath),
            "rawQueryString": .string(call.rawQuery),
        ]
        if let cookies {
            event["cookies"] = .array(cookies.split(separator: ";").map { .string(String($0.drop { $0 == " " })) })
        }
        event["headers"] = .object(headers)
        if !call.query.isEmpty { event["queryStringParameters"] = joined(call.query) }
        event["requestContext"] = [
            "accountId": .string(call.api.account), "apiId": .string(call.api.id), "domainName": .string(domain),
            "domainPrefix": .string(call.api.id),
            "http": [
                "method": .string(call.method), "path": .string(call.rawPath), "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1", "userAgent": .string(call.headers["user-agent"] ?? ""),
            ],
            "requestId": .string(call.requestId), "routeKey": .string(call.route), "stage": .string(call.stage),
            "time": .string(call.timeText), "timeEpoch": .number(JSON.Number(call.nowMs)),
        ]
        if !call.pathParameters.isEmpty { event["pathParameters"] = object(call.pathParameters) }
        if call.stageVariables.object?.isEmpty == false { event["stageVariables"] = call.stageVariables }
        add(body: call, to: &event)
        return event
    }

    private static func first(_ call: APICall) -> JSON {
        let resource = call.route == "$default" ? "$default" : String(call.route.split(separator: " ").last ?? "")
        let pairs = call.headers.fields.map { (name: $0.name, value: $0.value) }
        var event: JSON = [
            "version": "1.0", "resource": .string(resource), "path": .string(call.rawPath),
            "httpMethod": .string(call.method), "headers": joined(pairs), "multiValueHeaders": lists(pairs),
            "queryStringParameters": call.query.isEmpty ? .null : object(call.query),
            "multiValueQueryStringParameters": call.query.isEmpty ? .null : lists(call.query),
        ]
        event["requestContext"] = [
            "accountId": .string(call.api.account), "apiId": .string(call.api.id),
            "domainName": .string(String(call.host.prefix { $0 != ":" })), "domainPrefix": .string(call.api.id),
            "extendedRequestId": .string(call.requestId), "httpMethod": .string(call.method),
            "identity": ["sourceIp": "127.0.0.1", "userAgent": .string(call.headers["user-agent"] ?? "")],
            "path": .string(call.rawPath), "protocol": "HTTP/1.1", "requestId": .string(call.requestId),
            "requestTime": .string(call.timeText), "requestTimeEpoch": .number(JSON.Number(call.nowMs)),
            "resourceId": .string(call.route), "resourcePath": .string(resource), "stage": .string(call.stage),
        ]
        event["pathParameters"] = call.pathParameters.isEmpty ? .null : object(call.pathParameters)
        event["stageVariables"] = call.stageVariables.object?.isEmpty == false ? call.stageVariables : .null
        event["body"] = .null
        add(body: call, to: &event)
        return event
    }

    // MARK: Answers

    static let internalError = message(500, "Internal Server Error")

    static func message(_ status: Int, _ text: String) -> HTTPResponse {
        let body: JSON = ["message": .string(text)]
        return HTTPResponse(
            status: status, headers: ["content-type": "application/json"], body: .bytes(body.serialized()))
    }

    /// The response that a function's answer means. With format 2.0 anything without `statusCode` is the body of a 200.
    static func response(_ payload: [UInt8], version: String) -> HTTPResponse {
        guard let answer = try? JSON.parse(payload) else { return internalError }
        guard let status = answer["statusCode"]?.int ?? answer["statusCode"]?.string.flatMap({ Int($0) }) else {
            guard version == "2.0" else { return internalError }
            let text = answer.string.map { Array($0.utf8) } ?? answer.serialized()
            return HTTPResponse(
                status: 200, headers: ["content-type": "application/json"], body: .bytes(answer.isNull ? [] : text))
        }
        guard (100...599).contains(status) else { return internalError }
        var headers = HTTPHeaders()
        for (name, value) in answer["headers"]?.object ?? [:] where !value.isNull {
            headers.add(name.lowercased(), value.string ?? value.text())
        }
        for (name, values) in answer["multiValueHeaders"]?.object ?? [:] {
            headers[name] = nil
            for value in values.array ?? [] { headers.add(name.lowercased(), value.string ?? value.text()) }
        }
        for cookie in answer["cookies"]?.array ?? [] { headers.add("set-cookie", cookie.string ?? "") }
        if headers["content-type"] == nil { headers["content-type"] = "text/plain;charset=UTF-8" }
        var body: [UInt8] = []
        if let given = answer["body"], !given.isNull {
            let text = given.string ?? given.text()
            body = answer["isBase64Encoded"]?.bool == true ? Base64.decode(text) ?? [] : Array(text.utf8)
        }
        return HTTPResponse(status: status, headers: headers, body: .bytes(body))
    }
}
