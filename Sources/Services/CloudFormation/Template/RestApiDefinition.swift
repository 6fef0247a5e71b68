import AWSWire
import JSON

/// One `AWS::Serverless::Api` with the OpenAPI definition that grows from its own properties and from events.
struct RestApiDefinition {
    let id: String
    /// Its properties over the global ones.
    let given: JSON
    private let resource: JSON
    private var body: JSON
    /// Of the events: nil is one without.
    private var conditions: Set<JSON?> = []
    /// A definition that the template brings along gets no methods of events that it has itself.
    private let isOwn: Bool

    private static let known: Set<String> = [
        "Name", "StageName", "DefinitionBody", "DefinitionUri", "Variables", "EndpointConfiguration",
        "MethodSettings", "BinaryMediaTypes", "MinimumCompressionSize", "Cors", "Auth", "GatewayResponses",
        "AccessLogSetting", "CanarySetting", "TracingEnabled", "OpenApiVersion", "Models", "FailOnWarnings",
        "Description", "Mode", "DisableExecuteApiEndpoint", "ApiKeySourceType", "AlwaysDeploy", "Tags",
        "CacheClusterEnabled", "CacheClusterSize", "PropagateTags", "Policy", "SecurityPolicy", "EndpointAccessMode",
    ]

    init(_ id: String, _ resource: JSON, _ globals: JSON.Object) throws(AWSError) {
        var given = JSON.object(globals)
        for (name, value) in resource["Properties"]?.object ?? [:] {
            if let old = given[name]?.object, let new = value.object, FunctionCall(new) == nil {
                given[name] = .object(JSON.Object(old.map { ($0.key, $0.value) } + new.map { ($0.key, $0.value) }))
            } else {
                given[name] = value
            }
        }
        (self.id, self.resource, self.given) = (id, resource, given)
        for name in given.object?.keys ?? [] where !Self.known.contains(name) {
            throw ServerlessFunction.invalid(
                id, "property \(name) is not supported here for resources of type AWS::Serverless::Api")
        }
        guard given["StageName"] != nil else {
            throw ServerlessFunction.invalid(id, "Missing required property 'StageName'.")
        }
        guard given["DefinitionBody"] == nil || given["DefinitionUri"] == nil else {
            throw ServerlessFunction.invalid(
                id, "Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.")
        }
        isOwn = given["DefinitionBody"] == nil
        body =
            given["DefinitionBody"] ?? [
                "swagger": "2.0", "info": ["version": "1.0", "title": ["Ref": "AWS::StackName"]], "paths": [:],
            ]
        if body["Fn::Transform"] != nil {
            throw ServerlessFunction.invalid(id, "Fn::Transform is not supported here in a DefinitionBody.")
        }
        for (name, authorizer) in auth["Authorizers"]?.object ?? [:]
        where authorizer["UserPoolArn"] != nil || authorizer["FunctionArn"] == nil {
            throw ServerlessFunction.invalid(
                id, "Authorizer \(name) is not supported here: only authorizers with a FunctionArn are.")
        }
    }

    private var auth: JSON { given["Auth"] ?? [:] }
    var usagePlan: JSON? { auth["UsagePlan"] }
    private var ref: JSON { ["Ref": .string(id)] }

    /// False when the method is there already.
    mutating func add(_ path: String, _ method: String, _ operation: JSON, _ condition: JSON?) -> Bool {
        conditions.insert(condition)
        guard isOwn else { return true }
        var paths = body["paths"] ?? [:]
        var item = paths[path] ?? [:]
        guard item[method] == nil else { return false }
        item[method] = operation
        paths[path] = item
        body["paths"] = paths
        return true
    }

    // MARK: Authorization

    /// What a method asks of its callers; nil for nothing.
    func security(_ own: JSON, owner: String, event: String) throws(AWSError) -> JSON? {
        var security: [JSON] = []
        let name = own["Authorizer"]?.string ?? auth["DefaultAuthorizer"]?.string
        if let name, name != "NONE" {
            guard name == "AWS_IAM" || auth["Authorizers"]?[name] != nil else {
                throw ServerlessFunction.invalid(
                    owner,
                    "Event with id [\(event)] is invalid. Unable to set Authorizer [\(name)] because it wasn't "
                        + "defined in the API's Authorizers.")
            }
            security.append(.object(JSON.Object([(name, JSON.array([]))])))
        }
        if own["ApiKeyRequired"]?.bool ?? auth["ApiKeyRequired"]?.bool ?? false { security.append(["api_key": []]) }
        return security.isEmpty && name != "NONE" && own["ApiKeyRequired"] == nil ? nil : .array(security)
    }

    private func scheme(_ authorizer: JSON) -> JSON {
        let isRequest = authorizer["FunctionPayloadType"]?.string == "REQUEST"
        let identity = authorizer["Identity"] ?? [:]
        let sub = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${__FunctionArn__}"
        var settings: JSON = [
            "type": isRequest ? "request" : "token",
            "authorizerUri": [
                "Fn::Sub": [.string("\(sub)/invocations"), ["__FunctionArn__": authorizer["FunctionArn"] ?? ""]]
            ],
        ]
        settings["authorizerResultTtlInSeconds"] = identity["ReauthorizeEvery"]
        settings["identityValidationExpression"] = identity["ValidationExpression"]
        settings["authorizerCredentials"] = authorizer["FunctionInvokeRole"]
        if isRequest {
            let sources = [("Headers", "header"), ("QueryStrings", "querystring")].flatMap { member, place in
                (identity[member]?.array ?? []).map { "method.request.\(place).\($0.string ?? "")" }
            }
            let others =
                (identity["StageVariables"]?.array ?? []).map { "stageVariables.\($0.string ?? "")" }
                + (identity["Context"]?.array ?? []).map { "context.\($0.string ?? "")" }
            if !(sources + others).isEmpty {
                settings["identitySource"] = .string((sources + others).joined(separator: ", "))
            }
        }
        return [
            "type": "apiKey", "in": "header",
            "name": isRequest ? "Unused" : identity["Header"] ?? "Authorization",
            "x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": settings,
        ]
    }

    // MARK: The definition

    static func validator(body: Bool?, parameters: Bool?) -> (name: String, tree: JSON)? {
        guard body != nil || parameters != nil else { return nil }
        let (body, parameters) = (body ?? false, parameters ?? false)
        let name = body ? parameters ? "body-and-params" : "body-only" : parameters ? "params-only" : "no-validation"
        return (name, ["validateRequestBody": .bool(body), "validateRequestParameters": .bool(parameters)])
    }

    private func definition() -> JSON {
        var body = body
        if let cors = given["Cors"] {
            RestApiCors(cors, security: corsSecurity, isThird: isThird).add(to: &body)
        }
        var schemes = body["securityDefinitions"] ?? [:]
        for (name, authorizer) in auth["Authorizers"]?.object ?? [:] { schemes[name] = scheme(authorizer) }
        let used = Self.names(body, "security")
        if used.contains("api_key") { schemes["api_key"] = ["type": "apiKey", "name": "x-api-key", "in": "header"] }
        if used.contains("AWS_IAM") {
            schemes["AWS_IAM"] = [
                "x-amazon-apigateway-authtype": "awsSigv4", "type": "apiKey", "name": "Authorization", "in": "header",
            ]
        }
        if schemes.object?.isEmpty == false { body["securityDefinitions"] = schemes }
        if let models = given["Models"]?.object {
            body["definitions"] = .object(JSON.Object(models.map { ($0.key.lowercased(), $0.value) }))
        }
        let flags = [true, false].flatMap { first in [true, false].map { (first, $0) } }
        let validators = flags.compactMap { Self.validator(body: $0, parameters: $1) }
        let named = validators.filter { Self.texts(body, "x-amazon-apigateway-request-validator").contains($0.name) }
        if !named.isEmpty {
            body["x-amazon-apigateway-request-validators"] = .object(JSON.Object(named.map { ($0.name, $0.tree) }))
        }
        if let responses = given["GatewayResponses"]?.object {
            body["x-amazon-apigateway-gateway-responses"] = .object(
                JSON.Object(responses.map { ($0.key, Self.gatewayResponse($0.value)) }))
        }
        if let types = given["BinaryMediaTypes"]?.array {
            body["x-amazon-apigateway-binary-media-types"] = .array(
                types.map { $0.string.map { .string($0.replacing("~1", with: "/")) } ?? $0 })
        }
        if let flag = given["DisableExecuteApiEndpoint"] {
            body["x-amazon-apigateway-endpoint-configuration"] = ["disableExecuteApiEndpoint": flag]
        }
        return isThird ? Self.third(body, given["OpenApiVersion"] ?? "3.0.1") : body
    }

    private var isThird: Bool { given["OpenApiVersion"]?.string?.hasPrefix("3.") == true }

    /// As OpenAPI 3 has it.
    private static func third(_ body: JSON, _ version: JSON) -> JSON {
        var body = body
        body["swagger"] = nil
        body["openapi"] = version
        var components = body["components"] ?? [:]
        if let schemes = body["securityDefinitions"] { components["securitySchemes"] = schemes }
        if let models = body["definitions"] { components["schemas"] = models }
        if components.object?.isEmpty == false { body["components"] = components }
        body["securityDefinitions"] = nil
        body["definitions"] = nil
        return body
    }

    /// Names of security requirements anywhere in the definition.
    private static func names(_ body: JSON, _ member: String) -> Set<String> {
        var names: Set<String> = []
        walk(body) { object in
            for requirement in object[member]?.array ?? [] { names.formUnion(requirement.object?.keys ?? []) }
        }
        return names
    }

    private static func texts(_ body: JSON, _ member: String) -> Set<String> {
        var texts: Set<String> = []
        walk(body) { object in if let text = object[member]?.string { texts.insert(text) } }
        return texts
    }

    private static func walk(_ tree: JSON, _ visit: (JSON.Object) -> Void) {
        if let object = tree.object {
            visit(object)
            for (_, value) in object { walk(value, visit) }
        }
        for element in tree.array ?? [] { walk(element, visit) }
    }

    private static func gatewayResponse(_ given: JSON) -> JSON {
        let places = [("Headers", "header"), ("Paths", "path"), ("QueryStrings", "querystring")]
        let parameters = places.flatMap { member, place in
            (given["ResponseParameters"]?[member]?.object ?? [:]).map {
                ("gatewayresponse.\(place).\($0.key)", $0.value)
            }
        }
        var response: JSON = [
            "responseParameters": .object(JSON.Object(parameters)),
            "responseTemplates": given["ResponseTemplates"] ?? [:],
        ]
        response["statusCode"] = given["StatusCode"]
        return response
    }

    /// Preflights ask for what the API asks for by default, unless it says else.
    private var corsSecurity: [JSON] {
        var security: [JSON] = []
        if let name = auth["DefaultAuthorizer"]?.string, auth["AddDefaultAuthorizerToCorsPreflight"]?.bool != false {
            security.append(.object(JSON.Object([(name, JSON.array([]))])))
        }
        if auth["ApiKeyRequired"]?.bool == true, auth["AddApiKeyRequiredToCorsPreflight"]?.bool != false {
            security.append(["api_key": []])
        }
        return security
    }

    // MARK: Resources

    /// The implicit API is there when those are for whom it is.
    private var condition: JSON? {
        guard id == ServerlessRestApi.implicit, conditions.count == 1 else { return resource["Condition"] }
        return conditions.first ?? nil
    }

    private func attached(_ type: String, _ properties: JSON) -> JSON {
        var result: JSON = ["Type": .string(type), "Properties": properties]
        result["Condition"] = condition
        return result
    }

    private var stageId: String {
        let name = given["StageName"]?.string ?? ""
        if !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber }) { return "\(id)\(name)Stage" }
        return "\(id)Stage\(name.isEmpty ? "" : String(ServerlessRestApi.digest(name).prefix(10)))"
    }

    func resources() throws(AWSError) -> (resources: JSON.Object, stage: String, deployment: String) {
        var api: JSON = [:]
        let hashed: String
        if let uri = given["DefinitionUri"] {
            api["BodyS3Location"] = try place(uri)
            hashed = uri.text()
        } else {
            let definition = definition()
            api["Body"] = definition
            hashed = definition.text()
        }
        for name in [
            "Name", "Description", "BinaryMediaTypes", "MinimumCompressionSize", "FailOnWarnings", "Mode",
            "ApiKeySourceType", "Policy", "SecurityPolicy", "EndpointAccessMode",
        ] { api[name] = given[name] }
        if let endpoint = given["EndpointConfiguration"] {
            let type = endpoint.string.map { JSON.string($0) } ?? endpoint["Type"] ?? "EDGE"
            api["EndpointConfiguration"] = ["Types": [type]]
            api["EndpointConfiguration"]?["VpcEndpointIds"] = endpoint["VPCEndpointIds"]
            api["Parameters"] = ["endpointConfigurationTypes": type]
        }
        let digest = ServerlessRestApi.digest(hashed)
        let deploymentId = "\(id)Deployment\(digest.prefix(10))"
        var deployment: JSON = ["Description": .string("RestApi deployment id: \(digest)"), "RestApiId": ref]
        // SAM makes this stage in all APIs that name no version of OpenAPI.
        if given["OpenApiVersion"] == nil { deployment["StageName"] = "Stage" }
        var stage: JSON = [
            "RestApiId": ref, "StageName": given["StageName"] ?? "", "DeploymentId": ["Ref": .string(deploymentId)],
        ]
        for name in [
            "Variables", "MethodSettings", "AccessLogSetting", "CanarySetting", "TracingEnabled",
            "CacheClusterEnabled", "CacheClusterSize",
        ] { stage[name] = given[name] }
        stage["Tags"] = given["Tags"].map(ServerlessFunction.tags)
        var made = resource
        made["Type"] = "AWS::ApiGateway::RestApi"
        made["Properties"] = api
        made["Condition"] = condition
        var resources: JSON.Object = [
            id: made, deploymentId: attached("AWS::ApiGateway::Deployment", deployment),
            stageId: attached("AWS::ApiGateway::Stage", stage),
        ]
        for (name, permission) in permissions { resources[name] = permission }
        if usagePlan?["CreateUsagePlan"]?.string == "PER_API" {
            resources["\(id)UsagePlan"] = plan("\(id)UsagePlan", stages: [planStage], dependsOn: [id])
            for (name, key) in Self.keys(id, plan: "\(id)UsagePlan", [keyStage]) { resources[name] = key }
        }
        return (resources, stageId, deploymentId)
    }

    private func place(_ uri: JSON) throws(AWSError) -> JSON {
        guard let text = uri.string else { return uri }
        let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1)
        guard text.hasPrefix("s3://"), parts.count == 2 else {
            throw ServerlessFunction.invalid(
                id,
                "'DefinitionUri' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query "
                    + "parameter.")
        }
        return ["Bucket": .string(String(parts[0])), "Key": .string(String(parts[1]))]
    }

    /// What lets the API call its authorizers.
    private var permissions: [(String, JSON)] {
        (auth["Authorizers"]?.object ?? [:]).map { name, authorizer in
            let arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*"
            let permission: JSON = [
                "Action": "lambda:InvokeFunction", "FunctionName": authorizer["FunctionArn"] ?? "",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": ["Fn::Sub": [.string(arn), ["__ApiId__": ref]]],
            ]
            return ("\(id)\(name)AuthorizerPermission", attached("AWS::Lambda::Permission", permission))
        }
    }

    // MARK: Usage plans

    var planStage: JSON { ["ApiId": ref, "Stage": ["Ref": .string(stageId)]] }
    var keyStage: JSON { ["RestApiId": ref, "StageName": ["Ref": .string(stageId)]] }

    func plan(_ name: String, stages: [JSON], dependsOn ids: [String]) -> JSON {
        var properties: JSON = ["ApiStages": .array(stages)]
        for member in ["Quota", "Throttle", "Description", "Tags", "UsagePlanName"] {
            properties[member] = usagePlan?[member]
        }
        var plan = attached("AWS::ApiGateway::UsagePlan", properties)
        plan["DependsOn"] = .array(ids.map { .string($0) })
        return plan
    }

    static func keys(_ prefix: String, plan: String, _ stages: [JSON]) -> [(String, JSON)] {
        [
            (
                "\(prefix)ApiKey",
                [
                    "Type": "AWS::ApiGateway::ApiKey", "DependsOn": [.string(plan)],
                    "Properties": ["Enabled": true, "StageKeys": .array(stages)],
                ]
            ),
            (
                "\(prefix)UsagePlanKey",
                [
                    "Type": "AWS::ApiGateway::UsagePlanKey", "DependsOn": [.string("\(prefix)ApiKey")],
                    "Properties": [
                        "KeyId": ["Ref": .string("\(prefix)ApiKey")], "KeyType": "API_KEY",
                        "UsagePlanId": ["Ref": .string(plan)],
                    ],
                ]
            ),
        ]
    }
}

/// The preflight answers of an API: an OPTIONS method on each path that has none.
struct RestApiCors {
    private let headers: [(name: String, type: String, value: JSON)]
    private let methods: JSON?
    private let security: [JSON]
    private let isThird: Bool

    init(_ given: JSON, security: [JSON], isThird: Bool) {
        (self.security, self.isThird) = (security, isThird)
        var headers: [(String, String, JSON)] = []
        func add(_ name: String, _ value: JSON?, _ type: String = "string") {
            if let value { headers.append(("Access-Control-\(name)", type, value)) }
        }
        let isWhole = given.object == nil || given.object.flatMap(FunctionCall.init) != nil
        add("Allow-Origin", isWhole ? given : given["AllowOrigin"] ?? "'*'")
        methods = isWhole ? nil : given["AllowMethods"]
        if !isWhole {
            add("Allow-Headers", given["AllowHeaders"])
            add("Max-Age", given["MaxAge"], "integer")
            if given["AllowCredentials"]?.bool == true { add("Allow-Credentials", "'true'") }
        }
        self.headers = headers
    }

    func add(to body: inout JSON) {
        var paths = body["paths"]?.object ?? [:]
        for (path, item) in paths {
            guard let verbs = item.object?.keys, item["options"] == nil, item["Fn::If"] == nil else { continue }
            var item = item
            item["options"] = options(verbs)
            paths[path] = item
        }
        body["paths"] = .object(paths)
    }

    private func options(_ verbs: [String]) -> JSON {
        let isAny = verbs.contains("x-amazon-apigateway-any-method")
        let all = isAny ? ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"] : verbs.map { $0.uppercased() }
        let listed = "'\((all + ["OPTIONS"]).sorted().joined(separator: ","))'"
        let headers = headers + [("Access-Control-Allow-Methods", "string", methods ?? .string(listed))]
        let declared = headers.map { header -> (String, JSON) in
            let type: JSON = ["type": .string(header.type)]
            return (header.name, isThird ? ["schema": type] : type)
        }
        let parameters = headers.map { ("method.response.header.\($0.name)", $0.value) }
        var options: JSON = [
            "summary": "CORS support",
            "x-amazon-apigateway-integration": [
                "type": "mock", "requestTemplates": ["application/json": "{\n  \"statusCode\" : 200\n}\n"],
                "responses": [
                    "default": [
                        "statusCode": "200", "responseTemplates": ["application/json": "{}\n"],
                        "responseParameters": .object(JSON.Object(parameters)),
                    ]
                ],
            ],
            "responses": [
                "200": [
                    "description": "Default response for CORS method", "headers": .object(JSON.Object(declared)),
                ]
            ],
        ]
        if !isThird {
            for member in ["consumes", "produces"] { options[member] = ["application/json"] }
        }
        if !security.isEmpty { options["security"] = .array(security) }
        return options
    }
}
