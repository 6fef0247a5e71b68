import AWSWire

/// All types of resources that templates may use here.
enum ResourceCatalog {
    static let all: [any ResourceType] =
        foundation + eventing + restApis + stateMachines + batch + secrets + LogsParts.all

    private static let foundation: [any ResourceType] = [
        SNSTopic(), SNSTopicPolicy(), SNSSubscription(), SQSQueue(), SQSQueuePolicy(), DynamoDBTable(),
        LambdaFunction(), LambdaPermission(), LambdaEventSourceMapping(), LambdaEventInvokeConfig(), LambdaVersion(),
        LambdaAlias(), LambdaLayerVersion(), LambdaLayerVersionPermission(), LambdaURL(), LogsLogGroup(),
        LogsLogStream(), S3Bucket(), S3BucketPolicy(), IAMRole(), IAMPolicy(),
        IAMManagedPolicy(), IAMInstanceProfile(), IAMUser(), NestedStack(), WaitConditionHandle(),
        WaitCondition(),
    ]
    private static let eventing: [any ResourceType] = [
        EventsEventBus(), EventsEventBusPolicy(), EventsRule(), EventsArchive(), EventsConnection(),
        EventsApiDestination(), SchedulerScheduleGroup(), SchedulerSchedule(),
        ApiGatewayApi(), ApiGatewayRoute(), ApiGatewayIntegration(), ApiGatewayStage(), ApiGatewayDeployment(),
    ]
    private static let restApis: [any ResourceType] =
        RestApiPart.all + [
            RestApiResource(), RestApiMethod(), RestApiDeployment(), RestApiStage(), RestApiGatewayResponse(),
            RestApiUsagePlanKey(), RestApiAccount(),
        ]
    private static let stateMachines: [any ResourceType] = [
        StepFunctionsStateMachine(), StepFunctionsVersion(), StepFunctionsAlias(), StepFunctionsActivity(),
    ]
    private static let batch: [any ResourceType] = [
        BatchComputeEnvironment(), BatchJobQueue(), BatchJobDefinition(), BatchSchedulingPolicy(),
        BatchConsumableResource(),
    ]
    private static let secrets: [any ResourceType] = [
        SecretsManagerSecret(), SecretsManagerTargetAttachment(), SecretsManagerRotationSchedule(),
        SecretsManagerResourcePolicy(), SSMParameter(),
    ]
    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    static func type(_ name: String) -> (any ResourceType)? {
        byName[name] ?? (CustomResource.isCustom(name) ? CustomResource(name: name) : nil)
    }

    /// Refuses a template with types that are unknown here, and attributes that a type does not have.
    static func check(_ template: Template) throws(AWSError) {
        let unknown = Template.unique(template.resources.map(\.type).filter { type($0) == nil })
        guard unknown.isEmpty else {
            throw CloudFormationError.format("Unrecognized resource types: \(CloudFormationError.list(unknown))")
        }
        let types = Dictionary(template.resources.map { ($0.logicalId, $0.type) }) { first, _ in first }
        for tree in template.resources.map(\.properties) + template.outputs.map(\.value) {
            for (logicalId, attribute) in try References.attributes(of: tree) {
                guard let name = types[logicalId], let type = type(name), !type.knowsAttribute(attribute) else {
                    continue
                }
                throw CloudFormationError.template(
                    "resource \(logicalId) does not support attribute type \(attribute) in Fn::GetAtt")
            }
        }
    }
}
