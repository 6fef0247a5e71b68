import AWSWire
import BatonCore
import JSON

/// What a stage serves, as an OpenAPI definition: `swagger` or `oas30`; parameter `extensions` adds `integrations`,
/// `authorizers` or, with `apigateway`, both. JSON is answered also to those who ask for YAML, which it is as well. Errors:
/// NotFoundException, BadRequestException. Source: API reference, GetExport.
enum GetExport: ReadOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let type = input["exportType"]?.string ?? ""
        guard type == "swagger" || type == "oas30" else {
            throw APIGatewayError.badRequest("No API exporter for type '\(type)'")
        }
        let (shelf, name) = (Shelf(.stage, input, context), input["stageName"]?.string ?? "")
        let snapshot = try context.read { db in
            _ = try shelf.api(db)
            let stage = try shelf.require(.stage, name, db)
            return try shelf.require(.snapshot, stage["deploymentId"]?.string ?? "", db)
        }
        let extensions = Set((input["parameters"]?["extensions"]?.string ?? "").split(separator: ",").map(String.init))
        let export = Export(snapshot: snapshot, stage: name, isThird: type == "oas30", extensions: extensions)
        let isYAML = input["accepts"]?.string == "application/yaml"
        return [
            "contentType": isYAML ? "application/yaml" : "application/octet-stream",
            "contentDisposition": .string(
                "attachment; filename=\"\(type)_\(context.nowMs).\(isYAML ? "yaml" : "json")\""),
            "body": .bytes(Array(export.tree.text(pretty: true).utf8)),
        ]
    }
}

struct Export {
    let snapshot: JSON
    let stage: String
    let isThird: Bool
    let extensions: Set<String>

    private func has(_ name: String) -> Bool { extensions.contains(name) || extensions.contains("apigateway") }
    private func parts(_ kind: PartKind) -> [JSON] { snapshot[kind.name]?.array ?? [] }

    var tree: JSON {
        let api = snapshot["api"] ?? [:]
        var info: JSON = ["title": api["name"] ?? "", "version": api["version"] ?? "1.0"]
        info["description"] = api["description"]
        var tree: JSON = isThird ? ["openapi": "3.0.1", "info": info] : ["swagger": "2.0", "info": info]
        if !isThird {
            tree["basePath"] = .string("/\(stage)")
            tree["schemes"] = ["https"]
        }
        var paths = JSON.Object()
        for resource in parts(.resource) {
            let methods = (resource["resourceMethods"]?.object ?? [:]).map { name, method in
                (name == "ANY" ? "x-amazon-apigateway-any-method" : name.lowercased(), operation(method))
            }
            if !methods.isEmpty { paths[resource["path"]?.string ?? ""] = .object(JSON.Object(methods)) }
        }
        tree["paths"] = .object(paths)
        let schemes = JSON.Object(schemes)
        let models = JSON.Object(
            parts(.model).map {
                ($0["name"]?.string ?? "", $0["schema"]?.string.flatMap { try? JSON.parse($0) } ?? [:])
            })
        if isThird {
            tree["components"] = ["schemas": .object(models), "securitySchemes": .object(schemes)]
        } else {
            if !schemes.isEmpty { tree["securityDefinitions"] = .object(schemes) }
            tree["definitions"] = .object(models)
        }
        extend(&tree, api)
        return tree
    }

    private func extend(_ tree: inout JSON, _ api: JSON) {
        guard has("integrations") || has("apigateway") else { return }
        tree["x-amazon-apigateway-binary-media-types"] = api["binaryMediaTypes"]
        let validators = parts(.requestValidator).map { validator in
            var settings = validator
            for member in ["id", "name"] { settings[member] = nil }
            return (validator["name"]?.string ?? "", settings)
        }
        if !validators.isEmpty { tree["x-amazon-apigateway-request-validators"] = .object(JSON.Object(validators)) }
        let responses = parts(.gatewayResponse).map { response in
            var settings = response
            for member in ["responseType", "defaultResponse"] { settings[member] = nil }
            return (response["responseType"]?.string ?? "", settings)
        }
        if !responses.isEmpty { tree["x-amazon-apigateway-gateway-responses"] = .object(JSON.Object(responses)) }
    }

    private var schemes: [(String, JSON)] {
        var schemes: [(String, JSON)] = []
        let methods = parts(.resource).flatMap { $0["resourceMethods"]?.object?.values ?? [] }
        if methods.contains(where: { $0["apiKeyRequired"]?.bool == true }) {
            schemes.append(("api_key", ["type": "apiKey", "name": "x-api-key", "in": "header"]))
        }
        for authorizer in parts(.authorizer) {
            let header = authorizer["identitySource"]?.string?.split(separator: ".").last.map(String.init)
            var scheme: JSON = [
                "type": "apiKey", "name": .string(header ?? "Unused"), "in": "header",
                "x-amazon-apigateway-authtype": authorizer["authType"] ?? "custom",
            ]
            if has("authorizers") {
                var given = authorizer
                for member in ["id", "name", "authType"] { given[member] = nil }
                given["type"] = authorizer["type"]?.string.map { .string($0.lowercased()) }
                scheme["x-amazon-apigateway-authorizer"] = given
            }
            schemes.append((authorizer["name"]?.string ?? "", scheme))
        }
        return schemes
    }

    private func operation(_ method: JSON) -> JSON {
        var operation: JSON = [:]
        operation["operationId"] = method["operationName"]
        var parameters = (method["requestParameters"]?.object ?? [:]).map { name, isRequired -> JSON in
            let parts = name.split(separator: ".", maxSplits: 3).map(String.init)
            let place = parts.count > 2 && parts[2] == "querystring" ? "query" : parts.count > 2 ? parts[2] : ""
            var parameter: JSON = [
                "name": .string(parts.last ?? ""), "in": .string(place), "required": isRequired,
            ]
            if isThird { parameter["schema"] = ["type": "string"] } else { parameter["type"] = "string" }
            return parameter
        }
        let base = isThird ? "#/components/schemas/" : "#/definitions/"
        func content(_ models: JSON?) -> JSON {
            .object(
                JSON.Object(
                    (models?.object ?? [:]).map {
                        ($0.key, ["schema": ["$ref": .string(base + ($0.value.string ?? ""))]])
                    }))
        }
        if let models = method["requestModels"], let first = models.object?.members.first {
            if isThird {
                operation["requestBody"] = ["content": content(models), "required": true]
            } else {
                let schema: JSON = ["$ref": .string(base + (first.value.string ?? ""))]
                parameters.append(["in": "body", "name": first.value, "required": true, "schema": schema])
            }
        }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        operation["responses"] = .object(
            JSON.Object(
                (method["methodResponses"]?.object ?? [:]).map { status, given in
                    var response: JSON = ["description": .string("\(status) response")]
                    let headers = (given["responseParameters"]?.object ?? [:]).keys.map { name -> (String, JSON) in
                        let header = name.split(separator: ".", maxSplits: 3).last.map(String.init) ?? ""
                        return (header, isThird ? ["schema": ["type": "string"]] : ["type": "string"])
                    }
                    if !headers.isEmpty { response["headers"] = .object(JSON.Object(headers)) }
                    if let models = given["responseModels"]?.object, let first = models.members.first {
                        if isThird {
                            response["content"] = content(given["responseModels"])
                        } else {
                            response["schema"] = ["$ref": .string(base + (first.value.string ?? ""))]
                        }
                    }
                    return (status, response)
                }))
        var security: [JSON] = []
        if let authorizer = parts(.authorizer).first(where: { $0["id"] == method["authorizerId"] }) {
            security.append(.object(JSON.Object([(authorizer["name"]?.string ?? "", JSON.array([]))])))
        }
        if method["apiKeyRequired"]?.bool == true { security.append(["api_key": []]) }
        if !security.isEmpty { operation["security"] = .array(security) }
        if has("integrations"), let integration = method["methodIntegration"] {
            operation["x-amazon-apigateway-integration"] = Integration.definition(integration)
        }
        return operation
    }
}
