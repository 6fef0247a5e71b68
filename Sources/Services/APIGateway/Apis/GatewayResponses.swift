import AWSWire
import BatonCore
import BatonStore
import JSON

/// Says how the gateway itself answers in one case. Errors: NotFoundException, BadRequestException. Source: API
/// reference, PutGatewayResponse.
enum PutGatewayResponse: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let type = input["responseType"]?.string ?? ""
        let response = GatewayResponseType(rawValue: type)?.tree(input) ?? [:]
        return Changes.write(.gatewayResponse, input, context) { shelf, transaction in
            try shelf.put(.gatewayResponse, type, response, transaction)
            return response
        }
    }
}

/// How the gateway answers in one case: as it was told, else by default. Source: API reference, GetGatewayResponse.
enum GetGatewayResponse: ReadOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let (shelf, type) = (Shelf(.gatewayResponse, input, context), input["responseType"]?.string ?? "")
        let found = try context.read { db in
            _ = try shelf.api(db)
            return try shelf.find(.gatewayResponse, type, db)
        }
        return found ?? GatewayResponseType(rawValue: type)?.tree([:], isDefault: true) ?? [:]
    }
}

/// How the gateway answers in all cases. Source: API reference, GetGatewayResponses.
enum GetGatewayResponses: ReadOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let shelf = Shelf(.gatewayResponse, input, context)
        let own = try context.read { db in
            _ = try shelf.api(db)
            return try shelf.all(.gatewayResponse, db)
        }
        let all = GatewayResponseType.allCases.map { type in
            own.first { $0["responseType"]?.string == type.rawValue } ?? type.tree([:], isDefault: true)
        }
        return ["items": .array(all)]
    }
}

/// Changes how the gateway answers in one case. Source: API reference, UpdateGatewayResponse.
enum UpdateGatewayResponse: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let type = input["responseType"]?.string ?? ""
        return Changes.write(.gatewayResponse, input, context) { shelf, transaction in
            let old = try shelf.find(.gatewayResponse, type, transaction.db)
            let start = old ?? GatewayResponseType(rawValue: type)?.tree([:]) ?? [:]
            var response = try Patch.apply(input["patchOperations"], to: start, name)
            response["responseType"] = .string(type)
            response["defaultResponse"] = false
            try shelf.put(.gatewayResponse, type, response, transaction)
            return response
        }
    }
}

/// Goes back to the answer by default. Source: API reference, DeleteGatewayResponse.
enum DeleteGatewayResponse: DeletingPart { static let kind = PartKind.gatewayResponse }

/// The cases in which the gateway answers itself: status, message and the error that a header names. Source: developer
/// guide, gateway response types.
enum GatewayResponseType: String, CaseIterable, Sendable {
    case accessDenied = "ACCESS_DENIED"
    case apiConfigurationError = "API_CONFIGURATION_ERROR"
    case authorizerConfigurationError = "AUTHORIZER_CONFIGURATION_ERROR"
    case authorizerFailure = "AUTHORIZER_FAILURE"
    case badRequestBody = "BAD_REQUEST_BODY"
    case badRequestParameters = "BAD_REQUEST_PARAMETERS"
    case default4xx = "DEFAULT_4XX"
    case default5xx = "DEFAULT_5XX"
    case expiredToken = "EXPIRED_TOKEN"
    case integrationFailure = "INTEGRATION_FAILURE"
    case integrationTimeout = "INTEGRATION_TIMEOUT"
    case invalidApiKey = "INVALID_API_KEY"
    case invalidSignature = "INVALID_SIGNATURE"
    case missingAuthenticationToken = "MISSING_AUTHENTICATION_TOKEN"
    case quotaExceeded = "QUOTA_EXCEEDED"
    case requestTooLarge = "REQUEST_TOO_LARGE"
    case resourceNotFound = "RESOURCE_NOT_FOUND"
    case throttled = "THROTTLED"
    case unauthorized = "UNAUTHORIZED"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case wafFiltered = "WAF_FILTERED"

    /// nil leaves the status to the case.
    var status: Int? {
        switch self {
        case .default4xx, .default5xx: nil
        case .badRequestBody, .badRequestParameters: 400
        case .unauthorized: 401
        case .accessDenied, .expiredToken, .invalidApiKey, .invalidSignature, .missingAuthenticationToken, .wafFiltered:
            403
        case .resourceNotFound: 404
        case .requestTooLarge: 413
        case .unsupportedMediaType: 415
        case .quotaExceeded, .throttled: 429
        case .apiConfigurationError, .authorizerConfigurationError, .authorizerFailure: 500
        case .integrationFailure, .integrationTimeout: 504
        }
    }

    var error: String {
        switch self {
        case .accessDenied: "AccessDeniedException"
        case .badRequestBody, .badRequestParameters, .unsupportedMediaType: "BadRequestException"
        case .missingAuthenticationToken: "MissingAuthenticationTokenException"
        case .unauthorized: "UnauthorizedException"
        case .requestTooLarge: "RequestTooLargeException"
        case .quotaExceeded: "LimitExceededException"
        case .throttled: "TooManyRequestsException"
        case .default5xx, .apiConfigurationError, .integrationFailure, .integrationTimeout:
            "InternalServerErrorException"
        case .authorizerConfigurationError: "AuthorizerConfigurationException"
        case .authorizerFailure: "AuthorizerFailureException"
        case .resourceNotFound: "NotFoundException"
        default: "ForbiddenException"
        }
    }

    func tree(_ input: JSON, isDefault: Bool = false) -> JSON {
        var tree: JSON = [
            "responseType": .string(rawValue), "responseParameters": input["responseParameters"] ?? [:],
            "responseTemplates": input["responseTemplates"]
                ?? ["application/json": #"{"message":$context.error.messageString}"#],
            "defaultResponse": .bool(isDefault),
        ]
        tree["statusCode"] = input["statusCode"] ?? status.map { .string(String($0)) }
        return tree
    }
}
