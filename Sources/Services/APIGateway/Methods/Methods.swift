import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds a method to a resource: who may call it and what a request must have. Source: API reference, PutMethod.
enum PutMethod: PuttingMethodPart {
    static let part = MethodPart.method

    static func tree(_ input: JSON) throws(AWSError) -> JSON {
        var tree: JSON = [
            "httpMethod": input["httpMethod"] ?? "", "authorizationType": input["authorizationType"] ?? "NONE",
            "apiKeyRequired": input["apiKeyRequired"] ?? false,
        ]
        for member in [
            "authorizerId", "operationName", "requestParameters", "requestModels", "requestValidatorId",
            "authorizationScopes",
        ] { tree[member] = input[member] }
        return tree
    }
}

/// One method with its answers and its integration. Source: API reference, GetMethod.
enum GetMethod: GettingMethodPart { static let part = MethodPart.method }

/// Changes a method. Source: API reference, UpdateMethod.
enum UpdateMethod: UpdatingMethodPart { static let part = MethodPart.method }

/// Removes a method. Source: API reference, DeleteMethod.
enum DeleteMethod: DeletingMethodPart { static let part = MethodPart.method }

// MARK: - Answers

/// Declares an answer of a method: headers and models of one status. Source: API reference, PutMethodResponse.
enum PutMethodResponse: PuttingMethodPart {
    static let part = MethodPart.methodResponse

    static func tree(_ input: JSON) throws(AWSError) -> JSON {
        var tree: JSON = ["statusCode": input["statusCode"] ?? ""]
        for member in ["responseParameters", "responseModels"] { tree[member] = input[member] }
        return tree
    }
}

/// One answer of a method. Source: API reference, GetMethodResponse.
enum GetMethodResponse: GettingMethodPart { static let part = MethodPart.methodResponse }

/// Changes an answer of a method. Source: API reference, UpdateMethodResponse.
enum UpdateMethodResponse: UpdatingMethodPart { static let part = MethodPart.methodResponse }

/// Removes an answer of a method. Source: API reference, DeleteMethodResponse.
enum DeleteMethodResponse: DeletingMethodPart { static let part = MethodPart.methodResponse }

// MARK: - Integrations

/// Says what stands behind a method. Source: API reference, PutIntegration.
enum PutIntegration: PuttingMethodPart {
    static let part = MethodPart.integration

    static func tree(_ input: JSON) throws(AWSError) -> JSON {
        var tree: JSON = [
            "type": input["type"] ?? "", "passthroughBehavior": input["passthroughBehavior"] ?? "WHEN_NO_MATCH",
            "timeoutInMillis": input["timeoutInMillis"] ?? 29_000,
            "cacheNamespace": input["cacheNamespace"] ?? input["resourceId"] ?? "",
            "cacheKeyParameters": input["cacheKeyParameters"] ?? [],
        ]
        tree["httpMethod"] = input["integrationHttpMethod"]
        for member in [
            "uri", "connectionType", "connectionId", "credentials", "requestParameters", "requestTemplates",
            "contentHandling", "tlsConfig", "responseTransferMode", "integrationTarget",
        ] { tree[member] = input[member] }
        return tree
    }
}

/// What stands behind a method. Source: API reference, GetIntegration.
enum GetIntegration: GettingMethodPart { static let part = MethodPart.integration }

/// Changes what stands behind a method. Source: API reference, UpdateIntegration.
enum UpdateIntegration: UpdatingMethodPart { static let part = MethodPart.integration }

/// Removes what stands behind a method. Source: API reference, DeleteIntegration.
enum DeleteIntegration: DeletingMethodPart { static let part = MethodPart.integration }

// MARK: - Answers of integrations

/// Says which answers of an integration become which answer of the method. Source: API reference,
/// PutIntegrationResponse.
enum PutIntegrationResponse: PuttingMethodPart {
    static let part = MethodPart.integrationResponse

    static func tree(_ input: JSON) throws(AWSError) -> JSON {
        var tree: JSON = ["statusCode": input["statusCode"] ?? ""]
        for member in ["selectionPattern", "responseParameters", "responseTemplates", "contentHandling"] {
            tree[member] = input[member]
        }
        return tree
    }
}

/// One mapping of answers. Source: API reference, GetIntegrationResponse.
enum GetIntegrationResponse: GettingMethodPart { static let part = MethodPart.integrationResponse }

/// Changes a mapping of answers. Source: API reference, UpdateIntegrationResponse.
enum UpdateIntegrationResponse: UpdatingMethodPart { static let part = MethodPart.integrationResponse }

/// Removes a mapping of answers. Source: API reference, DeleteIntegrationResponse.
enum DeleteIntegrationResponse: DeletingMethodPart { static let part = MethodPart.integrationResponse }
