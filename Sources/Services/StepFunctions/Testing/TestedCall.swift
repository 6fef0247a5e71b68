import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage
import Synchronization

/// The call of a Task state that is tested: made once, for real.
struct TestedCall: Sendable {
    let state: State
    /// The context object.
    let about: JSON
    let trace: HTTPTrace
    let context: Context

    /// How long a test may take. Source: Step Functions API reference, TestState.
    private static let mostSeconds: Double = 300

    func make(_ arguments: JSON, limitSeconds: Double?) async -> Result<JSON, StatesError> {
        guard case .task(let fields) = state.kind, let resource = try? TaskResource(fields.resource) else {
            return .failure(StatesError("States.Runtime", "The state cannot be run by itself."))
        }
        if let cause = Tasks().unfit(resource, arguments) { return .failure(StatesError("States.Runtime", cause)) }
        let call = TaskCall(
            resource: resource, parameters: arguments, token: "",
            executionArn: about["Execution"]?["Id"]?.string ?? "",
            stateMachineArn: about["StateMachine"]?["Id"]?.string ?? "", stateName: state.name,
            account: context.account, region: context.region)
        let answer = await within(min(limitSeconds ?? Self.mostSeconds, Self.mostSeconds)) { await work(call) }
        switch answer {
        case .succeeded(let result): return .success(result)
        case .failed(let error), .submitFailed(let error), .aborted(let error): return .failure(error)
        case .submitted(let output, _): return .success(output)
        case .waiting: return .failure(StatesError("States.Timeout"))
        }
    }

    private func work(_ call: TaskCall) async -> TaskAnswer {
        guard call.resource.resourceType == "http" else { return await Tasks().work(call, context).made(context) }
        let trace = trace
        return await HTTPTask(call: call, context: context) { trace.record($0, $1, secrets: $2) }.run()
    }

    /// The answer, or a time-out while the call still goes on.
    private func within(
        _ seconds: Double, _ work: @escaping @Sendable () async -> TaskAnswer
    ) async -> TaskAnswer {
        let first = First()
        return await withUnsafeContinuation { continuation in
            let timer = context.clock.schedule(
                atMs: context.nowMs + Int64(seconds * 1000), pullsTime: true
            ) {
                if first.comes() { continuation.resume(returning: .failed(StatesError("States.Timeout"))) }
            }
            Task {
                let answer = await work()
                timer.cancel()
                if first.comes() { continuation.resume(returning: answer) }
            }
        }
    }

    /// Tells the first of two.
    private final class First: Sendable {
        private let isOver = Mutex(false)

        func comes() -> Bool {
            isOver.withLock { isOver in
                defer { isOver = true }
                return !isOver
            }
        }
    }
}
