import AWSModel
import AWSWire
import BatonStore
import GRDB
import JSON

/// What methods, integrations and their answers must be.
enum MethodRules {
    private static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]

    static func check(
        _ part: MethodPart, _ tree: JSON, _ method: JSON, _ shelf: Shelf, _ db: Database
    ) throws {
        switch part {
        case .method: try check(method: tree, shelf, db)
        case .methodResponse: try check(status: tree)
        case .integration: try check(integration: tree, method)
        case .integrationResponse: try check(integrationResponse: tree, method)
        }
    }

    private static func check(method: JSON, _ shelf: Shelf, _ db: Database) throws {
        guard methods.contains(method["httpMethod"]?.string ?? "") else {
            throw APIGatewayError.badRequest(
                "Invalid HttpMethod specified. Valid options are \(methods.sorted().joined(separator: ","))")
        }
        switch method["authorizationType"]?.string {
        case "NONE"?, "AWS_IAM"?: break
        case "CUSTOM"?:
            guard let id = method["authorizerId"]?.string, try shelf.find(.authorizer, id, db) != nil else {
                throw APIGatewayError.badRequest(
                    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."
                )
            }
        case "COGNITO_USER_POOLS"?: throw APIGatewayError.badRequest(AuthorizerRules.noCognito)
        default:
            throw APIGatewayError.badRequest(
                "Invalid authorization type specified. Valid options are NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS")
        }
        for name in method["requestParameters"]?.object?.keys ?? [] {
            let places = ["method.request.path.", "method.request.querystring.", "method.request.header."]
            let multiple = ["method.request.multivaluequerystring.", "method.request.multivalueheader."]
            guard (places + multiple).contains(where: { name.hasPrefix($0) && name.count > $0.count }) else {
                throw APIGatewayError.badRequest(
                    "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping "
                        + "expression parameter specified: \(name)]")
            }
        }
        if let id = method["requestValidatorId"]?.string, !id.isEmpty {
            guard try shelf.find(.requestValidator, id, db) != nil else {
                throw APIGatewayError.badRequest("Invalid Request Validator identifier specified")
            }
        }
        for model in method["requestModels"]?.object?.values ?? [] {
            guard try shelf.find(.model, model.string ?? "", db) != nil else {
                throw APIGatewayError.badRequest("Invalid model identifier specified: \(model.string ?? "")")
            }
        }
    }

    private static func check(status tree: JSON) throws(AWSError) {
        guard let status = Int(tree["statusCode"]?.string ?? ""), (100...599).contains(status) else {
            throw APIGatewayError.badRequest("Invalid Response status code specified")
        }
    }

    static func check(integration tree: JSON, _ method: JSON) throws(AWSError) {
        let (type, uri) = (tree["type"]?.string ?? "", tree["uri"]?.string ?? "")
        if type != "MOCK" {
            guard tree["httpMethod"]?.string?.isEmpty == false else {
                throw APIGatewayError.badRequest("Enumeration value for HttpMethod must be non-empty")
            }
            if type.hasPrefix("AWS") {
                guard uri.hasPrefix("arn:") else {
                    throw APIGatewayError.badRequest("Invalid ARN specified in the request")
                }
                guard let target = ServiceTarget(uri) else {
                    throw APIGatewayError.badRequest("AWS ARN for integration must contain path or action")
                }
                if type == "AWS_PROXY", target.function == nil, target.service == "lambda" {
                    throw APIGatewayError.badRequest("Invalid function ARN or invalid uri")
                }
                if type == "AWS_PROXY", target.service != "lambda" {
                    throw APIGatewayError.badRequest(
                        "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream "
                            + "invocations.")
                }
            } else {
                guard uri.hasPrefix("http://") || uri.hasPrefix("https://") || uri.hasPrefix("${stageVariables.") else {
                    throw APIGatewayError.badRequest("Invalid HTTP endpoint specified for URI")
                }
            }
            guard tree["connectionType"]?.string != "VPC_LINK" else {
                throw APIGatewayError.badRequest("Baton has no VPC links")
            }
        }
        guard (50...29_000).contains(tree["timeoutInMillis"]?.int ?? 29_000) else {
            throw APIGatewayError.badRequest("Timeout should be between 50 ms and 29000 ms")
        }
        for (target, source) in tree["requestParameters"]?.object ?? [:] {
            guard
                ["path.", "querystring.", "header."].contains(where: { target.hasPrefix("integration.request.\($0)") })
            else { throw mapping(target) }
            let text = source.string ?? ""
            if text.hasPrefix("method.request."), !text.hasPrefix("method.request.body"),
                method["requestParameters"]?[text] == nil
            {
                throw mapping(text)
            }
        }
    }

    static func check(integrationResponse tree: JSON, _ method: JSON) throws(AWSError) {
        try check(status: tree)
        if let pattern = tree["selectionPattern"]?.string, !pattern.isEmpty {
            _ = try SelectionPattern.compiled(pattern)
        }
        let declared = method["methodResponses"]?[tree["statusCode"]?.string ?? ""]?["responseParameters"]
        for target in tree["responseParameters"]?.object?.keys ?? [] {
            guard target.hasPrefix("method.response."), declared?[target] != nil else { throw mapping(target) }
        }
    }

    private static func mapping(_ parameter: String) -> AWSError {
        APIGatewayError.badRequest(
            "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression "
                + "parameter specified: \(parameter)]")
    }
}

/// The regular expressions that users give: matched as a whole and in time proportional to text × pattern. A leading
/// `(?s)` says what holds here anyway. Others than the matcher's subset are refused.
enum SelectionPattern {
    static func compiled(_ text: String) throws(AWSError) -> Pattern {
        guard let pattern = Pattern(text.hasPrefix("(?s)") ? String(text.dropFirst(4)) : text) else {
            throw APIGatewayError.badRequest(
                "Invalid regular expression, or one that Baton does not understand: \(text)")
        }
        return pattern
    }

    static func matches(_ text: String, _ pattern: String) -> Bool {
        (try? compiled(pattern))?.matches(text) ?? false
    }
}
