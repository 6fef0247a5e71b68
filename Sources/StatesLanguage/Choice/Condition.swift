import JSON
import JSONata

/// The condition of a choice rule: operators, `And`/`Or`/`Not`, or a JSONata expression.
public struct Condition: Sendable {
    let test: Test

    indirect enum Test: Sendable {
        case all([Test])
        case any([Test])
        case not(Test)
        case compare(Comparison)
        case query(Query)
        case constant(Bool)
    }

    /// Errors: `States.Runtime` where a path finds nothing, `States.QueryEvaluationError` for expressions.
    public func holds(_ scope: Scope) throws(StatesError) -> Bool {
        try Self.holds(test, scope)
    }

    private static func holds(_ test: Test, _ scope: Scope) throws(StatesError) -> Bool {
        switch test {
        case .constant(let value): return value
        case .all(let tests):
            for test in tests where try !holds(test, scope) { return false }
            return true
        case .any(let tests):
            for test in tests where try holds(test, scope) { return true }
            return false
        case .not(let test): return try !holds(test, scope)
        case .compare(let comparison): return try comparison.holds(scope)
        case .query(let query): return try query.evaluate(Evaluation(scope)).bool ?? false
        }
    }
}
