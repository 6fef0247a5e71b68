public import AWSWire
public import BatonCore
public import BatonStore

/// AWS Step Functions: state machines, durable executions, activities.
public final class StepFunctions: Service {
    public static let id = "stepfunctions"

    public static let operations: [any BatonCore.Operation.Type] = [
        // Machines, versions, aliases, tags.
        CreateStateMachine.self,
        CreateStateMachineAlias.self,
        DeleteStateMachine.self,
        DeleteStateMachineAlias.self,
        DeleteStateMachineVersion.self,
        DescribeStateMachine.self,
        DescribeStateMachineAlias.self,
        ListStateMachineAliases.self,
        ListStateMachineVersions.self,
        ListStateMachines.self,
        ListTagsForResource.self,
        PublishStateMachineVersion.self,
        TagResource.self,
        UntagResource.self,
        UpdateStateMachine.self,
        UpdateStateMachineAlias.self,
        ValidateStateMachineDefinition.self,
        // Activities and task tokens.
        CreateActivity.self,
        DeleteActivity.self,
        DescribeActivity.self,
        GetActivityTask.self,
        ListActivities.self,
        SendTaskFailure.self,
        SendTaskHeartbeat.self,
        SendTaskSuccess.self,
        TestState.self,
        // Executions and map runs.
        DescribeExecution.self,
        DescribeMapRun.self,
        DescribeStateMachineForExecution.self,
        GetExecutionHistory.self,
        ListExecutions.self,
        ListMapRuns.self,
        RedriveExecution.self,
        StartExecution.self,
        StartSyncExecution.self,
        StopExecution.self,
        UpdateMapRun.self,
    ]

    public static let migrations: [Migration] = [
        MachineSchema.first,
        Activity.schema,
        ExecutionSchema.first,
        MapRunSchema.first,
    ]

    let machines: Machines
    let engine: Engine

    private let mocks: Result<Mocks?, Mocks.Malformed>

    public convenience init() { self.init(mocks: { () throws(Mocks.Malformed) in try Mocks.configured() }) }

    init(mocks: () throws(Mocks.Malformed) -> Mocks?) {
        machines = Machines()
        self.mocks = Result(catching: mocks)
        engine = Engine(machines, tasks: Tasks(mocks: try? self.mocks.get()))
    }

    public func start(_ host: Host) async throws {
        _ = try mocks.get()
        // One at a time, so that logs are in the order of their histories.
        host.onDue(ExecutionLog.kind, limit: 1) { row, context in try await ExecutionLog.deliver(row, context) }
        try await machines.deletions.load(host.store)
        try await Retention.start(host)
        try await engine.start(host)
    }

    public func stop() async { await engine.stop() }

    public func answer(_ request: HTTPRequest, _ context: Context) async -> HTTPResponse? {
        await Interventions.answer(request, context)
    }
}
