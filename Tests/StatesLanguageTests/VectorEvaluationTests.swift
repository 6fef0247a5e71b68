import JSON
import JSONata
import StatesLanguage
import Testing

/// Single states of the recorded executions: what AWS made of their input is what is made of it here.
@Suite struct VectorEvaluationTests {
    @Test(.enabled(if: Vectors.arePresent, "no recorded cases at ../shared/vectors"))
    func recordedStatesEvaluateAsRecorded() throws {
        var checked = 0
        for one in try Vectors.cases() {
            let texts = Set((one["calls"]?.array ?? []).compactMap { $0["params"]?["definition"]?.string })
            guard texts.count == 1, let text = texts.first, !text.contains("$$"), !text.contains("states.context"),
                let definition = try? Definition(parsing: text)
            else { continue }
            for (_, value) in one["expected"]?.object?.members ?? [] {
                guard let events = value["events"]?.array, events.first?["id"] == 1 else { continue }
                checked += Replay(definition: definition, name: one["name"]?.string ?? "").check(events)
            }
        }
        #expect(checked > 200)
    }
}

/// Follows one history and evaluates again what its Pass and Choice states did.
private struct Replay {
    let definition: Definition
    let name: String

    func check(_ events: [JSON]) -> Int {
        var variables: [String: JSON] = [:]
        var checked = 0
        for (index, event) in events.enumerated() where events.indices.contains(index + 1) {
            guard let entered = event["stateEnteredEventDetails"],
                let state = definition.graph.states[entered["name"]?.string ?? ""]
            else { continue }
            // Inputs that are no objects or arrays were left as the JSON text that they are.
            let recorded = entered["input"] ?? .null
            let input = recorded.string.flatMap { try? JSON.parse($0) } ?? recorded
            let scope = Scope(input: input, context: [:], variables: variables, environment: .fixed)
            let next = events[index + 1]
            do {
                let made = try evaluate(state, scope)
                guard let made, next["executionFailedEventDetails"]?["error"] != "States.DataLimitExceeded" else {
                    return checked
                }
                checked += 1
                guard let exited = next["stateExitedEventDetails"] else {
                    Issue.record("\(name): \(state.name) did not fail: \(next)")
                    return checked
                }
                let output = exited["output"] ?? .null
                let parsed = output.string.flatMap { try? JSON.parse($0) }
                #expect(made.output.isLike(parsed ?? output), "\(name): \(state.name)")
                let assigned = exited["assignedVariables"]?.object ?? [:]
                for (variable, value) in made.assigned {
                    let recorded = try? JSON.parse(assigned[variable]?.string ?? "")
                    #expect(value.isLike(recorded ?? assigned[variable] ?? .null), "\(name): \(variable)")
                    variables[variable] = value
                }
                if let chosen = made.next, events.indices.contains(index + 2) {
                    #expect(events[index + 2]["stateEnteredEventDetails"]?["name"]?.string == chosen, "\(name)")
                }
            } catch {
                checked += 1
                let failed = next["executionFailedEventDetails"] ?? next["evaluationFailedEventDetails"]
                #expect(error.error == failed?["error"]?.string, "\(name): \(error)")
                #expect(failed?["cause"]?.string?.hasSuffix(error.cause ?? "?") == true, "\(name): \(error)")
                return checked
            }
        }
        return checked
    }

    private typealias Made = (output: JSON, assigned: JSON.Object, next: String?)

    /// nil for kinds of states that do more than evaluate.
    private func evaluate(_ state: State, _ scope: Scope) throws(StatesError) -> Made? {
        switch state.kind {
        case .pass(let result):
            var inner = scope
            if state.queryLanguage == .jsonata {
                return (try state.output?.evaluate(scope) ?? scope.input, try assigned(state.assign, scope), nil)
            }
            inner.input = try state.inputPath.apply(scope)
            inner.input = try state.parameters?.evaluate(inner) ?? inner.input
            let made = result ?? inner.input
            var after = scope
            after.input = try state.resultPath.apply(made, to: scope.input)
            inner.input = made
            return (try state.outputPath.apply(after), try assigned(state.assign, inner), nil)
        case .choice(let rules, let fallback):
            for rule in rules where try rule.condition.holds(scope) {
                return (try rule.output?.evaluate(scope) ?? scope.input, try assigned(rule.assign, scope), rule.next)
            }
            guard let fallback else { return nil }
            return (try state.output?.evaluate(scope) ?? scope.input, try assigned(state.assign, scope), fallback)
        default: return nil
        }
    }

    private func assigned(_ template: Template?, _ scope: Scope) throws(StatesError) -> JSON.Object {
        try template?.evaluate(scope).object ?? [:]
    }
}

extension Environment {
    static let fixed = Environment(
        nowMs: 1_700_000_000_000, random: { 0.5 }, uuid: { "00000000-0000-4000-8000-000000000000" })
}

extension JSON {
    /// Equal but for the ways in which the recorder changed values: parsed texts, placeholders.
    func isLike(_ recorded: JSON) -> Bool {
        if case .string(let mark) = recorded, mark.hasPrefix("<") || mark == "date" { return true }
        switch (self, recorded) {
        case (.number(let left), .number(let right)): return left.double == right.double
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isLike($1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count && left.allSatisfy { $0.value.isLike(right[$0.key] ?? .null) }
        case (.string(let left), .string(let right)): return left == right
        case (.string(let text), _):
            guard let parsed = try? JSON.parse(text), parsed.string == nil else { return false }
            return parsed.isLike(recorded)
        case (_, .string(let text)):
            guard let parsed = try? JSON.parse(text), parsed.string == nil else { return false }
            return isLike(parsed)
        default: return self == recorded
        }
    }
}
