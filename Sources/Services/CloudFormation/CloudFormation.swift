public import BatonCore
public import BatonStore

/// AWS CloudFormation: stacks of resources that the other services hold.
public final class CloudFormation: Service {
    public static let id = "cloudformation"
    public static let migrations: [Migration] = Schema.migrations
    public static let operations: [any Operation.Type] = [
        CancelUpdateStack.self,
        ContinueUpdateRollback.self,
        CreateChangeSet.self,
        CreateStack.self,
        DeleteChangeSet.self,
        DeleteStack.self,
        DescribeAccountLimits.self,
        DescribeChangeSet.self,
        DescribeStackEvents.self,
        DescribeStackResource.self,
        DescribeStackResources.self,
        DescribeStacks.self,
        EstimateTemplateCost.self,
        ExecuteChangeSet.self,
        GetStackPolicy.self,
        GetTemplate.self,
        GetTemplateSummary.self,
        ListChangeSets.self,
        ListExports.self,
        ListImports.self,
        ListStackResources.self,
        ListStacks.self,
        SetStackPolicy.self,
        SignalResource.self,
        UpdateStack.self,
        UpdateTerminationProtection.self,
        ValidateTemplate.self,
    ]

    public init() {}

    public func start(_ host: Host) async throws {
        host.onPath(ResponsePath.prefix, ResponsePath.receive)
        host.onDue(StackEngine.stepKind) { row, context in try await StackStep.handle(row, context) }
        host.onDue(StackEngine.timeoutKind) { row, _ in
            .commit { transaction in
                try StackEngine.report(
                    .cancelled(reason: "Stack creation time exceeded the specified timeout. ", isDelete: false),
                    row.key,
                    row.payload, transaction)
            }
        }
    }
}
