package import AWSWire
package import JSON

/// One entry of the parameters that expressions have replaced: `KeyConditions`, `QueryFilter`, `ScanFilter`, `Expected`.
package struct LegacyCondition: Sendable {
    package enum Operator: String, Sendable {
        case equal = "EQ"
        case notEqual = "NE"
        case lessOrEqual = "LE"
        case less = "LT"
        case greaterOrEqual = "GE"
        case greater = "GT"
        case notNull = "NOT_NULL"
        case null = "NULL"
        case contains = "CONTAINS"
        case notContains = "NOT_CONTAINS"
        case beginsWith = "BEGINS_WITH"
        case isIn = "IN"
        case between = "BETWEEN"
    }

    package let attribute: String
    package let `operator`: Operator
    package let values: [AttributeValue]

    // MARK: Reading

    /// Reads `KeyConditions`, `QueryFilter` or `ScanFilter`.
    package static func read(_ tree: JSON?) throws(AWSError) -> [LegacyCondition] {
        var result: [LegacyCondition] = []
        for (attribute, entry) in tree?.object ?? [:] {
            let values = try Self.values(entry["AttributeValueList"])
            let `operator` = Operator(rawValue: entry["ComparisonOperator"]?.string ?? "") ?? .equal
            result.append(try LegacyCondition(attribute, `operator`, values))
        }
        return result
    }

    private static func values(_ tree: JSON?) throws(AWSError) -> [AttributeValue] {
        var values: [AttributeValue] = []
        for value in tree?.array ?? [] { values.append(try AttributeValue(tree: value)) }
        return values
    }

    /// Reads `Expected`: with an operator, or with `Exists` and `Value`.
    package static func read(expected tree: JSON?) throws(AWSError) -> [LegacyCondition] {
        var result: [LegacyCondition] = []
        for (attribute, entry) in tree?.object ?? [:] {
            result.append(try read(expected: attribute, entry))
        }
        return result
    }

    private static func read(expected attribute: String, _ entry: JSON) throws(AWSError) -> LegacyCondition {
        let exists = entry["Exists"]?.bool
        let value = try entry["Value"].map { (tree) throws(AWSError) in try AttributeValue(tree: tree) }
        let list = entry["AttributeValueList"]
        if list != nil, value != nil {
            throw .invalidParameter("Value and AttributeValueList cannot be used together for Attribute: \(attribute)")
        }
        if let name = entry["ComparisonOperator"]?.string, let `operator` = Operator(rawValue: name) {
            if exists != nil {
                throw .invalidParameter(
                    "Exists and ComparisonOperator cannot be used together for Attribute: \(attribute)")
            }
            if list == nil, value == nil, `operator` != .null, `operator` != .notNull {
                throw .invalidParameter(
                    "Value or AttributeValueList must be used with ComparisonOperator: \(name) for Attribute: "
                        + attribute)
            }
            return try LegacyCondition(attribute, `operator`, value == nil ? values(list) : [value].compactMap { $0 })
        }
        if list != nil {
            throw .invalidParameter(
                "AttributeValueList can only be used with a ComparisonOperator for Attribute: \(attribute)")
        }
        if exists == false {
            guard value == nil else {
                throw .invalidParameter("Value cannot be used when Exists is false for Attribute: \(attribute)")
            }
            return try LegacyCondition(attribute, .null, [])
        }
        guard let value else {
            throw .invalidParameter(
                "Value must be provided when Exists is \(exists == nil ? "null" : "true") for Attribute: \(attribute)")
        }
        return LegacyCondition(equal: attribute, value)
    }

    private init(equal attribute: String, _ value: AttributeValue) {
        self.attribute = attribute
        self.operator = .equal
        values = [value]
    }

    private init(_ attribute: String, _ operator: Operator, _ values: [AttributeValue]) throws(AWSError) {
        self.attribute = attribute
        self.operator = `operator`
        self.values = values
        try checkCount()
        if let first = values.first, values.contains(where: { $0.type != first.type }) {
            throw .invalidParameter("AttributeValues inside AttributeValueList must be of same type")
        }
        for value in values where !allowedTypes.contains(value.type) {
            throw .invalidParameter(
                "ComparisonOperator \(`operator`.rawValue) is not valid for \(value.type.rawValue) AttributeValue type")
        }
        if `operator` == .between, let order = values[0].order(values[1]), order > 0 {
            throw .validation(
                "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound")
        }
    }

    private func checkCount() throws(AWSError) {
        let isRight =
            switch `operator` {
            case .null, .notNull: values.isEmpty
            case .isIn: !values.isEmpty
            case .between: values.count == 2
            default: values.count == 1
            }
        guard isRight else {
            throw .invalidParameter(
                "Invalid number of argument(s) for the \(`operator`.rawValue) ComparisonOperator")
        }
    }

    private var allowedTypes: [AttributeType] {
        switch `operator` {
        case .equal, .notEqual, .null, .notNull: AttributeType.allCases
        case .beginsWith: [.string, .binary]
        default: [.string, .number, .binary]
        }
    }

    // MARK: Meaning

    /// The same as a part of an expression. Counts and types of the values have been checked.
    package var condition: Condition {
        let path = Operand.path(Path(attribute))
        func compare(_ comparator: Comparator) -> Condition { .compare(comparator, path, .value(values[0])) }
        switch `operator` {
        case .equal: return compare(.equal)
        case .notEqual: return compare(.notEqual)
        case .lessOrEqual: return compare(.lessOrEqual)
        case .less: return compare(.less)
        case .greaterOrEqual: return compare(.greaterOrEqual)
        case .greater: return compare(.greater)
        case .notNull: return .exists(path)
        case .null: return .not(.exists(path))
        case .contains: return .contains(path, .value(values[0]))
        case .notContains: return .not(.contains(path, .value(values[0])))
        case .beginsWith: return .beginsWith(path, .value(values[0]))
        case .isIn: return .isIn(path, values.map { .value($0) })
        case .between: return .between(path, lower: .value(values[0]), upper: .value(values[1]))
        }
    }

    /// The same on a sort key; nil for operators that no index can answer.
    package var keyRange: KeyCondition.Range? {
        switch `operator` {
        case .equal: .compare(.equal, values[0])
        case .lessOrEqual: .compare(.lessOrEqual, values[0])
        case .less: .compare(.less, values[0])
        case .greaterOrEqual: .compare(.greaterOrEqual, values[0])
        case .greater: .compare(.greater, values[0])
        case .beginsWith: .beginsWith(values[0])
        case .between: .between(values[0], values[1])
        case .notEqual, .notNull, .null, .contains, .notContains, .isIn: nil
        }
    }

    /// All of them joined by `ConditionalOperator`; nil when there are none.
    package static func joined(_ conditions: [LegacyCondition], by conditionalOperator: String?) -> Condition? {
        guard !conditions.isEmpty else { return nil }
        let terms = conditions.map(\.condition)
        return conditionalOperator == "OR" ? .or(terms) : .and(terms)
    }
}
