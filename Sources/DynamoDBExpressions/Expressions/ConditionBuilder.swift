/// The second look at a condition: fills in the placeholders and checks types and operands.
struct ConditionBuilder {
    private(set) var placeholders: Placeholders

    /// Reads one expression and notes which placeholders it uses.
    static func read(_ text: String, _ placeholders: inout Placeholders) throws(ExpressionError) -> Condition {
        let syntax = try ExpressionParser.condition(text)
        try SyntaxCheck.check(syntax, .condition)
        var builder = ConditionBuilder(placeholders: placeholders)
        let condition = try builder.condition(syntax)
        placeholders = builder.placeholders
        return condition
    }

    private mutating func condition(_ node: Syntax) throws(ExpressionError) -> Condition {
        switch node {
        case .group(let inner): return try condition(inner)
        case .and(let terms): return .and(try conditions(terms))
        case .or(let terms): return .or(try conditions(terms))
        case .not(let inner): return .not(try condition(inner))
        case .compare(let comparator, let left, let right): return try compare(comparator, left, right)
        case .between(let value, let lower, let upper): return try between(value, lower, upper)
        case .isIn(let value, let list): return try isIn(value, list)
        case .call(let name, let arguments):
            guard let function = Function(rawValue: name) else {
                throw ExpressionError("Invalid function name; function: \(name)")
            }
            return try call(function, try operands(arguments))
        case .path, .value, .arithmetic: throw ExpressionError("The expression is no condition")
        }
    }

    private mutating func conditions(_ nodes: [Syntax]) throws(ExpressionError) -> [Condition] {
        var result: [Condition] = []
        for node in nodes { result.append(try condition(node)) }
        return result
    }

    private mutating func operands(_ nodes: [Syntax]) throws(ExpressionError) -> [Operand] {
        var result: [Operand] = []
        for node in nodes { result.append(try operand(node)) }
        return result
    }

    private mutating func operand(_ node: Syntax) throws(ExpressionError) -> Operand {
        switch node.ungrouped {
        case .path(let steps): return .path(try placeholders.path(steps))
        case .value(let key): return .value(try placeholders.value(key))
        case .call("size", let arguments):
            guard let argument = arguments.first else { throw ExpressionError("size needs an operand") }
            let inner = try operand(argument)
            if let type = inner.knownType, [.number, .bool, .null].contains(type) {
                throw wrongType("size", type.rawValue)
            }
            return .size(inner)
        default: throw ExpressionError("The expression has an operand that has no value")
        }
    }

    // MARK: Operators

    private mutating func compare(
        _ comparator: Comparator, _ left: Syntax, _ right: Syntax
    ) throws(ExpressionError) -> Condition {
        let (left, right) = (try operand(left), try operand(right))
        try checkDistinct(comparator.rawValue, left, [right])
        if comparator != .equal, comparator != .notEqual { try checkOrdered(comparator.rawValue, [left, right]) }
        return .compare(comparator, left, right)
    }

    private mutating func between(
        _ value: Syntax, _ lower: Syntax, _ upper: Syntax
    ) throws(ExpressionError) -> Condition {
        let (value, lower, upper) = (try operand(value), try operand(lower), try operand(upper))
        try checkDistinct("BETWEEN", value, [lower, upper])
        try checkOrdered("BETWEEN", [value, lower, upper])
        if let first = lower.constant, let last = upper.constant {
            let shown = "lower bound operand: \(Self.shown(first)), upper bound operand: \(Self.shown(last))"
            guard let order = first.order(last) else {
                throw ExpressionError(
                    "The BETWEEN operator requires same data type for lower and upper bounds; \(shown)")
            }
            guard order <= 0 else {
                throw ExpressionError(
                    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \(shown)")
            }
        }
        return .between(value, lower: lower, upper: upper)
    }

    private static func shown(_ value: AttributeValue) -> String {
        switch value {
        case .string(let text): "AttributeValue: {S:\(text)}"
        case .number(let number): "AttributeValue: {N:\(number.text)}"
        case .binary(let bytes):
            "AttributeValue: {B:java.nio.HeapByteBuffer[pos=0 lim=\(bytes.count) cap=\(bytes.count)]}"
        default: "AttributeValue: {\(value.type.rawValue):}"
        }
    }

    private mutating func isIn(_ value: Syntax, _ list: [Syntax]) throws(ExpressionError) -> Condition {
        let (value, list) = (try operand(value), try operands(list))
        if list.count > ExpressionLimits.inOperands {
            throw ExpressionError(
                "The IN operator is provided with too many operands; number of operands: \(list.count)")
        }
        try checkDistinct("IN", value, list)
        return .isIn(value, list)
    }

    // MARK: Functions

    private func call(_ function: Function, _ operands: [Operand]) throws(ExpressionError) -> Condition {
        try function.checkCount(operands.count)
        let first = operands[0]
        if function.needsPath, first.path == nil {
            throw ExpressionError(
                "Operator or function requires a document path; operator or function: \(function.rawValue)")
        }
        try checkDistinct(function.rawValue, first, Array(operands.dropFirst()))
        switch function {
        case .attributeExists: return .exists(first)
        case .attributeNotExists: return .not(.exists(first))
        case .attributeType: return .hasType(first, try typeName(operands[1]))
        case .beginsWith:
            for operand in operands {
                guard let type = operand.knownType, type != .string, type != .binary else { continue }
                throw wrongType(function.rawValue, type.rawValue)
            }
            return .beginsWith(first, operands[1])
        case .contains: return .contains(first, operands[1])
        case .size, .ifNotExists, .listAppend:
            throw ExpressionError(
                "The function is not allowed to be used this way in an expression; function: \(function.rawValue)")
        }
    }

    private func typeName(_ operand: Operand) throws(ExpressionError) -> AttributeType {
        guard case .string(let name)? = operand.constant else {
            throw wrongType("attribute_type", operand.knownType?.rawValue ?? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
        }
        guard let type = AttributeType(rawValue: name) else {
            throw ExpressionError(
                "Invalid attribute type name found; type: \(name), valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}")
        }
        return type
    }

    // MARK: Rules

    private func wrongType(_ name: String, _ type: String) -> ExpressionError {
        ExpressionError(
            "Incorrect operand type for operator or function; operator or function: \(name), operand type: \(type)")
    }

    private func checkOrdered(_ name: String, _ operands: [Operand]) throws(ExpressionError) {
        for operand in operands {
            if let type = operand.knownType, !type.isOrdered { throw wrongType(name, type.rawValue) }
        }
    }

    private func checkDistinct(_ name: String, _ first: Operand, _ rest: [Operand]) throws(ExpressionError) {
        guard let path = first.path, rest.contains(where: { $0.path == path }) else { return }
        throw ExpressionError(
            "The first operand must be distinct from the remaining operands for this operator or function; operator: "
                + "\(name), first operand: \(path.shown)")
    }
}
