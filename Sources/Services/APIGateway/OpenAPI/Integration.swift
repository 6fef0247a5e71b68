import AWSWire
import JSON

/// `x-amazon-apigateway-integration` and the member tree of GetIntegration. Source: developer guide, OpenAPI extensions.
enum Integration {
    private static let plain = [
        "httpMethod", "uri", "credentials", "requestTemplates", "requestParameters", "timeoutInMillis",
        "cacheNamespace", "cacheKeyParameters", "connectionId", "tlsConfig",
    ]
    private static let upper = ["type", "passthroughBehavior", "contentHandling", "connectionType"]

    static func tree(_ given: JSON, _ method: JSON, _ verb: String, _ path: String) throws(AWSError) -> JSON {
        var tree: JSON = [
            "type": "", "passthroughBehavior": "WHEN_NO_MATCH", "timeoutInMillis": 29_000, "cacheKeyParameters": [],
        ]
        for member in plain { if let value = given[member] { tree[member] = value } }
        for member in upper { if let text = given[member]?.string { tree[member] = .string(text.uppercased()) } }
        if tree["type"] == "HTTP_PROXY" || tree["type"] == "HTTP", tree["httpMethod"] == nil {
            tree["httpMethod"] = .string(verb)
        }
        var responses = JSON.Object()
        for (pattern, given) in given["responses"]?.object ?? [:] {
            let status = given["statusCode"].map(ParameterMapping.text) ?? "200"
            var response: JSON = ["statusCode": .string(status)]
            if pattern != "default" { response["selectionPattern"] = .string(pattern) }
            for member in ["responseParameters", "responseTemplates"] { response[member] = given[member] }
            response["contentHandling"] = given["contentHandling"]?.string.map { .string($0.uppercased()) }
            responses[status] = response
        }
        if !responses.isEmpty { tree["integrationResponses"] = .object(responses) }
        do throws(AWSError) {
            guard ["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"].contains(tree["type"]?.string ?? "") else {
                throw APIGatewayError.badRequest("Enumeration value for IntegrationType must be non-empty")
            }
            try MethodRules.check(integration: tree, method)
            for response in responses.values { try MethodRules.check(integrationResponse: response, method) }
        } catch {
            throw APIGatewayError.badRequest(
                "Errors found during import:\n\tUnable to put integration on '\(verb)' for resource at path '\(path)': "
                    + error.message)
        }
        return tree
    }

    /// The other way, for exports.
    static func definition(_ tree: JSON) -> JSON {
        var result: JSON = [:]
        for member in plain { result[member] = tree[member] }
        for member in upper { result[member] = tree[member]?.string.map { .string($0.lowercased()) } }
        result["contentHandling"] = tree["contentHandling"]
        var responses = JSON.Object()
        for (_, response) in tree["integrationResponses"]?.object ?? [:] {
            var response = response
            let pattern = response["selectionPattern"]?.string ?? "default"
            response["selectionPattern"] = nil
            responses[pattern] = response
        }
        if !responses.isEmpty { result["responses"] = .object(responses) }
        return result
    }
}
