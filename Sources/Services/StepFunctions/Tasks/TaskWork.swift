import AWSWire
import BatonCore
import JSON
import StatesLanguage

/// One attempt of a Task state, as the engine asks for it.
struct TaskCall: Sendable {
    var resource: TaskResource
    /// `Parameters` or `Arguments` evaluated (the state's input where there are none): as TaskScheduled shows them.
    var parameters: JSON
    /// The token of this attempt, also when the pattern needs none.
    var token: String
    var executionArn: String
    var stateMachineArn: String
    var stateName: String
    /// How often the state has been tried again since it was entered.
    var retryCount = 0
    /// `Credentials` evaluated.
    var credentials: JSON?
    var account: String
    var region: String
    /// The test case of the mock configuration that the execution was started with (`#TestCase`).
    var mockCase: String?
    /// How many attempts of this state the execution has made before this one, retries and loops included.
    var invocation = 0
}

/// What has become of an attempt.
enum TaskAnswer: Sendable, Equatable {
    /// TaskSucceeded or LambdaFunctionSucceeded.
    case succeeded(JSON)
    /// TaskFailed or LambdaFunctionFailed: the call was made and failed.
    case failed(StatesError)
    /// TaskSubmitFailed: what should have started the job or brought the token on its way failed.
    case submitFailed(StatesError)
    /// TaskSubmitted with this output; the attempt goes on.
    case submitted(JSON, then: Follow)
    /// Nothing new since TaskSubmitted; no event.
    case waiting(Follow)
    /// The attempt ends the execution at once; `Retry` and `Catch` do not see it.
    case aborted(StatesError)
}

/// How the engine learns of the end of a submitted attempt.
enum Follow: Sendable, Equatable {
    /// Somebody brings the token: SendTaskSuccess, SendTaskFailure.
    case token
    /// ``Tasks/poll(_:_:_:)`` at this time, with this place (stored with the attempt).
    case poll(JSON, atMs: Int64)
    /// When this execution ends, ``Tasks/childEnded(_:_:)``; it may have ended already.
    case execution(arn: String)
}

/// What the engine does for an attempt.
enum TaskWork: Sendable {
    /// A write of a local service, to run in the transaction that records its outcome: exactly once. When it throws an
    /// AWSError, its own changes roll back and the error is the outcome.
    case write(Write<Enlisted>, answer: @Sendable (Result<JSON, AWSError>) -> TaskAnswer)
    /// At least once: made again when Baton ends before the outcome is recorded.
    case call(@Sendable () async -> TaskAnswer)
    /// Known without doing anything.
    case answered(TaskAnswer)
}
