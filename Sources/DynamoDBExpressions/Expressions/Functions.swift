/// The functions of expressions: how many operands they take and where they may stand.
enum Function: String, Sendable {
    case attributeExists = "attribute_exists"
    case attributeNotExists = "attribute_not_exists"
    case attributeType = "attribute_type"
    case beginsWith = "begins_with"
    case contains
    case size
    case ifNotExists = "if_not_exists"
    case listAppend = "list_append"

    var operandCount: Int {
        switch self {
        case .attributeExists, .attributeNotExists, .size: 1
        default: 2
        }
    }

    var isForUpdates: Bool { self == .ifNotExists || self == .listAppend }

    /// Is a condition; ``size`` is an operand.
    var isCondition: Bool { !isForUpdates && self != .size }

    var needsPath: Bool {
        switch self {
        case .attributeExists, .attributeNotExists, .attributeType, .ifNotExists: true
        default: false
        }
    }

    func checkCount(_ count: Int) throws(ExpressionError) {
        guard count == operandCount else {
            throw ExpressionError(
                "Incorrect number of operands for operator or function; operator or function: \(rawValue), number of "
                    + "operands: \(count)")
        }
    }
}

/// The first look at a whole expression, in the order in which it is written: reserved words, indexes, which functions
/// stand where. Placeholders are not looked up yet.
enum SyntaxCheck {
    enum Place { case condition, operand, update }

    static func check(_ steps: [Syntax.Step]) throws(ExpressionError) {
        for step in steps {
            switch step {
            case .name(let name) where ReservedWords.contains(name):
                throw ExpressionError("Attribute name is a reserved keyword; reserved keyword: \(name)")
            case .index(let digits) where Int32(digits) == nil:
                throw ExpressionError("List index is not within the allowable range; index: [\(digits)]")
            default: continue
            }
        }
    }

    static func check(_ node: Syntax, _ place: Place) throws(ExpressionError) {
        switch node {
        case .path(let steps): try check(steps)
        case .value: break
        case .group(let inner): try check(inner, place)
        case .call(let name, let arguments): try check(call: name, arguments, place)
        case .and(let terms), .or(let terms): for term in terms { try check(term, .condition) }
        case .not(let inner): try check(inner, .condition)
        case .compare(_, let left, let right):
            try check(left, .operand)
            try check(right, .operand)
        case .between(let value, let lower, let upper):
            for operand in [value, lower, upper] { try check(operand, .operand) }
        case .isIn(let value, let list): for operand in [value] + list { try check(operand, .operand) }
        case .arithmetic(_, let left, let right):
            try check(left, .update)
            try check(right, .update)
        }
    }

    private static func check(call name: String, _ arguments: [Syntax], _ place: Place) throws(ExpressionError) {
        guard let function = Function(rawValue: name) else {
            throw ExpressionError("Invalid function name; function: \(name)")
        }
        switch place {
        case .update where !function.isForUpdates:
            throw ExpressionError("The function is not allowed in an update expression; function: \(name)")
        case .condition where function.isForUpdates, .operand where function.isForUpdates:
            throw ExpressionError("The function is not allowed in a condition expression; function: \(name)")
        case .condition where !function.isCondition, .operand where function.isCondition:
            throw ExpressionError(
                "The function is not allowed to be used this way in an expression; function: \(name)")
        default: break
        }
        // The operands of an update's functions are counted later, together with their placeholders.
        if place != .update { try function.checkCount(arguments.count) }
        for argument in arguments { try check(argument, place == .update ? .update : .operand) }
    }
}
