public import JSON

/// One event of an execution's history, as GetExecutionHistory shows it.
public struct HistoryEvent: Sendable {
    /// From 1.
    public let id: Int
    /// The event that led to this one in its branch or iteration; 0 for the first two.
    public let previousId: Int
    public let atMs: Int64
    public let type: Kind
    public let details: Details

    /// What the event tells. Those that every state has are kept apart from their JSON, so that nothing is built which
    /// nobody reads.
    public enum Details: Sendable {
        case none
        case started(input: String, roleArn: String)
        case entered(state: String, input: String)
        /// - assigned: the texts of the assigned variables.
        case exited(state: String, output: String, assigned: JSON.Object?)
        case iteration(state: String, index: Int)
        case succeeded(output: String)
        case members(JSON.Object)
    }

    public enum Kind: String, Sendable {
        case executionStarted = "ExecutionStarted"
        case executionSucceeded = "ExecutionSucceeded"
        case executionFailed = "ExecutionFailed"
        case executionTimedOut = "ExecutionTimedOut"
        case executionAborted = "ExecutionAborted"
        case executionRedriven = "ExecutionRedriven"
        case evaluationFailed = "EvaluationFailed"
        case passStateEntered = "PassStateEntered"
        case passStateExited = "PassStateExited"
        case taskStateEntered = "TaskStateEntered"
        case taskStateExited = "TaskStateExited"
        case taskStateAborted = "TaskStateAborted"
        case choiceStateEntered = "ChoiceStateEntered"
        case choiceStateExited = "ChoiceStateExited"
        case waitStateEntered = "WaitStateEntered"
        case waitStateExited = "WaitStateExited"
        case waitStateAborted = "WaitStateAborted"
        case succeedStateEntered = "SucceedStateEntered"
        case succeedStateExited = "SucceedStateExited"
        case failStateEntered = "FailStateEntered"
        case parallelStateEntered = "ParallelStateEntered"
        case parallelStateExited = "ParallelStateExited"
        case parallelStateStarted = "ParallelStateStarted"
        case parallelStateSucceeded = "ParallelStateSucceeded"
        case parallelStateFailed = "ParallelStateFailed"
        case parallelStateAborted = "ParallelStateAborted"
        case mapStateEntered = "MapStateEntered"
        case mapStateExited = "MapStateExited"
        case mapStateStarted = "MapStateStarted"
        case mapStateSucceeded = "MapStateSucceeded"
        case mapStateFailed = "MapStateFailed"
        case mapStateAborted = "MapStateAborted"
        case mapIterationStarted = "MapIterationStarted"
        case mapIterationSucceeded = "MapIterationSucceeded"
        case mapIterationFailed = "MapIterationFailed"
        case mapIterationAborted = "MapIterationAborted"
        case mapRunStarted = "MapRunStarted"
        case mapRunSucceeded = "MapRunSucceeded"
        case mapRunFailed = "MapRunFailed"
        case mapRunAborted = "MapRunAborted"
        case mapRunRedriven = "MapRunRedriven"
        case taskScheduled = "TaskScheduled"
        case taskStarted = "TaskStarted"
        case taskSubmitted = "TaskSubmitted"
        case taskSubmitFailed = "TaskSubmitFailed"
        case taskSucceeded = "TaskSucceeded"
        case taskFailed = "TaskFailed"
        case taskTimedOut = "TaskTimedOut"
        case lambdaFunctionScheduled = "LambdaFunctionScheduled"
        case lambdaFunctionStarted = "LambdaFunctionStarted"
        case lambdaFunctionSucceeded = "LambdaFunctionSucceeded"
        case lambdaFunctionFailed = "LambdaFunctionFailed"
        case lambdaFunctionTimedOut = "LambdaFunctionTimedOut"
        case activityScheduled = "ActivityScheduled"
        case activityStarted = "ActivityStarted"
        case activitySucceeded = "ActivitySucceeded"
        case activityFailed = "ActivityFailed"
        case activityTimedOut = "ActivityTimedOut"
    }
}

extension HistoryEvent {
    /// The member that holds the details of events of this type.
    public var detailsName: String {
        switch details {
        case .entered: return "stateEnteredEventDetails"
        case .exited: return "stateExitedEventDetails"
        default:
            let name = type.rawValue
            return name.prefix(1).lowercased() + name.dropFirst() + "EventDetails"
        }
    }

    /// The details as JSON; nil when there are none.
    public var members: JSON.Object? {
        switch details {
        case .none: return nil
        case .started(let input, let roleArn):
            return ["input": .string(input), "inputDetails": .wholeText, "roleArn": .string(roleArn)]
        case .entered(let state, let input):
            return ["name": .string(state), "input": .string(input), "inputDetails": .wholeText]
        case .exited(let state, let output, let assigned):
            var members: JSON.Object = [
                "name": .string(state), "output": .string(output), "outputDetails": .wholeText,
            ]
            if let assigned {
                members["assignedVariables"] = .object(assigned)
                members["assignedVariablesDetails"] = .wholeText
            }
            return members
        case .iteration(let state, let index): return ["name": .string(state), "index": .number(index)]
        case .succeeded(let output): return ["output": .string(output), "outputDetails": .wholeText]
        case .members(let members): return members
        }
    }

    /// The tree of members of a `HistoryEvent`.
    public var tree: JSON {
        var event: JSON.Object = [
            "timestamp": .number(Double(atMs) / 1000), "type": .string(type.rawValue), "id": .number(id),
            "previousEventId": .number(previousId),
        ]
        if let members { event[detailsName] = .object(members) }
        return .object(event)
    }
}

/// A value with its text, which is made once: histories show the same value as an output and as the next input.
public struct Payload: Sendable {
    public let value: JSON
    public let text: String

    public init(_ value: JSON) {
        self.value = value
        text = value.text()
    }

    /// - Parameter text: what `value` was parsed from.
    public init(_ value: JSON, text: String) {
        self.value = value
        self.text = text
    }

    /// Bytes that an input, an output or a result may have.
    /// Source: Step Functions developer guide, "Quotas related to state executions".
    public static let limit = 262_144

    var isTooLarge: Bool { text.utf8.count > Self.limit }
}

extension JSON {
    /// The details of an input or output of which nothing was left out.
    static let wholeText: JSON = ["truncated": false]
}
