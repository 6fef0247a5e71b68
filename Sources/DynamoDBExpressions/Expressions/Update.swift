/// What UpdateItem does to an item: an update expression or the legacy `AttributeUpdates`, checked and filled in.
package struct Update: Sendable {
    package enum Action: Sendable {
        case set(Path, SetValue)
        case remove(Path)
        case add(Path, AttributeValue)
        case delete(Path, AttributeValue)

        package var path: Path {
            switch self {
            case .set(let path, _), .remove(let path), .add(let path, _), .delete(let path, _): path
            }
        }
    }

    /// The right side of a `SET`.
    package indirect enum SetValue: Sendable {
        case path(Path)
        case value(AttributeValue)
        case ifNotExists(Path, SetValue)
        case listAppend(SetValue, SetValue)
        case plus(SetValue, SetValue)
        case minus(SetValue, SetValue)

        /// The type, where it does not depend on the item.
        package var knownType: AttributeType? {
            switch self {
            case .path, .ifNotExists: nil
            case .value(let value): value.type
            case .listAppend: .list
            case .plus, .minus: .number
            }
        }
    }

    package let actions: [Action]
    /// Whether it came as `AttributeUpdates`, whose errors read differently.
    let isLegacy: Bool

    package init(actions: [Action], isLegacy: Bool = false) {
        self.actions = actions
        self.isLegacy = isLegacy
    }

    package var paths: [Path] { actions.map(\.path) }
}

/// Reads an update expression: syntax, then sections, paths, placeholders and types, in AWS's order.
struct UpdateBuilder {
    private var placeholders: Placeholders

    static func read(_ text: String, _ placeholders: inout Placeholders) throws(ExpressionError) -> Update {
        let sections = try ExpressionParser.update(text)
        try checkSections(sections)
        let actions = sections.flatMap { $0 }
        var builder = UpdateBuilder(placeholders: placeholders)
        var paths: [Path] = []
        for action in actions { paths.append(try builder.placeholders.path(action.path)) }
        try Path.checkDistinct(paths)
        var result: [Update.Action] = []
        // AWS looks at the actions from the last to the first.
        for (action, path) in zip(actions, paths).reversed() { result.append(try builder.action(action, path)) }
        placeholders = builder.placeholders
        return Update(actions: result.reversed())
    }

    private static func checkSections(_ sections: [[UpdateSyntax]]) throws(ExpressionError) {
        var seen: Set<UpdateSyntax.Section> = []
        for section in sections {
            for action in section {
                try SyntaxCheck.check(action.path)
                if let value = action.value { try SyntaxCheck.check(value, .update) }
            }
            guard let kind = section.first?.section else { continue }
            guard seen.insert(kind).inserted else {
                throw ExpressionError(
                    "The \"\(kind.rawValue)\" section can only be used once in an update expression;")
            }
        }
    }

    private mutating func action(_ action: UpdateSyntax, _ path: Path) throws(ExpressionError) -> Update.Action {
        guard let syntax = action.value else { return .remove(path) }
        let value = try setValue(syntax)
        switch (action.section, value) {
        case (.add, .value(let value)):
            try Self.checkOperand("ADD", value.type, allowed: value.type == .number || value.type.isSet)
            return .add(path, value)
        case (.delete, .value(let value)):
            try Self.checkOperand("DELETE", value.type, allowed: value.type.isSet)
            return .delete(path, value)
        default: return .set(path, value)
        }
    }

    private static func checkOperand(_ section: String, _ type: AttributeType, allowed: Bool) throws(ExpressionError) {
        guard !allowed else { return }
        let name =
            switch type {
            case .string: "STRING"
            case .number: "NUMBER"
            case .binary: "BINARY"
            case .stringSet: "STRING_SET"
            case .numberSet: "NUMBER_SET"
            case .binarySet: "BINARY_SET"
            case .map: "MAP"
            case .list: "LIST"
            case .null: "NULL"
            case .bool: "BOOLEAN"
            }
        throw ExpressionError(
            "Incorrect operand type for operator or function; operator: \(section), operand type: \(name), typeSet: "
                + "ALLOWED_FOR_\(section)_OPERAND")
    }

    private mutating func setValue(_ node: Syntax) throws(ExpressionError) -> Update.SetValue {
        switch node.ungrouped {
        case .path(let steps): return .path(try placeholders.path(steps))
        case .value(let key): return .value(try placeholders.value(key))
        case .call(let name, let arguments): return try call(name, arguments)
        case .arithmetic(let sign, let left, let right):
            let (left, right) = (try setValue(left), try setValue(right))
            try checkTypes(sign, [left, right], .number)
            return sign == "+" ? .plus(left, right) : .minus(left, right)
        default: throw ExpressionError("The expression has an operand that has no value")
        }
    }

    private mutating func call(_ name: String, _ arguments: [Syntax]) throws(ExpressionError) -> Update.SetValue {
        guard let function = Function(rawValue: name), function.isForUpdates else {
            throw ExpressionError("Invalid function name; function: \(name)")
        }
        try function.checkCount(arguments.count)
        let (first, second) = (try setValue(arguments[0]), try setValue(arguments[1]))
        if function == .listAppend {
            try checkTypes(name, [first, second], .list)
            return .listAppend(first, second)
        }
        guard case .path(let path) = first else {
            throw ExpressionError("Operator or function requires a document path; operator or function: \(name)")
        }
        return .ifNotExists(path, second)
    }

    private func checkTypes(
        _ name: String, _ operands: [Update.SetValue], _ expected: AttributeType
    ) throws(ExpressionError) {
        for operand in operands {
            guard let type = operand.knownType, type != expected else { continue }
            throw ExpressionError(
                "Incorrect operand type for operator or function; operator or function: \(name), operand type: "
                    + "\(type.rawValue)")
        }
    }
}
