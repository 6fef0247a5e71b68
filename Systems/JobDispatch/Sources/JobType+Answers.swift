import JSON
import LambdaRuntime

extension JobType {
    /// The id of what the call has started. An engine that answers without starting anything is a failure that may
    /// pass, like a call that fails.
    func targetId(of answer: Answer, _ config: ConfigReader, _ run: Run) throws(InvocationError) -> String {
        let output = answer.output
        let found: String?
        switch self {
        case .matillionQueue, .sqs, .sns: found = output["MessageId"]?.string
        case .lambda:
            if let error = output["FunctionError"]?.string {
                let payload = output["Payload"]?.bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
                throw InvocationError("FunctionError", "\(error): \(payload)")
            }
            // An asynchronous call has no other id than its request's.
            found = answer.requestId ?? run.runId
        case .stepFunctions: found = output["executionArn"]?.string
        case .batch: found = output["jobId"]?.string
        case .glue: found = output["JobRunId"]?.string
        case .emr:
            let steps = (output["StepIds"]?.array ?? []).compactMap(\.string)
            found = steps.isEmpty ? nil : steps.joined(separator: ",")
        case .ecs:
            if let failure = output["failures"]?[0] {
                throw InvocationError("RunTaskFailure", failure["reason"]?.string ?? failure.text())
            }
            found = output["tasks"]?[0]?["taskArn"]?.string
        case .eventBridge:
            let entry = output["Entries"]?[0]
            if let code = entry?["ErrorCode"]?.string {
                throw InvocationError(code, entry?["ErrorMessage"]?.string ?? "")
            }
            found = entry?["EventId"]?.string
        case .http:
            let expected = (try? Self.expectedStatus(config)) ?? 200...299
            guard expected.contains(answer.status) else {
                throw InvocationError("UnexpectedStatus", "The target answered with status \(answer.status)")
            }
            found = answer.requestId ?? run.runId
        }
        guard let found else { throw InvocationError("UnexpectedAnswer", "The target's answer has no id") }
        return found
    }

    /// The ARN of an execution that a former attempt has started: its name is taken, and it is this run's.
    static func executionArn(ofCall input: JSON) -> String? {
        guard let machine = input["stateMachineArn"]?.string, let name = input["name"]?.string else { return nil }
        return machine.replacing(":stateMachine:", with: ":execution:") + ":\(name)"
    }
}
