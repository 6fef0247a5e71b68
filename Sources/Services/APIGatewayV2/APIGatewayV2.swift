public import BatonCore
public import BatonStore

/// Amazon API Gateway, HTTP APIs: routes to functions, to other HTTP servers and to other services.
public final class APIGatewayV2: Service {
    public static let id = "apigatewayv2"
    public static let operations: [any BatonCore.Operation.Type] = [
        CreateApi.self, CreateDeployment.self, CreateIntegration.self, CreateRoute.self, CreateStage.self,
        DeleteApi.self, DeleteCorsConfiguration.self, DeleteDeployment.self, DeleteIntegration.self,
        DeleteRoute.self, DeleteStage.self, GetApi.self, GetApis.self, GetDeployment.self, GetDeployments.self,
        GetIntegration.self, GetIntegrations.self, GetRoute.self, GetRoutes.self, GetStage.self, GetStages.self,
        GetTags.self, TagResource.self, UntagResource.self, UpdateApi.self, UpdateDeployment.self,
        UpdateIntegration.self, UpdateRoute.self, UpdateStage.self,
    ]
    public static let migrations = [APIRecord.table]

    let apis = Apis()

    public init() {}

    public func start(_ host: Host) async throws {
        try apis.load(host.store)
        host.serve(Execution(apis: apis))
    }
}
