import AWSWire
import BatonCore
import BatonStore
import JSON
import Synchronization

/// Stands in for a service: answers each operation with what the test has prepared, in order, and keeps what it got.
final class Script: Sendable {
    private let state: Mutex<(answers: [String: [Result<JSON, AWSError>]], calls: [(String, JSON)])>

    init(_ answers: [String: [Result<JSON, AWSError>]]) { state = Mutex((answers, [])) }

    var calls: [(operation: String, input: JSON)] { state.withLock { $0.calls.map { ($0.0, $0.1) } } }

    func answer(_ operation: String, _ input: JSON) throws(AWSError) -> JSON {
        let answer = state.withLock { state in
            state.calls.append((operation, input))
            // The last answer is given again and again.
            let left = state.answers[operation] ?? []
            if left.count > 1 { state.answers[operation]?.removeFirst() }
            return left.first
        }
        guard let answer else { throw AWSError("NoAnswer", operation, status: 500) }
        return try answer.get()
    }
}

/// A service with a script.
protocol Scripted: Service {
    var script: Script { get }
}

protocol ScriptedOperation: BatonCore.Operation where Input == JSON, Output == JSON {
    associatedtype Owner: Scripted
}

extension ScriptedOperation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try context.service(Owner.self).script.answer(name, input)
    }
}

final class FakeLambda: Scripted {
    static let id = "lambda"
    static let operations: [any BatonCore.Operation.Type] = [Invoke.self]
    static let migrations: [Migration] = []
    let script: Script
    init(_ answers: Result<JSON, AWSError>...) { script = Script(["Invoke": answers]) }

    enum Invoke: ScriptedOperation { typealias Owner = FakeLambda }
}

final class FakeBatch: Scripted {
    static let id = "batch"
    static let operations: [any BatonCore.Operation.Type] = [
        SubmitJob.self, DescribeJobs.self, TerminateJob.self,
    ]
    static let migrations: [Migration] = []
    let script: Script
    init(_ answers: [String: [Result<JSON, AWSError>]]) { script = Script(answers) }

    enum SubmitJob: ScriptedOperation { typealias Owner = FakeBatch }
    enum DescribeJobs: ScriptedOperation { typealias Owner = FakeBatch }
    enum TerminateJob: ScriptedOperation { typealias Owner = FakeBatch }
}

final class FakeStates: Scripted {
    static let id = "stepfunctions"
    static let operations: [any BatonCore.Operation.Type] = [StartExecution.self, StopExecution.self]
    static let migrations: [Migration] = []
    let script: Script
    init(_ answers: [String: [Result<JSON, AWSError>]]) { script = Script(answers) }

    enum StartExecution: ScriptedOperation { typealias Owner = FakeStates }
    enum StopExecution: ScriptedOperation { typealias Owner = FakeStates }
}
