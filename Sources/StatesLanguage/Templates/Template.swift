public import JSON
import JSONata

/// A compiled payload template, path, intrinsic function or JSONata expression.
public struct Template: Sendable {
    let node: Node

    indirect enum Node: Sendable {
        case constant(JSON)
        case object([(name: String, value: Node)])
        case array([Node])
        /// A JSONPath; `field` is what the error names.
        case path(Path, field: String)
        case call(IntrinsicCall)
        case query(Query)
    }

    init(_ node: Node) { self.node = node }

    /// The value, when nothing has to be computed.
    public var constant: JSON? { if case .constant(let value) = node { value } else { nil } }

    /// Errors carry the bare cause, without the words on state and event that precede it in a history.
    public func evaluate(_ scope: Scope) throws(StatesError) -> JSON {
        if case .constant(let value) = node { return value }
        return try Self.evaluate(node, Evaluation(scope))
    }

    private static func evaluate(_ node: Node, _ evaluation: Evaluation) throws(StatesError) -> JSON {
        switch node {
        case .constant(let value): return value
        case .object(let members):
            var object = JSON.Object()
            object.reserveCapacity(members.count)
            for (name, value) in members { object[name] = try evaluate(value, evaluation) }
            return .object(object)
        case .array(let elements):
            var values: [JSON] = []
            values.reserveCapacity(elements.count)
            for element in elements { values.append(try evaluate(element, evaluation)) }
            return .array(values)
        case .path(let path, let field):
            guard let value = path.find(evaluation.scope) else {
                throw path.missing(field: field, evaluation.scope)
            }
            return value
        case .call(let call): return try call.evaluate(evaluation.scope)
        case .query(let query): return try query.evaluate(evaluation)
        }
    }
}

/// One evaluation of one template: what its expressions share is made once.
final class Evaluation {
    let scope: Scope
    private(set) lazy var bindings: [String: JSON] = scope.bindings

    init(_ scope: Scope) { self.scope = scope }
}

extension Scope {
    /// The variables that JSONata expressions see: `$states` and the state machine's own.
    var bindings: [String: JSON] {
        var states: JSON.Object = ["input": input, "context": context]
        if let result { states["result"] = result }
        if let errorOutput { states["errorOutput"] = errorOutput }
        var bindings = variables
        bindings["states"] = .object(states)
        return bindings
    }
}

extension Path {
    /// What a definite path that finds nothing fails with.
    func missing(field: String, _ scope: Scope) -> StatesError {
        let searched = root == .context ? scope.context : scope.input
        if field == "ItemsPath" {
            let (step, _) = missingStep(scope)
            return StatesError(
                "States.ReferencePathConflict", "Unable to apply step \"\(step)\" to input \(searched.text())")
        }
        return StatesError(
            "States.Runtime",
            "The JSONPath '\(source)' specified for the field '\(field)' could not be found in the input "
                + "'\(searched.text())'")
    }
}
