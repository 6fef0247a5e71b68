import AWSWire
import JSON

/// Evaluates conditions: of the `Conditions` section, where they may refer to each other, and of rules.
struct ConditionEvaluator {
    private let evaluator: Evaluator
    private var expressions: JSON.Object = [:]

    init(_ evaluator: Evaluator) { self.evaluator = evaluator }

    /// Name → value of every condition of the section.
    static func all(_ section: JSON.Object, _ evaluator: Evaluator) throws(AWSError) -> [String: Bool] {
        var conditions = ConditionEvaluator(evaluator)
        conditions.expressions = section
        var values: [String: Bool] = [:]
        for name in section.keys { _ = try conditions.named(name, &values, open: []) }
        return values
    }

    func bool(_ tree: JSON) throws(AWSError) -> Bool {
        var values = evaluator.conditions
        return try bool(tree, &values, open: [])
    }

    private func named(_ name: String, _ values: inout [String: Bool], open: [String]) throws(AWSError) -> Bool {
        if let value = values[name] { return value }
        guard let expression = expressions[name] else {
            throw CloudFormationError.format(
                "Unresolved condition dependency \(name) in the Conditions block of the template")
        }
        guard !open.contains(name) else {
            throw CloudFormationError.template(
                "Found circular condition dependency between \(CloudFormationError.list(open))")
        }
        let value = try bool(expression, &values, open: open + [name])
        values[name] = value
        return value
    }

    private func bool(_ tree: JSON, _ values: inout [String: Bool], open: [String]) throws(AWSError) -> Bool {
        if case .bool(let value) = tree { return value }
        guard let object = tree.object, let call = FunctionCall(object) else {
            throw CloudFormationError.format(
                "Conditions can only be boolean operations on parameters and other conditions")
        }
        let parts = call.argument.array ?? []
        switch call.name {
        case "Condition":
            return try named(call.argument.string ?? "", &values, open: open)
        case "Fn::Equals":
            guard parts.count == 2 else {
                throw CloudFormationError.template("every Fn::Equals object requires a list of 2 string parameters.")
            }
            return try comparable(parts[0]) == comparable(parts[1])
        case "Fn::Not":
            guard parts.count == 1 else {
                throw CloudFormationError.template("every Fn::Not object requires one boolean parameter.")
            }
            return try !bool(parts[0], &values, open: open)
        case "Fn::And", "Fn::Or":
            guard (2...10).contains(parts.count) else {
                throw CloudFormationError.template(
                    "every \(call.name) object requires a list of at least 2 and at most 10 boolean parameters.")
            }
            // Every part is evaluated, so that a mistake in one shows whatever the others are.
            var results: [Bool] = []
            for part in parts { results.append(try bool(part, &values, open: open)) }
            return call.name == "Fn::And" ? results.allSatisfy { $0 } : results.contains(true)
        case "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn": return try membership(call)
        default:
            throw CloudFormationError.format(
                "Conditions can only be boolean operations on parameters and other conditions")
        }
    }

    /// Numbers and booleans are compared as their texts: parameters are texts, too.
    private func comparable(_ tree: JSON) throws(AWSError) -> JSON? {
        guard let value = try evaluator.value(tree) else { return nil }
        guard value.array == nil, let text = Parameter.text(value) else { return value }
        return .string(text)
    }

    /// The functions that only rules may use. Source: user guide, rule-specific intrinsic functions.
    private func membership(_ call: FunctionCall) throws(AWSError) -> Bool {
        guard let parts = call.argument.array, parts.count == 2, let left = try evaluator.value(parts[0])?.array,
            let right = try evaluator.value(parts[1])
        else { throw CloudFormationError.template("every \(call.name) object requires a list of two parameters.") }
        switch call.name {
        case "Fn::Contains": return left.contains(right)
        case "Fn::EachMemberEquals": return left.allSatisfy { $0 == right }
        default: return left.allSatisfy { right.array?.contains($0) ?? false }
        }
    }
}
