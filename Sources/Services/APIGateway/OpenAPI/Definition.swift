import AWSWire
import JSON

/// What an OpenAPI definition says: an API's own settings and its parts, without ids. Source: developer guide, OpenAPI
/// extensions for API Gateway.
struct Definition: Sendable {
    /// Members of the API's tree.
    var settings: JSON = [:]
    /// Trees of methods by path and method; a path without methods is there too.
    var paths: [(path: String, methods: [(name: String, tree: JSON)])] = []
    /// Schemas by name.
    var models: JSON.Object = [:]
    /// Trees by name.
    var validators: JSON.Object = [:]
    var authorizers: JSON.Object = [:]
    var responses: JSON.Object = [:]

    private let tree: JSON
    private let isThird: Bool
    private var schemes: JSON.Object {
        (isThird ? tree["components"]?["securitySchemes"] : tree["securityDefinitions"])?.object ?? [:]
    }

    init(_ tree: JSON, basePath: String) throws(AWSError) {
        self.tree = tree
        isThird = tree["openapi"]?.string?.hasPrefix("3.") == true
        guard isThird || tree["swagger"].map(ParameterMapping.text)?.hasPrefix("2") == true else {
            throw APIGatewayError.badRequest("Invalid OpenAPI input.")
        }
        readSettings()
        for (name, schema) in (isThird ? tree["components"]?["schemas"] : tree["definitions"])?.object ?? [:] {
            models[name] = schema
        }
        for (name, validator) in tree["x-amazon-apigateway-request-validators"]?.object ?? [:] {
            validators[name] = validator
        }
        for (name, scheme) in schemes {
            if let given = scheme["x-amazon-apigateway-authorizer"] {
                authorizers[name] = try Self.authorizer(name, scheme, given)
            }
        }
        for (type, response) in tree["x-amazon-apigateway-gateway-responses"]?.object ?? [:] {
            guard let known = GatewayResponseType(rawValue: type) else {
                throw APIGatewayError.badRequest("Invalid gateway response type specified: \(type)")
            }
            var input = response
            input["statusCode"] = response["statusCode"].map { .string(ParameterMapping.text($0)) }
            responses[type] = known.tree(input)
        }
        let prefix = basePath == "prepend" ? tree["basePath"]?.string.map { $0 == "/" ? "" : $0 } ?? "" : ""
        for (path, item) in tree["paths"]?.object ?? [:] { try add(prefix + path, item) }
    }

    private mutating func readSettings() {
        settings["name"] = tree["info"]?["title"]
        settings["description"] = tree["info"]?["description"]
        settings["version"] = tree["info"]?["version"].map { .string(ParameterMapping.text($0)) }
        let extensions = [
            "binary-media-types": "binaryMediaTypes", "api-key-source": "apiKeySource",
            "minimum-compression-size": "minimumCompressionSize",
        ]
        for (name, member) in extensions { settings[member] = tree["x-amazon-apigateway-\(name)"] }
        settings["policy"] = tree["x-amazon-apigateway-policy"].map { .string(ParameterMapping.text($0)) }
        let endpoint =
            tree["x-amazon-apigateway-endpoint-configuration"]
            ?? tree["servers"]?[0]?["x-amazon-apigateway-endpoint-configuration"]
        settings["disableExecuteApiEndpoint"] = endpoint?["disableExecuteApiEndpoint"]
    }

    private static func authorizer(_ name: String, _ scheme: JSON, _ given: JSON) throws(AWSError) -> JSON {
        let type = given["type"]?.string?.uppercased() ?? "TOKEN"
        var authorizer: JSON = ["name": .string(name), "type": .string(type)]
        for member in [
            "authorizerUri", "authorizerCredentials", "identitySource", "identityValidationExpression",
            "providerARNs",
        ] { authorizer[member] = given[member] }
        authorizer["authType"] = scheme["x-amazon-apigateway-authtype"] ?? "custom"
        authorizer["authorizerResultTtlInSeconds"] = given["authorizerResultTtlInSeconds"] ?? 300
        if type == "TOKEN", given["identitySource"] == nil {
            authorizer["identitySource"] = .string("method.request.header.\(scheme["name"]?.string ?? "Authorization")")
        }
        try AuthorizerRules.check(authorizer)
        return authorizer
    }

    private static let verbs: Set<String> = ["get", "put", "post", "delete", "options", "head", "patch"]

    private mutating func add(_ path: String, _ item: JSON) throws(AWSError) {
        guard path.hasPrefix("/") else { throw APIGatewayError.badRequest("Paths begin with a slash: \(path)") }
        var methods: [(name: String, tree: JSON)] = []
        for (name, operation) in item.object ?? [:] {
            let isAny = name == "x-amazon-apigateway-any-method"
            guard isAny || Self.verbs.contains(name.lowercased()) else { continue }
            let verb = isAny ? "ANY" : name.uppercased()
            let shared = item["parameters"]?.array ?? []
            methods.append((verb, try method(verb, path, operation, shared)))
        }
        paths.append((path, methods))
    }

    // MARK: Methods

    private mutating func method(
        _ verb: String, _ path: String, _ operation: JSON, _ shared: [JSON]
    ) throws(AWSError) -> JSON {
        var method: JSON = ["httpMethod": .string(verb), "authorizationType": "NONE", "apiKeyRequired": false]
        method["operationName"] = operation["operationId"]
        secure(&method, operation)
        var parameters = JSON.Object()
        var models = JSON.Object()
        for given in shared + (operation["parameters"]?.array ?? []) {
            let parameter = resolved(given)
            let (name, isRequired) = (parameter["name"]?.string ?? "", parameter["required"] ?? false)
            switch parameter["in"]?.string {
            case "path"?: parameters["method.request.path.\(name)"] = isRequired
            case "query"?: parameters["method.request.querystring.\(name)"] = isRequired
            case "header"?: parameters["method.request.header.\(name)"] = isRequired
            case "body"?:
                let types = (operation["consumes"] ?? tree["consumes"])?.array?.compactMap(\.string)
                for type in types ?? ["application/json"] { models[type] = model(parameter["schema"], verb, path) }
            default: break
            }
        }
        for (type, content) in operation["requestBody"].map(resolved)?["content"]?.object ?? [:] {
            models[type] = model(content["schema"], verb, path)
        }
        if !parameters.isEmpty { method["requestParameters"] = .object(parameters) }
        if !models.isEmpty { method["requestModels"] = .object(models) }
        if let validator = operation["x-amazon-apigateway-request-validator"]
            ?? tree["x-amazon-apigateway-request-validator"]
        {
            // The name; its id is known when it is written.
            method["requestValidatorId"] = validator
        }
        let answers = (operation["responses"]?.object ?? [:]).filter { Int($0.key) != nil }
        if !answers.isEmpty {
            method["methodResponses"] = .object(
                JSON.Object(answers.map { ($0.key, methodResponse($0.key, resolved($0.value), verb, path)) }))
        }
        if let integration = operation["x-amazon-apigateway-integration"] {
            method["methodIntegration"] = try Integration.tree(resolved(integration), method, verb, path)
        }
        return method
    }

    private mutating func methodResponse(_ status: String, _ given: JSON, _ verb: String, _ path: String) -> JSON {
        var response: JSON = ["statusCode": .string(status)]
        let headers = (given["headers"]?.object ?? [:]).map { ("method.response.header.\($0.key)", JSON.bool(false)) }
        if !headers.isEmpty { response["responseParameters"] = .object(JSON.Object(headers)) }
        var models = JSON.Object()
        if let schema = given["schema"] { models["application/json"] = model(schema, verb, path) }
        for (type, content) in given["content"]?.object ?? [:] {
            if content["schema"] != nil { models[type] = model(content["schema"], verb, path) }
        }
        if !models.isEmpty { response["responseModels"] = .object(models) }
        return response
    }

    /// The name of a schema; one that has none gets one of its own.
    private mutating func model(_ schema: JSON?, _ verb: String, _ path: String) -> JSON? {
        guard let schema else { return nil }
        if let name = schema["$ref"]?.string?.split(separator: "/").last { return .string(String(name)) }
        let place = "\(verb)\(path)".filter { $0.isLetter || $0.isNumber }
        let name = "MODEL\(place)\(models.count)"
        models[name] = schema
        return .string(name)
    }

    private func resolved(_ given: JSON) -> JSON {
        guard let reference = given["$ref"]?.string, reference.hasPrefix("#/") else { return given }
        let path = reference.dropFirst(2).split(separator: "/").map(String.init)
        return path.reduce(JSON?.some(tree)) { $0?[$1] } ?? given
    }

    /// Authorizers by name, keys of callers, signatures.
    private func secure(_ method: inout JSON, _ operation: JSON) {
        for (name, _) in ((operation["security"] ?? tree["security"])?.array ?? []).flatMap({ $0.object?.members ?? [] }
        ) {
            guard let scheme = schemes[name] else { continue }
            if authorizers[name] != nil {
                method["authorizationType"] = "CUSTOM"
                method["authorizerId"] = .string(name)
            } else if scheme["x-amazon-apigateway-authtype"]?.string?.lowercased() == "awssigv4" {
                method["authorizationType"] = "AWS_IAM"
            } else if scheme["type"] == "apiKey", scheme["name"]?.string?.lowercased() == "x-api-key" {
                method["apiKeyRequired"] = true
            }
        }
        if operation["x-amazon-apigateway-auth"]?["type"]?.string?.uppercased() == "AWS_IAM" {
            method["authorizationType"] = "AWS_IAM"
        }
    }
}
