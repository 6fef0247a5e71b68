public import BatonCore
public import BatonStore

/// Amazon API Gateway, HTTP APIs: routes to functions and to other services.
public final class APIGatewayV2: Service {
    public static let id = "apigatewayv2"
    public static let operations: [any BatonCore.Operation.Type] = []
    public static let migrations: [Migration] = []

    public init() {}
}
