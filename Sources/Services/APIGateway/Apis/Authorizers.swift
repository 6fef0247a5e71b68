import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes an authorizer: a function that says who may call. Those of Cognito are refused. Errors: NotFoundException,
/// BadRequestException. Source: API reference, CreateAuthorizer.
enum CreateAuthorizer: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let id = Changes.id(context)
        var authorizer = input
        authorizer["restApiId"] = nil
        authorizer["id"] = .string(id)
        authorizer["authType"] = input["authType"] ?? "custom"
        if input["type"] == "TOKEN", input["identitySource"] == nil {
            authorizer["identitySource"] = "method.request.header.Authorization"
        }
        authorizer["authorizerResultTtlInSeconds"] = input["authorizerResultTtlInSeconds"] ?? 300
        try AuthorizerRules.check(authorizer)
        return Changes.write(.authorizer, input, context) { [authorizer] shelf, transaction in
            guard try !shelf.all(.authorizer, transaction.db).contains(where: { $0["name"] == authorizer["name"] })
            else {
                throw APIGatewayError.badRequest(
                    "Authorizer name must be unique. Authorizer \(authorizer["name"]?.string ?? "") already exists in "
                        + "this RestApi.")
            }
            try shelf.put(.authorizer, id, authorizer, transaction)
            return authorizer
        }
    }
}

/// One authorizer. Source: API reference, GetAuthorizer.
enum GetAuthorizer: GettingPart { static let kind = PartKind.authorizer }

/// The authorizers of an API. Source: API reference, GetAuthorizers.
enum GetAuthorizers: ListingParts { static let kind = PartKind.authorizer }

/// Changes an authorizer. Source: API reference, UpdateAuthorizer.
enum UpdateAuthorizer: UpdatingPart {
    static let kind = PartKind.authorizer

    static func settle(_ part: inout JSON, _ old: JSON, _ shelf: Shelf, _ transaction: Transaction) throws {
        try AuthorizerRules.check(part)
    }
}

/// Removes an authorizer. Source: API reference, DeleteAuthorizer.
enum DeleteAuthorizer: DeletingPart { static let kind = PartKind.authorizer }

enum AuthorizerRules {
    static let noCognito = "Baton has no Cognito user pools: use an authorizer of type TOKEN or REQUEST"

    static func check(_ authorizer: JSON) throws(AWSError) {
        guard let type = authorizer["type"]?.string, type != "COGNITO_USER_POOLS" else {
            throw APIGatewayError.badRequest(noCognito)
        }
        guard let uri = authorizer["authorizerUri"]?.string, uri.hasPrefix("arn:"), uri.contains("/functions/") else {
            throw APIGatewayError.badRequest("Invalid Authorizer URI: \(authorizer["authorizerUri"]?.string ?? "")")
        }
        let ttl = authorizer["authorizerResultTtlInSeconds"]?.int ?? 300
        guard (0...3600).contains(ttl) else {
            throw APIGatewayError.badRequest("Authorizer result TTL must be between 0 and 3600 seconds")
        }
        if type == "REQUEST", ttl > 0, authorizer["identitySource"]?.string?.isEmpty ?? true {
            throw APIGatewayError.badRequest("Identity source is required when caching is enabled")
        }
        if let pattern = authorizer["identityValidationExpression"]?.string, !pattern.isEmpty {
            _ = try SelectionPattern.compiled(pattern)
        }
    }
}
