public import JSON
public import JSONata

/// What happens to an execution.
public enum ExecutionEvent: Sendable {
    case start
    /// Goes on where the last step stopped for its size, or after a restart.
    case proceed
    /// The time of a thread has come; thread -1 is the execution's own time limit.
    case timer(thread: Int, epoch: Int)
    case answer(thread: Int, epoch: Int, TaskOutcome)
    /// SendTaskSuccess, SendTaskFailure.
    case brought(thread: Int, epoch: Int, TaskOutcome)
    case heartbeat(thread: Int, epoch: Int)
    /// A worker has taken the task of an activity.
    case taken(thread: Int, epoch: Int, worker: String?)
    case mapRunEnded(thread: Int, epoch: Int, MapRunOutcome)
    case stop(error: String?, cause: String?)
    /// Goes on from where it failed, timed out or was stopped.
    case redrive
    /// Leaves the state with this output, whatever it waits for.
    case skip(state: String, output: JSON)
    /// The next attempt of the state starts with this input.
    case changeInput(state: String, input: JSON)
}

public enum MapRunOutcome: Sendable, Equatable {
    case succeeded(JSON)
    case failed(StatesError)
}

/// What is to be done after a step has been committed.
public enum Effect: Sendable {
    /// The thread's ``TaskAttempt`` is to be made.
    case task(thread: Int)
    /// The attempt is to be asked after.
    case poll(thread: Int, TaskAttempt)
    /// What was submitted is to be ended.
    case cancel(thread: Int, state: String, TaskAttempt)
    /// Takes the place of the thread's timer.
    case timer(thread: Int, epoch: Int, atMs: Int64)
    case cancelTimer(thread: Int)
    case startMapRun(thread: Int, MapRunStart)
    case stopMapRun(arn: String)
    case redriveMapRun(arn: String)
}

/// What a distributed Map state asks for.
public struct MapRunStart: Sendable {
    public let arn: String
    public let epoch: Int
    public let state: String
    /// The label of the map run, as its ARN has it.
    public let label: String
    public let isExpress: Bool
    /// An array, or an object whose members are the items; nil when `ItemReader` finds them.
    public let items: JSON?
    /// What `ItemSelector`, `ItemBatcher`, `ItemReader` and `ResultWriter` see.
    public let input: JSON
    public let context: JSON
    public let variables: [String: JSON]
    /// 0: no limit.
    public let maxConcurrency: Int
    public let toleratedFailureCount: Int
    public let toleratedFailurePercentage: Double
}

/// How an execution has ended.
public struct ExecutionEnd: Sendable {
    public enum Status: String, Sendable {
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case timedOut = "TIMED_OUT"
        case aborted = "ABORTED"
    }
    public let status: Status
    public var output: Payload?
    public var error: String?
    public var cause: String?

    public init(status: Status, output: Payload?, error: String?, cause: String?) {
        self.status = status
        self.output = output
        self.error = error
        self.cause = cause
    }
}

/// What is committed at once.
public struct Step: Sendable {
    public var history: [HistoryEvent] = []
    public var effects: [Effect] = []
    /// Threads to store.
    public var changed: Set<Int> = []
    /// Stored threads to remove.
    public var removed: Set<Int> = []
    /// Outputs of branches and iterations whose Parallel or Map state goes on.
    public var outputs: [(thread: Int, index: Int, output: Payload)] = []
    /// Threads whose stored outputs are to be removed.
    public var settled: Set<Int> = []
    public var end: ExecutionEnd?
    /// There is more to do at once: the step was cut for its size.
    public var hasMore = false

    public var isEmpty: Bool {
        history.isEmpty && effects.isEmpty && changed.isEmpty && removed.isEmpty && end == nil && !hasMore
    }
}

/// The surroundings of a step.
public struct Moment: Sendable {
    public let nowMs: Int64
    public let environment: Environment
    /// Makes the token of an attempt of a thread.
    public let token: @Sendable (_ thread: Int, _ epoch: Int) -> String
    /// Why parameters make no call of a resource, in AWS's words; nil when they do.
    public let unfit: @Sendable (TaskResource, JSON) -> String?

    public init(
        nowMs: Int64, environment: Environment,
        unfit: @escaping @Sendable (TaskResource, JSON) -> String? = { _, _ in nil },
        token: @escaping @Sendable (_ thread: Int, _ epoch: Int) -> String
    ) {
        self.nowMs = nowMs
        self.environment = environment
        self.unfit = unfit
        self.token = token
    }
}

/// What does not change while an execution runs.
public struct ExecutionFacts: Sendable {
    public let arn: String
    public let name: String
    /// For a child of a distributed Map state with its label.
    public let machineArn: String
    public let machineName: String
    public let roleArn: String
    public let region: String
    public let startMs: Int64
    public let input: Payload
    public let graph: StateGraph
    public let timeoutSeconds: Int?
    public let isExpress: Bool
    /// What the first state begins with, when that is not the input, and the variables that it sees.
    public var firstInput: JSON?
    public var variables: [String: JSON] = [:]
    /// Counts the attempts of states for the mock configuration.
    public let countsAttempts: Bool

    public init(
        arn: String, name: String, machineArn: String, machineName: String, roleArn: String, region: String,
        startMs: Int64, input: Payload, graph: StateGraph, timeoutSeconds: Int?, isExpress: Bool,
        countsAttempts: Bool = false
    ) {
        self.arn = arn
        self.name = name
        self.machineArn = machineArn
        self.machineName = machineName
        self.roleArn = roleArn
        self.region = region
        self.startMs = startMs
        self.input = input
        self.graph = graph
        self.timeoutSeconds = timeoutSeconds
        self.isExpress = isExpress
        self.countsAttempts = countsAttempts
    }
}
