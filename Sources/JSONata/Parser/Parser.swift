/// Top-down operator precedence, after Pratt: every word knows what it means in front of an expression and behind one.
struct Parser {
    /// How deep parentheses, brackets and operators to the right may nest.
    static let deepest = 1_000

    private var tokenizer: Tokenizer
    private var token: Token
    private var depth = 0
    private var stack: Stack
    /// Every node, so that a deep tree can be taken apart without deep recursion.
    private(set) var nodes: [Syntax] = []

    init(_ source: String, _ stack: Stack) throws(Failure) {
        self.stack = stack
        tokenizer = Tokenizer(source)
        token = try tokenizer.next(operand: true)
    }

    mutating func parse() throws(Failure) -> Syntax {
        let tree = try expression(0)
        if token.kind != .end { throw Failure("S0201", position: token.position, token: token.shown) }
        return tree
    }

    /// Takes the tree apart.
    func dismantle() {
        for node in nodes { node.children = [] }
    }

    private mutating func make(_ kind: Syntax.Kind, _ token: Token, _ children: [Syntax] = []) -> Syntax {
        let node = Syntax(kind, token, children)
        nodes.append(node)
        return node
    }

    // MARK: - Words

    private mutating func advance(_ expected: String? = nil, operand: Bool = true) throws(Failure) {
        if let expected, token.id != expected {
            let code = token.kind == .end ? "S0203" : "S0202"
            throw Failure(code, position: token.position, token: token.shown, value: .string(expected))
        }
        token = try tokenizer.next(operand: operand)
        if token.kind == .symbol, token.text == "!" || token.text == "~" {
            throw Failure("S0204", position: token.position, token: token.text)
        }
    }

    private mutating func expression(_ power: Int) throws(Failure) -> Syntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Parser.deepest else { throw Failure.tooDeep() }
        guard !stack.hasRoom else { return try operators(power) }
        let before = stack
        defer { stack = before }
        var current = stack
        return try Stack.extend(&current) { (large: inout Stack) throws(Failure) in
            stack = large
            return try operators(power)
        }
    }

    private mutating func operators(_ power: Int) throws(Failure) -> Syntax {
        var current = token
        try advance(operand: false)
        var left = try prefix(current)
        while power < Precedence.left(token) {
            current = token
            try advance()
            left = try infix(current, left)
        }
        return left
    }

    // MARK: - In front of an expression

    private mutating func prefix(_ token: Token) throws(Failure) -> Syntax {
        switch token.kind {
        case .name: return make(.name, token)
        case .variable: return make(.variable, token)
        case .string: return make(.string, token)
        case .number: return make(.number, token)
        case .word: return make(.word, token)
        case .regex: return make(.regex, token)
        case .end: return make(.end, token)
        case .symbol: break
        }
        switch token.text {
        case "and", "or", "in": return make(.keyword, token)
        case "-": return make(.negation, token, [try expression(70)])
        case "*": return make(.wildcard, token)
        case "**": return make(.descendant, token)
        case "%": return make(.parent, token)
        case "(": return try block(token)
        case "[": return try array(token)
        case "{": return try object(token, left: nil)
        case "|": return try transform(token)
        default: throw Failure("S0211", position: token.position, token: token.text)
        }
    }

    private mutating func block(_ opening: Token) throws(Failure) -> Syntax {
        var expressions: [Syntax] = []
        while token.id != ")" {
            expressions.append(try expression(0))
            guard token.id == ";" else { break }
            try advance(";")
        }
        try advance(")", operand: false)
        return make(.block, opening, expressions)
    }

    private mutating func array(_ opening: Token) throws(Failure) -> Syntax {
        var items: [Syntax] = []
        if token.id != "]" {
            while true {
                var item = try expression(0)
                if token.id == ".." {
                    let range = token
                    try advance("..")
                    item = make(.binary, range, [item, try expression(0)])
                }
                items.append(item)
                guard token.id == "," else { break }
                try advance(",")
            }
        }
        try advance("]", operand: false)
        return make(.array, opening, items)
    }

    private mutating func object(_ opening: Token, left: Syntax?) throws(Failure) -> Syntax {
        var children: [Syntax] = left.map { [$0] } ?? []
        if token.id != "}" {
            while true {
                children.append(try expression(0))
                try advance(":")
                children.append(try expression(0))
                guard token.id == "," else { break }
                try advance(",")
            }
        }
        try advance("}", operand: false)
        let node = make(.object, opening, children)
        node.hasLeft = left != nil
        return node
    }

    private mutating func transform(_ opening: Token) throws(Failure) -> Syntax {
        var parts = [try expression(0)]
        try advance("|")
        parts.append(try expression(0))
        if token.id == "," {
            try advance(",")
            parts.append(try expression(0))
        }
        try advance("|")
        return make(.transform, opening, parts)
    }

    // MARK: - Behind an expression

    private mutating func infix(_ token: Token, _ left: Syntax) throws(Failure) -> Syntax {
        switch token.text {
        case "(": return try call(token, left)
        case "[": return try predicate(token, left)
        case "{": return try object(token, left: left)
        case "^": return try sort(token, left)
        case "?": return try condition(token, left)
        case "?:", "??": return make(.fallback, token, [left, try expression(0)])
        case ":=":
            guard left.kind == .variable else {
                throw Failure("S0212", position: left.position, token: left.shown)
            }
            return make(.binary, token, [left, try expression(9)])
        case "@", "#":
            let variable = try expression(80)
            guard variable.kind == .variable else {
                throw Failure("S0214", position: variable.position, token: token.text)
            }
            let node = make(.focus, token, [left])
            node.name = variable.text
            return node
        default:
            return make(.binary, token, [left, try expression(Precedence.left(token))])
        }
    }

    private mutating func predicate(_ opening: Token, _ left: Syntax) throws(Failure) -> Syntax {
        if token.id == "]" {
            var step = left
            while step.kind == .predicate { step = step.children[0] }
            step.keepsArray = true
            try advance("]")
            return left
        }
        let condition = try expression(0)
        try advance("]", operand: false)
        return make(.predicate, opening, [left, condition])
    }

    private mutating func sort(_ caret: Token, _ left: Syntax) throws(Failure) -> Syntax {
        try advance("(")
        var terms: [Syntax] = [left]
        var descending: [Bool] = []
        while true {
            descending.append(token.id == ">")
            if token.id == "<" || token.id == ">" { try advance(token.id) }
            terms.append(try expression(0))
            guard token.id == "," else { break }
            try advance(",")
        }
        try advance(")")
        let node = make(.sort, caret, terms)
        node.flags = descending
        return node
    }

    private mutating func condition(_ mark: Token, _ left: Syntax) throws(Failure) -> Syntax {
        var parts = [left, try expression(0)]
        if token.id == ":" {
            try advance(":")
            parts.append(try expression(0))
        }
        return make(.condition, mark, parts)
    }

    private mutating func call(_ opening: Token, _ procedure: Syntax) throws(Failure) -> Syntax {
        var arguments: [Syntax] = []
        var isPartial = false
        if token.id != ")" {
            while true {
                if token.id == "?" {
                    isPartial = true
                    arguments.append(make(.placeholder, token))
                    try advance("?")
                } else {
                    arguments.append(try expression(0))
                }
                guard token.id == "," else { break }
                try advance(",")
            }
        }
        try advance(")", operand: false)
        if procedure.kind == .name, procedure.text == "function" || procedure.text == "λ" {
            return try lambda(opening, arguments)
        }
        return make(isPartial ? .partial : .call, opening, [procedure] + arguments)
    }

    private mutating func lambda(_ opening: Token, _ parameters: [Syntax]) throws(Failure) -> Syntax {
        for (index, parameter) in parameters.enumerated() where parameter.kind != .variable {
            throw Failure(
                "S0208", position: parameter.position, token: parameter.shown, value: .number(Double(index + 1)))
        }
        var signature: Signature?
        if token.id == "<" { signature = try self.signature() }
        try advance("{")
        let body = try expression(0)
        try advance("}")
        let node = make(.lambda, opening, parameters + [body])
        node.signature = signature
        return node
    }

    private mutating func signature() throws(Failure) -> Signature {
        let position = token.position
        var depth = 1
        var text = "<"
        while depth > 0, token.id != "{", token.kind != .end {
            try advance()
            if token.id == ">" { depth -= 1 } else if token.id == "<" { depth += 1 }
            text += token.shown
        }
        try advance(">")
        return try Signature(text, position: position)
    }
}

extension Syntax {
    /// What an error says of it.
    var shown: String {
        switch kind {
        case .number: NumberText.format(number)
        case .array: "["
        case .object: "{"
        case .block, .call, .partial, .lambda: "("
        case .end: "(end)"
        default: text
        }
    }
}
