import BatonCore
import JSON
import StatesLanguage

/// All that Task states can do.
struct Tasks: Sendable {
    /// What to do for an attempt. Activities never come here: their attempts wait for a worker.
    func work(_ call: TaskCall, _ context: Context) -> TaskWork {
        .answered(.failed(StatesError("States.Runtime", "not yet")))
    }

    /// Asks how far a submitted job is.
    func poll(_ call: TaskCall, _ place: JSON, _ context: Context) async -> TaskAnswer {
        .failed(StatesError("States.Runtime", "not yet"))
    }

    /// The answer of an attempt whose nested execution has ended.
    /// - Parameter description: what DescribeExecution answers of it.
    func childEnded(_ call: TaskCall, _ description: JSON) -> TaskAnswer {
        .failed(StatesError("States.Runtime", "not yet"))
    }

    /// The execution was stopped or the attempt has timed out: ends what ``Follow`` says has been submitted.
    func cancel(_ call: TaskCall, _ follow: Follow, _ context: Context) async {}
}
