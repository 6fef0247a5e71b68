import BatonCore
import JSON
import StatesLanguage

/// `states:startExecution`: another state machine as the work of a task.
struct NestedExecution {
    let call: TaskCall
    let context: Context
    let optimized: OptimizedCall

    func work() -> TaskWork {
        let pattern = call.resource.pattern
        let api = APICall(optimized, isSubmission: pattern != .requestResponse)
        return api.work(call, context) { output, _ in
            switch pattern {
            case .requestResponse: .succeeded(output)
            case .waitForTaskToken: .submitted(output, then: .token)
            case .sync, .sync2: .submitted(output, then: .execution(arn: output["ExecutionArn"]?.string ?? ""))
            }
        }
    }

    /// - Parameter description: what DescribeExecution answers of the execution that has ended.
    static func ended(_ description: JSON, pattern: TaskResource.Pattern) -> TaskAnswer {
        let form = ParameterForm(service: "stepfunctions", isOptimized: true)
        var output = form.output(
            description, OptimizedCall.find("states", "describeExecution").flatMap { APICall.outputShape($0) })
        if case .object(let members) = output {
            output = .object(JSON.Object(members.members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
        }
        if pattern == .sync2 {
            for name in ["Input", "Output"] { output.replace(name, with: parsed) }
        }
        guard output["Status"]?.string == "SUCCEEDED" else {
            return .failed(StatesError("States.TaskFailed", output.text()))
        }
        return .succeeded(output)
    }

    private static func parsed(_ value: JSON) -> JSON {
        value.string.flatMap { try? JSON.parse($0) } ?? value
    }
}
