public import JSON

/// One line of control in an execution: the execution itself, a branch of a Parallel state, an iteration of a Map state.
public struct ExecutionThread: Sendable {
    /// 0 is the execution itself.
    public let id: Int
    /// The thread whose Parallel or Map state this one belongs to; -1 for the execution itself.
    public let parent: Int
    /// Which branch, which iteration.
    public let index: Int
    /// `$$.Map.Item.Value` of an iteration.
    public let item: JSON?

    public internal(set) var state: String
    public internal(set) var input: Payload
    /// Of this thread's own scope.
    public internal(set) var variables: [String: JSON] = [:]
    /// The last event of this thread.
    var previousId: Int
    var enteredId = 0
    var enteredMs: Int64 = 0
    /// The last event before the state was entered.
    var beforeId = 0
    /// Retries by retrier.
    var attempts: [Int] = []
    /// Of the root: attempts of the whole execution by state, for the mock configuration.
    var counts: [String: Int] = [:]
    public internal(set) var retryCount = 0
    public internal(set) var waiting: Waiting
    /// The execution, or the state around, has failed or was stopped: kept so that it can be redriven.
    public internal(set) var isHalted = false

    /// What the thread is a run of.
    var graph: StateGraph
    /// Whether the store knows it.
    var isStored = false

    public enum Waiting: Sendable {
        /// Enters its state next.
        case entering
        /// Runs its state (again) next, without entering it.
        case running
        case until(Int64, epoch: Int)
        case retry(Int64, epoch: Int)
        case task(TaskAttempt)
        case branches(BranchesWait)
        case mapRun(arn: String, epoch: Int)
    }

    init(
        id: Int, parent: Int, index: Int, item: JSON?, graph: StateGraph, state: String, input: Payload,
        previousId: Int, waiting: Waiting = .entering
    ) {
        self.id = id
        self.parent = parent
        self.index = index
        self.item = item
        self.graph = graph
        self.state = state
        self.input = input
        self.previousId = previousId
        self.waiting = waiting
    }
}

/// One attempt of a Task state.
public struct TaskAttempt: Sendable {
    /// Tells attempts of the same thread apart.
    public let epoch: Int
    public let token: String
    public let resource: TaskResource
    public let parameters: Payload
    public let credentials: JSON?
    /// How many attempts of this state came before, loops included. Counted only with a mock configuration.
    public let invocation: Int
    var timeoutAtMs: Int64?
    var heartbeatMs: Int64?
    var heartbeatAtMs: Int64?
    /// Set since TaskSubmitted.
    public internal(set) var follow: TaskFollow?
    /// What the token brought before the call that sent it on its way had its answer.
    var early: TaskOutcome?
    /// A worker has taken the activity's task.
    public internal(set) var isTaken = false
}

/// How the end of a submitted attempt is learned.
public enum TaskFollow: Sendable, Equatable {
    case token
    case poll(JSON, atMs: Int64)
    case execution(arn: String)
}

/// What has become of an attempt.
public enum TaskOutcome: Sendable, Equatable {
    case succeeded(JSON)
    case failed(StatesError)
    case submitFailed(StatesError)
    case submitted(JSON, TaskFollow)
    case waiting(TaskFollow)
    /// Ends the execution: `Retry` and `Catch` do not see it.
    case aborted(StatesError)
}

/// What a Parallel or an inline Map state waits for.
public struct BranchesWait: Sendable {
    /// The input of the branches; what `ItemSelector` sees as `$`.
    let input: Payload
    /// nil for Parallel.
    let items: [JSON]?
    let count: Int
    /// How many may run at once.
    let concurrency: Int
    /// ParallelStateStarted or MapStateStarted.
    let startedId: Int
}
