import AWSWire
import BatonCore
import JSON
import StatesLanguage

/// The state that TestState is asked about: one alone, or one of a machine, at whatever depth.
struct TestedState: Sendable {
    /// What a state that comes alone is called.
    static let name = "StateName"

    let state: State

    /// Errors: InvalidDefinition, ValidationException.
    init(_ text: String, stateName: String?) throws(AWSError) {
        let value = try? JSON.parse(text)
        let isMachine = value?["States"] != nil
        let name = isMachine ? stateName ?? value?["StartAt"]?.string ?? "" : Self.name
        let definition: Definition
        do {
            definition = try Definition(parsing: isMachine ? text : Self.machine(around: value ?? .null, text))
        } catch {
            throw AWSError("InvalidDefinition", error.message)
        }
        guard let state = definition.graph.state(named: name) else {
            // Assumed: the message.
            throw StepFunctionsError.validation("State not found in definition: '\(name)'")
        }
        self.state = state
    }

    /// A machine of that state; the states that it goes to are there too, so that nothing is missing.
    private static func machine(around state: JSON, _ text: String) -> String {
        guard let object = state.object else { return text }
        var states: JSON.Object = [name: state]
        for target in targets(object) where states[target] == nil { states[target] = ["Type": "Succeed"] }
        return JSON.object(["StartAt": .string(name), "States": .object(states)]).text()
    }

    private static func targets(_ state: JSON.Object) -> [String] {
        let rules = (state["Choices"]?.array ?? []) + (state["Catch"]?.array ?? [])
        return ([state["Next"], state["Default"]] + rules.map { $0["Next"] }).compactMap { $0?.string }
    }
}

/// A state's kind as the API and its messages name it.
extension State {
    var typeName: String {
        switch kind {
        case .pass: "Pass"
        case .task: "Task"
        case .choice: "Choice"
        case .wait: "Wait"
        case .succeed: "Succeed"
        case .fail: "Fail"
        case .parallel: "Parallel"
        case .map: "Map"
        }
    }

    /// Task, Parallel and Map states: those that have a result from elsewhere.
    var isWork: Bool {
        switch kind {
        case .task, .parallel, .map: true
        default: false
        }
    }
}
