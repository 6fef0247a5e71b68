import JSON

/// What a number must be.
public struct NumberRule: Sendable {
    /// The field as it is written in the definition: `SecondsPath`, `Seconds`.
    let field: String
    var isWhole = true
    var range: ClosedRange<Double> = 0...99_999_999
    /// What a number outside of the range fails with, where AWS has something of its own.
    var refusal: StatesError?

    /// The field without `Path`.
    var name: String { field.hasSuffix("Path") ? String(field.dropLast(4)) : field }
}

extension NumberField {
    /// Errors: `States.Runtime` for a path that finds no such number, `States.QueryEvaluationError` for expressions.
    public func evaluate(_ scope: Scope) throws(StatesError) -> Double {
        switch self {
        case .literal(let value): value
        case .computed(let template, let rule): try rule.check(template, scope)
        }
    }
}

extension NumberRule {
    func check(_ template: Template, _ scope: Scope) throws(StatesError) -> Double {
        switch template.node {
        case .path(let path, _):
            guard let found = path.find(scope) else {
                throw runtime("The \(field) parameter does not reference an input value: \(path.source)")
            }
            // AWS reads the text of the value: "2" is a number, 2.0 no integer.
            let text = found.string ?? found.text()
            guard let number = isWhole ? Int64(text).map(Double.init) : Double(text) else {
                throw runtime(
                    "The \(field) field refers to value \"\(text)\" which is not a valid "
                        + "\(isWhole ? "integer" : "float"): \(path.source)")
            }
            return try inRange(number)
        default:
            let value = try template.evaluate(scope)
            guard let number = value.double else {
                throw StatesError("States.QueryEvaluationError", "The value of '\(field)' is not a number.")
            }
            return try inRange(number)
        }
    }

    private func inRange(_ number: Double) throws(StatesError) -> Double {
        guard range.contains(number) else {
            throw refusal
                ?? runtime(
                    "\(name) must be between \(JSON.number(range.lowerBound).text()) and "
                        + "\(JSON.number(range.upperBound).text()).")
        }
        return number
    }

    private func runtime(_ cause: String) -> StatesError { StatesError("States.Runtime", cause) }
}

extension TextField {
    /// Errors: as templates; `States.Runtime` for a value that is no text.
    public func evaluate(_ scope: Scope) throws(StatesError) -> String {
        switch self {
        case .literal(let text): return text
        case .computed(let template, let field):
            if case .path(let path, _) = template.node, path.find(scope) == nil {
                throw StatesError(
                    "States.Runtime", "The \(field) parameter does not reference an input value: \(path.source)")
            }
            let value = try template.evaluate(scope)
            if let text = value.string { return text }
            if case .query(let query) = template.node { throw query.unexpected(value, "string") }
            throw StatesError(
                "States.Runtime", "The \(field) field refers to value \(value.text()) which is not a valid string")
        }
    }
}
