public import BatonCore
public import BatonStore

/// Amazon API Gateway, REST APIs: resources and methods in front of functions, other HTTP servers and other services.
public final class APIGateway: Service {
    public static let id = "apigateway"
    public static let operations: [any BatonCore.Operation.Type] = apis + methods + parts + keys
    public static let migrations = [Shelf.table]

    private static let apis: [any BatonCore.Operation.Type] = [
        CreateRestApi.self, GetRestApi.self, GetRestApis.self, UpdateRestApi.self, DeleteRestApi.self,
        ImportRestApi.self, PutRestApi.self, GetExport.self,
        CreateResource.self, GetResource.self, GetResources.self, UpdateResource.self, DeleteResource.self,
        CreateDeployment.self, GetDeployment.self, GetDeployments.self, UpdateDeployment.self, DeleteDeployment.self,
        CreateStage.self, GetStage.self, GetStages.self, UpdateStage.self, DeleteStage.self, FlushStageCache.self,
        FlushStageAuthorizersCache.self, TagResource.self, UntagResource.self, GetTags.self,
    ]
    private static let methods: [any BatonCore.Operation.Type] = [
        PutMethod.self, GetMethod.self, UpdateMethod.self, DeleteMethod.self,
        PutMethodResponse.self, GetMethodResponse.self, UpdateMethodResponse.self, DeleteMethodResponse.self,
        PutIntegration.self, GetIntegration.self, UpdateIntegration.self, DeleteIntegration.self,
        PutIntegrationResponse.self, GetIntegrationResponse.self, UpdateIntegrationResponse.self,
        DeleteIntegrationResponse.self, TestInvokeMethod.self,
    ]
    private static let parts: [any BatonCore.Operation.Type] = [
        CreateModel.self, GetModel.self, GetModels.self, UpdateModel.self, DeleteModel.self,
        CreateRequestValidator.self, GetRequestValidator.self, GetRequestValidators.self, UpdateRequestValidator.self,
        DeleteRequestValidator.self,
        CreateAuthorizer.self, GetAuthorizer.self, GetAuthorizers.self, UpdateAuthorizer.self, DeleteAuthorizer.self,
        TestInvokeAuthorizer.self,
        PutGatewayResponse.self, GetGatewayResponse.self, GetGatewayResponses.self, UpdateGatewayResponse.self,
        DeleteGatewayResponse.self,
    ]
    private static let keys: [any BatonCore.Operation.Type] = [
        CreateApiKey.self, GetApiKey.self, GetApiKeys.self, UpdateApiKey.self, DeleteApiKey.self,
        CreateUsagePlan.self, GetUsagePlan.self, GetUsagePlans.self, UpdateUsagePlan.self, DeleteUsagePlan.self,
        CreateUsagePlanKey.self, GetUsagePlanKey.self, GetUsagePlanKeys.self, DeleteUsagePlanKey.self, GetUsage.self,
        GetAccount.self, UpdateAccount.self,
    ]

    let live = LiveApis()

    public init() {}

    public func start(_ host: Host) async throws { host.serve(Execution(live: live, store: host.store)) }
}
