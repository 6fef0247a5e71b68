/// Recursive descent over the tokens of one expression.
///
/// A syntax error names the token at which reading stopped and quotes from the token before it to the one after.
struct ExpressionParser {
    private let source: [UInt8]
    private let tokens: [Token]
    private var at = 0
    private var depth = 0
    /// Operators and functions so far.
    private var operators = 0

    init(_ expression: String) {
        source = Array(expression.utf8)
        tokens = Token.all(of: expression)
    }

    static func condition(_ text: String) throws(ExpressionError) -> Syntax {
        var parser = ExpressionParser(text)
        let node = try parser.disjunction()
        try parser.requireCondition(node)
        try parser.requireEnd()
        return node
    }

    static func projection(_ text: String) throws(ExpressionError) -> [[Syntax.Step]] {
        var parser = ExpressionParser(text)
        var paths = [try parser.path()]
        while parser.take(.comma) { paths.append(try parser.path()) }
        try parser.requireEnd()
        return paths
    }

    /// The actions of each section, in the order in which they are written.
    static func update(_ text: String) throws(ExpressionError) -> [[UpdateSyntax]] {
        var parser = ExpressionParser(text)
        var sections: [[UpdateSyntax]] = []
        repeat { sections.append(try parser.section()) } while parser.token.kind != .end
        return sections
    }

    // MARK: Tokens

    private var token: Token { tokens[min(at, tokens.count - 1)] }
    private var following: Token { tokens[min(at + 1, tokens.count - 1)] }

    private mutating func take(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ kind: Token.Kind) throws(ExpressionError) -> Token {
        guard token.kind == kind else { throw syntaxError }
        defer { at += 1 }
        return token
    }

    private func requireEnd() throws(ExpressionError) {
        guard token.kind == .end else { throw syntaxError }
    }

    private var syntaxError: ExpressionError {
        let start = at > 0 ? tokens[at - 1].range.lowerBound : 0
        let end = following.range.upperBound
        let near = String(decoding: source[start..<end], as: UTF8.self)
        return ExpressionError("Syntax error; token: \"\(token.text)\", near: \"\(near)\"")
    }

    /// Guards the stack: every way down leads through here.
    private mutating func nested<T>(
        _ body: (inout ExpressionParser) throws(ExpressionError) -> T
    ) throws(ExpressionError) -> T {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ExpressionLimits.expressionNesting else {
            throw ExpressionError("The expression is nested too deeply; nesting levels: \(depth)")
        }
        return try body(&self)
    }

    /// Assumed: the text; the limit is documented.
    private mutating func countOperator() throws(ExpressionError) {
        operators += 1
        guard operators <= ExpressionLimits.operators else {
            throw ExpressionError(
                "The expression contains too many operators and functions; the maximum is "
                    + "\(ExpressionLimits.operators)")
        }
    }

    // MARK: Conditions

    private mutating func disjunction() throws(ExpressionError) -> Syntax {
        let first = try conjunction()
        guard token.kind == .or else { return first }
        var terms = [first]
        try requireCondition(first)
        while take(.or) {
            try countOperator()
            terms.append(try conjunction())
            try requireCondition(terms[terms.count - 1])
        }
        return .or(terms)
    }

    private mutating func conjunction() throws(ExpressionError) -> Syntax {
        let first = try negation()
        guard token.kind == .and else { return first }
        var terms = [first]
        try requireCondition(first)
        while take(.and) {
            try countOperator()
            terms.append(try negation())
            try requireCondition(terms[terms.count - 1])
        }
        return .and(terms)
    }

    private mutating func negation() throws(ExpressionError) -> Syntax {
        guard take(.not) else { return try comparison() }
        try countOperator()
        let inner = try nested { (parser) throws(ExpressionError) in try parser.negation() }
        try requireCondition(inner)
        return .not(inner)
    }

    /// A path or value alone is no condition: then something is missing where we stand.
    private func requireCondition(_ node: Syntax) throws(ExpressionError) {
        if node.isBareOperand { throw syntaxError }
    }

    private mutating func comparison() throws(ExpressionError) -> Syntax {
        let left: Syntax
        if token.kind == .open {
            // What the parentheses hold, a condition or an operand, shows behind them.
            left = try group { (parser) throws(ExpressionError) in try parser.disjunction() }
            guard left.isOperand else { return left }
        } else {
            left = try operand()
        }
        if let comparator {
            at += 1
            try countOperator()
            return .compare(comparator, left, try operand())
        }
        if take(.between) {
            try countOperator()
            let lower = try operand()
            _ = try expect(.and)
            return .between(left, lower, try operand())
        }
        if take(.isIn) {
            try countOperator()
            return .isIn(left, try arguments())
        }
        return left
    }

    private var comparator: Comparator? {
        switch token.kind {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }

    // MARK: Operands

    private mutating func operand() throws(ExpressionError) -> Syntax {
        switch token.kind {
        case .valuePlaceholder:
            defer { at += 1 }
            return .value(token.text)
        case .open: return try group { (parser) throws(ExpressionError) in try parser.operand() }
        case .name where following.kind == .open:
            let name = token.text
            at += 1
            try countOperator()
            return .call(name, try nested { (parser) throws(ExpressionError) in try parser.arguments() })
        default: return .path(try path())
        }
    }

    /// Parentheses straight around parentheses are refused as soon as the outer ones close.
    private mutating func group(
        _ inner: (inout ExpressionParser) throws(ExpressionError) -> Syntax
    ) throws(ExpressionError) -> Syntax {
        _ = try expect(.open)
        let node = try nested(inner)
        _ = try expect(.close)
        if case .group = node { throw ExpressionError("The expression has redundant parentheses;") }
        return .group(node)
    }

    private mutating func arguments() throws(ExpressionError) -> [Syntax] {
        _ = try expect(.open)
        var list = [try operand()]
        while take(.comma) { list.append(try operand()) }
        _ = try expect(.close)
        return list
    }

    private mutating func path() throws(ExpressionError) -> [Syntax.Step] {
        var steps = [try step()]
        while true {
            if take(.dot) {
                steps.append(try step())
            } else if take(.openBracket) {
                steps.append(.index(try expect(.integer).text))
                _ = try expect(.closeBracket)
            } else {
                return steps
            }
        }
    }

    private mutating func step() throws(ExpressionError) -> Syntax.Step {
        switch token.kind {
        case .name:
            defer { at += 1 }
            return .name(token.text)
        case .namePlaceholder:
            defer { at += 1 }
            return .placeholder(token.text)
        default: throw syntaxError
        }
    }

    // MARK: Updates

    private mutating func section() throws(ExpressionError) -> [UpdateSyntax] {
        let section: UpdateSyntax.Section
        switch token.kind {
        case .set: section = .set
        case .remove: section = .remove
        case .add: section = .add
        case .delete: section = .delete
        default: throw syntaxError
        }
        at += 1
        var actions = [try action(section)]
        while take(.comma) { actions.append(try action(section)) }
        return actions
    }

    private mutating func action(_ section: UpdateSyntax.Section) throws(ExpressionError) -> UpdateSyntax {
        let path = try path()
        switch section {
        case .set:
            _ = try expect(.equal)
            try countOperator()
            return UpdateSyntax(section: section, path: path, value: try setValue())
        case .remove: return UpdateSyntax(section: section, path: path, value: nil)
        case .add, .delete:
            try countOperator()
            return UpdateSyntax(section: section, path: path, value: .value(try expect(.valuePlaceholder).text))
        }
    }

    private mutating func setValue() throws(ExpressionError) -> Syntax {
        let left: Syntax
        if token.kind == .open {
            left = try group { (parser) throws(ExpressionError) in try parser.setValue() }
            guard left.isOperand else { return left }
        } else {
            left = try operand()
        }
        guard token.kind == .plus || token.kind == .minus else { return left }
        let sign = token.text
        at += 1
        try countOperator()
        return .arithmetic(sign, left, try operand())
    }
}
