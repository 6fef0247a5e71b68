import AWSWire
import JSON

/// One request to a method of an API: what authorizers, mappings and integrations ask about it.
struct RestCall: Sendable {
    let api: LiveApi
    let deployed: DeployedApi
    let stage: String
    var stageVariables: JSON
    let method: String
    /// As it came, without the stage.
    let rawPath: String
    /// Decoded, in their order.
    let query: [(name: String, value: String)]
    let headers: HTTPHeaders
    let body: [UInt8]
    let requestId: String
    let nowMs: Int64
    let resource: JSON
    let tree: JSON
    let pathParameters: [(name: String, value: String)]
    /// What the authorizer has said: `principalId` and its context.
    var authorizer: JSON?
    var apiKey: String?
    var apiKeyId: String?

    var integration: JSON { tree["methodIntegration"] ?? [:] }
    var path: String { PercentEncoding.decode(rawPath) ?? rawPath }
    var resourcePath: String { resource["path"]?.string ?? "/" }
    var domain: String { String((headers["host"] ?? "").prefix { $0 != ":" }) }
    var isBinary: Bool { deployed.isBinary(headers["content-type"]) }
    /// The first part of a media type without its parameters.
    var contentType: String {
        let type = (headers["content-type"] ?? "application/json").prefix { $0 != ";" }.lowercased()
        return type.filter { $0 != " " }
    }

    /// What a policy of an authorizer speaks of.
    var methodArn: String {
        let place = "\(api.id)/\(stage)/\(method)\(rawPath == "/" ? "/" : rawPath)"
        return ARN(service: "execute-api", region: api.shelf.region, account: api.shelf.account, resource: place)
            .description
    }

    /// `12/Mar/2020:19:03:58 +0000`
    private var timeText: String {
        let parts = Timestamp.httpDate(nowMs).split(separator: " ")
        guard parts.count >= 5 else { return "" }
        return "\(parts[1])/\(parts[2])/\(parts[3]):\(parts[4]) +0000"
    }

    /// `requestContext` of events, `$context` of templates. Source: developer guide, `$context` variables.
    var context: JSON {
        var identity: JSON = [
            "cognitoIdentityPoolId": nil, "accountId": nil, "cognitoIdentityId": nil, "caller": nil,
            "sourceIp": "127.0.0.1", "principalOrgId": nil, "accessKey": nil, "cognitoAuthenticationType": nil,
            "cognitoAuthenticationProvider": nil, "userArn": nil,
            "userAgent": headers["user-agent"].map { .string($0) } ?? JSON.null, "user": nil,
        ]
        if let apiKey {
            identity["apiKey"] = .string(apiKey)
            identity["apiKeyId"] = apiKeyId.map { .string($0) }
        }
        var context: JSON = [
            "resourceId": resource["id"] ?? "", "resourcePath": .string(resourcePath), "httpMethod": .string(method),
            "extendedRequestId": .string(extendedRequestId), "requestTime": .string(timeText),
            "path": .string("/\(stage)\(path == "/" ? "/" : path)"), "accountId": .string(api.shelf.account),
            "protocol": "HTTP/1.1", "stage": .string(stage),
            "domainPrefix": .string(domain.split(separator: ".").first.map(String.init) ?? ""),
            "requestTimeEpoch": .number(JSON.Number(nowMs)), "requestId": .string(requestId), "identity": identity,
            "domainName": .string(domain), "deploymentId": .string(deployed.id), "apiId": .string(api.id),
        ]
        if let operation = tree["operationName"] { context["operationName"] = operation }
        if let authorizer { context["authorizer"] = authorizer }
        return context
    }

    var extendedRequestId: String { Base64.encode(Array(requestId.utf8.prefix(11))) }

    /// Fields that belong to one connection do not travel on.
    private static let dropped: Set<String> = [
        "connection", "keep-alive", "transfer-encoding", "te", "expect", "upgrade",
    ]

    /// As functions and mappings see them: with what the gateway adds.
    var forwarded: [(name: String, value: String)] {
        var fields = headers.fields.filter { !Self.dropped.contains($0.name.lowercased()) }
        func add(_ name: String, _ value: String) { if headers[name] == nil { fields.append((name, value)) } }
        let id = requestId.filter { $0 != "-" }
        add("X-Amzn-Trace-Id", "Root=1-\(String(UInt32(clamping: nowMs / 1000), radix: 16))-\(id.prefix(24))")
        add("X-Forwarded-For", "127.0.0.1")
        add("X-Forwarded-Port", (headers["host"] ?? "").split(separator: ":").dropFirst().last.map(String.init) ?? "80")
        add("X-Forwarded-Proto", "http")
        return fields
    }

    /// `$input` of templates of requests.
    func input(body: [UInt8]) -> TemplateInput {
        func object(_ pairs: [(name: String, value: String)]) -> JSON {
            .object(JSON.Object(pairs.map { ($0.name, .string($0.value)) }))
        }
        return TemplateInput(
            body: body,
            parameters: [
                "path": object(pathParameters), "querystring": object(query), "header": object(forwarded),
            ], context: context, stageVariables: stageVariables)
    }

    static func form(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func plain(_ text: Substring) -> String { PercentEncoding.decode(text, plusIsSpace: true) ?? String(text) }
            return (plain(parts[0]), parts.count > 1 ? plain(parts[1]) : "")
        }
    }
}
