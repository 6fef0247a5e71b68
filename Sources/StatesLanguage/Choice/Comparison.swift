import JSON

/// One operator applied to one variable. Values of another type than the operator's do not match; they are no error.
struct Comparison: Sendable {
    let variable: Path
    let test: Test

    enum Test: Sendable {
        case string(Order, Operand<String>)
        case number(Order, Operand<Double>)
        case boolean(Operand<Bool>)
        case timestamp(Order, Operand<RFC3339>)
        case matches(StringPattern)
        case has(Property, Bool)
    }

    enum Order: String, Sendable, CaseIterable {
        case equals = "Equals", lessThan = "LessThan", greaterThan = "GreaterThan"
        case lessThanEquals = "LessThanEquals", greaterThanEquals = "GreaterThanEquals"

        func holds<T: Comparable>(_ left: T, _ right: T) -> Bool {
            switch self {
            case .equals: left == right
            case .lessThan: left < right
            case .greaterThan: left > right
            case .lessThanEquals: left <= right
            case .greaterThanEquals: left >= right
            }
        }
    }

    enum Operand<Value: Sendable>: Sendable {
        case literal(Value)
        case path(Path)
    }

    enum Property: String, Sendable, CaseIterable {
        case isNull = "IsNull", isPresent = "IsPresent", isNumeric = "IsNumeric", isString = "IsString"
        case isBoolean = "IsBoolean", isTimestamp = "IsTimestamp"
    }

    func holds(_ scope: Scope) throws(StatesError) -> Bool {
        let found = variable.find(scope)
        if case .has(.isPresent, let wanted) = test { return (found != nil) == wanted }
        guard let value = found else { throw Self.invalid(variable) }
        switch test {
        case .has(let property, let wanted): return property.isTrue(of: value) == wanted
        case .matches(let pattern): return value.string.map(pattern.matches) ?? false
        case .string(let order, let operand):
            guard let left = value.string, let right = try Self.value(operand, scope, \.string) else { return false }
            return order.holds(UTF16Order(left), UTF16Order(right))
        case .number(let order, let operand):
            guard let left = value.double, let right = try Self.value(operand, scope, \.double) else { return false }
            return order.holds(left, right)
        case .boolean(let operand):
            guard let left = value.bool, let right = try Self.value(operand, scope, \.bool) else { return false }
            return left == right
        case .timestamp(let order, let operand):
            guard let left = value.timestamp, let right = try Self.value(operand, scope, \.timestamp) else {
                return false
            }
            return order.holds(left, right)
        }
    }

    private static func value<T>(
        _ operand: Operand<T>, _ scope: Scope, _ read: (JSON) -> T?
    ) throws(StatesError) -> T? {
        switch operand {
        case .literal(let value): return value
        case .path(let path):
            guard let value = path.find(scope) else { throw invalid(path) }
            return read(value)
        }
    }

    private static func invalid(_ path: Path) -> StatesError {
        StatesError(
            "States.Runtime",
            "Invalid path '\(path.source)': The choice state's condition path references an invalid value.")
    }
}

extension Comparison.Property {
    func isTrue(of value: JSON) -> Bool {
        switch self {
        case .isPresent: true
        case .isNull: value.isNull
        case .isNumeric: value.double != nil
        case .isString: value.string != nil
        case .isBoolean: value.bool != nil
        case .isTimestamp: value.timestamp != nil
        }
    }
}

extension JSON {
    var timestamp: RFC3339? { string.flatMap { RFC3339($0) } }
}

/// Texts in the order of their UTF-16 code units, as Java compares them.
struct UTF16Order: Comparable {
    private let text: String
    init(_ text: String) { self.text = text }

    static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
    static func < (left: Self, right: Self) -> Bool { left.text.utf16.lexicographicallyPrecedes(right.text.utf16) }
}
