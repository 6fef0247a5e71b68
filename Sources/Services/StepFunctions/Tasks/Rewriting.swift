import AWSModel
import JSON
import StatesLanguage

/// What stands between the parameters of a task and the input of its operation.
enum Rewriting {
    /// The parameters as the operation takes them, still under the names of states.
    static func parameters(of call: TaskCall) -> JSON {
        var parameters = call.parameters
        switch call.resource.resourceType {
        case "lambda": if parameters["Payload"] == nil { parameters["Payload"] = [:] }
        case "sqs": parameters.replace("MessageBody", with: text)
        case "sns": parameters.replace("Message", with: text)
        case "states": parameters.replace("Input", with: text)
        case "events":
            parameters.replace("Entries") { entries in
                guard let entries = entries.array else { return entries }
                return .array(entries.map { entry($0, call) })
            }
        case "elasticmapreduce": return cluster(parameters, call.resource.action)
        default: break
        }
        return parameters
    }

    /// A text as it is, anything else as its JSON.
    private static func text(_ value: JSON) -> JSON {
        switch value {
        case .string, .null: value
        default: .string(value.text())
        }
    }

    /// The execution and its state machine are added to the resources of every event.
    /// Source: Step Functions developer guide, "Add EventBridge events".
    private static func entry(_ entry: JSON, _ call: TaskCall) -> JSON {
        guard entry.object != nil else { return entry }
        var entry = entry
        entry.replace("Detail", with: text)
        entry["Resources"] = .array(
            (entry["Resources"]?.array ?? []) + [.string(call.stateMachineArn), .string(call.executionArn)])
        return entry
    }

    /// EMR's actions have parameters of their own.
    private static func cluster(_ parameters: JSON, _ action: String) -> JSON {
        guard let cluster = parameters["ClusterId"] else { return parameters }
        var parameters = parameters
        switch action {
        case "addStep":
            guard let step = parameters["Step"] else { return parameters }
            parameters["ClusterId"] = nil
            parameters["Step"] = nil
            parameters["JobFlowId"] = cluster
            parameters["Steps"] = .array([step])
        case "terminateCluster": parameters = ["JobFlowIds": .array([cluster])]
        default: break
        }
        return parameters
    }
}

extension JSON {
    /// Changes a member that is there.
    mutating func replace(_ key: String, with change: (JSON) -> JSON) {
        guard let value = self[key] else { return }
        self[key] = change(value)
    }
}

/// Parameters that no call can be made of.
enum Unfit {
    /// In AWS's words; nil when a call can be made.
    static func cause(_ call: TaskCall) -> String? {
        let problems = problems(call)
        guard !problems.isEmpty else { return nil }
        return "The Parameters '\(call.parameters.text())' could not be used to start the Task: "
            + "[\(problems.joined(separator: ", "))]"
    }

    private static func problems(_ call: TaskCall) -> [String] {
        guard case .integration(let type, _) = call.resource.kind else { return [] }
        switch type {
        case "http": return HTTPTask.problems(call.parameters)
        case "apigateway": return GatewayTask.problems(call.parameters)
        default: break
        }
        let (form, shape): (ParameterForm, Shape?)
        if let name = call.resource.sdkService {
            guard let service = SDKServices.named(name) else { return [] }
            form = ParameterForm(service: service.id, isOptimized: false)
            shape = service.operations[JavaName.capitalized(call.resource.action)]?.input
        } else {
            guard let optimized = OptimizedCall.find(type, call.resource.action) else { return [] }
            form = ParameterForm(service: optimized.service, isOptimized: true)
            shape = ServiceModel.named(optimized.service)?.operations[optimized.operation]?.input
        }
        guard let shape else { return [] }
        var problems: [String] = []
        _ = form.input(Rewriting.parameters(of: call), shape, problems: &problems)
        return problems
    }
}
