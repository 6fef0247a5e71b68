import JSON
import JSONata

/// A JSONata expression in its place: the field that errors name, and the kind of value that is wanted there.
struct Query: Sendable {
    let expression: Expression
    /// Between the delimiters, without the space around it.
    let source: String
    /// For example `Output/result`.
    let field: String
    let expected: Kind?

    /// How deep an expression may nest on AWS.
    private static let deepest = 100

    enum Kind: String, Sendable { case array, boolean, number, string, object }

    func evaluate(_ evaluation: Evaluation) throws(StatesError) -> JSON {
        var environment = evaluation.scope.environment
        environment.depth = min(environment.depth, Self.deepest)
        let result: JSON?
        do {
            result = try expression.evaluate(nil, bindings: evaluation.bindings, environment)
        } catch {
            let detail = error.code.isEmpty ? ": \(error.message)" : ". \(error.code): \(error.message)"
            throw failure("threw an error during evaluation\(detail)")
        }
        guard let result else { throw failure("returned nothing (undefined).") }
        if let expected, Self.kind(of: result) != expected.rawValue {
            throw unexpected(result, expected.rawValue)
        }
        return result
    }

    func unexpected(_ value: JSON, _ expected: String) -> StatesError {
        failure(
            "returned an unexpected result type. Expected '\(expected)', but was '\(Self.kind(of: value))' "
                + "for value: \(value.text())")
    }

    private func failure(_ text: String) -> StatesError {
        StatesError(
            "States.QueryEvaluationError",
            "The JSONata expression '\(source)' specified for the field '\(field)' \(text)")
    }

    private static func kind(of value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string, .bytes: "string"
        case .array: "array"
        case .object: "object"
        case .written: kind(of: value.parsed)
        }
    }

    /// The expression of `{% … %}`; nil for any other text.
    static func body(of text: String) -> String? {
        guard text.utf8.count >= 4, text.utf8.starts(with: "{%".utf8), text.hasSuffix("%}") else { return nil }
        let inner = text.dropFirst(2).dropLast(2)
        guard let first = inner.firstIndex(where: { !$0.isWhitespace }),
            let last = inner.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(inner[first...last])
    }
}
