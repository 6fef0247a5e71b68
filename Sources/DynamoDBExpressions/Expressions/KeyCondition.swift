package import AWSWire

/// What a Query asks of the keys: equality of the partition key and at most one condition on the sort key.
package struct KeyCondition: Sendable {
    package enum Range: Sendable {
        case compare(Comparator, AttributeValue)
        case between(AttributeValue, AttributeValue)
        case beginsWith(AttributeValue)

        /// Whether a value meets the condition.
        package func holds(for value: AttributeValue) -> Bool {
            let operand = Operand.value(value)
            let condition: Condition =
                switch self {
                case .compare(let comparator, let other): .compare(comparator, operand, .value(other))
                case .between(let lower, let upper): .between(operand, lower: .value(lower), upper: .value(upper))
                case .beginsWith(let prefix): .beginsWith(operand, .value(prefix))
                }
            return condition.holds(for: Item())
        }

        package var values: [AttributeValue] {
            switch self {
            case .compare(_, let value), .beginsWith(let value): [value]
            case .between(let lower, let upper): [lower, upper]
            }
        }
    }

    package let hash: AttributeValue
    package let range: Range?
}

/// One condition per attribute, before the schema says which of them are keys.
package struct KeyConditions {
    package private(set) var conditions: [(attribute: String, range: KeyCondition.Range)] = []
    /// Operators of the legacy form that no index can answer, by attribute.
    private var unindexed: Set<String> = []

    // MARK: From an expression

    package init(_ condition: Condition) throws(AWSError) {
        for term in Self.terms(condition) { try add(term) }
    }

    private static func terms(_ condition: Condition) -> [Condition] {
        if case .and(let terms) = condition { return terms.flatMap(Self.terms) }
        return [condition]
    }

    private mutating func add(_ term: Condition) throws(AWSError) {
        switch term {
        case .and: break
        case .or: throw Self.invalidOperator("OR")
        case .not(.exists): throw Self.invalidOperator("attribute_not_exists")
        case .not: throw Self.invalidOperator("NOT")
        case .isIn: throw Self.invalidOperator("IN")
        case .exists: throw Self.invalidOperator("attribute_exists")
        case .hasType: throw Self.invalidOperator("attribute_type")
        case .contains: throw Self.invalidOperator("contains")
        case .compare(.notEqual, _, _): throw Self.invalidOperator("<>")
        case .compare(let comparator, let left, let right):
            if let path = left.path {
                try add(path, .compare(comparator, constant(right)))
            } else if let path = right.path {
                try add(path, .compare(comparator.reversed, constant(left)))
            } else {
                throw Self.noAttribute(left, right)
            }
        case .between(let operand, let lower, let upper):
            guard let path = operand.path else { throw Self.attributeNotFirst("BETWEEN", operand) }
            try add(path, .between(constant(lower), constant(upper)))
        case .beginsWith(let operand, let prefix):
            guard let path = operand.path else { throw Self.attributeNotFirst("begins_with", operand) }
            try add(path, .beginsWith(constant(prefix)))
        }
    }

    private mutating func add(_ path: Path, _ range: KeyCondition.Range) throws(AWSError) {
        guard !path.isNested else {
            throw .validation("KeyConditionExpressions cannot have conditions on nested attributes")
        }
        guard !conditions.contains(where: { $0.attribute == path.attribute }) else {
            throw .validation("KeyConditionExpressions must only contain one condition per key")
        }
        conditions.append((path.attribute, range))
    }

    private func constant(_ operand: Operand) throws(AWSError) -> AttributeValue {
        switch operand {
        case .value(let value): return value
        case .path:
            throw .validation(
                "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
        case .size: throw .validation("KeyConditionExpressions cannot contain nested operations")
        }
    }

    private static func invalidOperator(_ name: String) -> AWSError {
        .validation("Invalid operator used in KeyConditionExpression: \(name)")
    }

    private static func noAttribute(_ left: Operand, _ right: Operand) -> AWSError {
        if case .size = left { return .validation("KeyConditionExpressions cannot contain nested operations") }
        if case .size = right { return .validation("KeyConditionExpressions cannot contain nested operations") }
        return .validation("Invalid condition in KeyConditionExpression: No key attribute specified")
    }

    private static func attributeNotFirst(_ name: String, _ operand: Operand) -> AWSError {
        if case .size = operand { return .validation("KeyConditionExpressions cannot contain nested operations") }
        return .validation(
            "Invalid condition in KeyConditionExpression: \(name) operator must have the key attribute as its first "
                + "operand")
    }

    // MARK: From the legacy parameter

    package init(legacy: [LegacyCondition]) {
        for condition in legacy {
            guard let range = condition.keyRange else {
                unindexed.insert(condition.attribute)
                continue
            }
            conditions.append((condition.attribute, range))
        }
    }

    // MARK: Against a schema

    /// The key condition for the schema of a table or index.
    package func resolved(_ schema: KeySchema) throws(AWSError) -> KeyCondition {
        let count = conditions.count + unindexed.count
        guard count == 1 || count == 2 else { throw .validation("Conditions can be of length 1 or 2 only") }
        if schema.range == nil, count > 1 { throw .validation("Query key condition not supported") }
        let hash = try condition(on: schema.hash)
        guard let hash else {
            throw .validation("Query condition missed key schema element: \(schema.hash.name)")
        }
        guard case .compare(.equal, let value) = hash else {
            throw .validation("Query key condition not supported")
        }
        var range: KeyCondition.Range?
        if let key = schema.range {
            range = try condition(on: key)
            if range == nil, count > 1 {
                throw .validation("Query condition missed key schema element: \(key.name)")
            }
        }
        try schema.hash.checkNotEmpty(value)
        return KeyCondition(hash: value, range: range)
    }

    private func condition(on key: KeyAttribute) throws(AWSError) -> KeyCondition.Range? {
        if unindexed.contains(key.name) {
            throw .validation("Attempted conditional constraint is not an indexable operation")
        }
        guard let range = conditions.first(where: { $0.attribute == key.name })?.range else { return nil }
        for value in range.values where value.type != key.type {
            throw .invalidParameter("Condition parameter type does not match schema type")
        }
        return range
    }
}
