import JSON

extension TemplateParser {
    // MARK: - References

    /// `$name`, `$!name`, `${name}`, with what follows; nil when a dollar is only a dollar.
    mutating func reference() throws(TemplateError) -> Template.Reference? {
        let start = at
        guard skip("$") else { return nil }
        let isQuiet = skip("!")
        let isBraced = skip("{")
        guard let byte = next, Self.isLetter(byte) || byte == UInt8(ascii: "_") else {
            at = start
            return nil
        }
        let name = word()
        let steps = try steps()
        if isBraced, !skip("}") {
            at = start
            return nil
        }
        return Template.Reference(
            name: name, steps: steps, isQuiet: isQuiet, source: String(decoding: text[start..<at], as: UTF8.self))
    }

    private mutating func steps() throws(TemplateError) -> [Template.Step] {
        var steps: [Template.Step] = []
        while true {
            if isNext("."), at + 1 < text.count, Self.isLetter(text[at + 1]) || text[at + 1] == UInt8(ascii: "_") {
                at += 1
                let name = word()
                if skip("(") {
                    steps.append(.call(name, try arguments(until: ")")))
                } else {
                    steps.append(.member(name))
                }
            } else if isNext("[") {
                let start = at
                at += 1
                guard let index = try? expression() else {
                    at = start
                    return steps
                }
                skipSpace()
                guard skip("]") else {
                    at = start
                    return steps
                }
                steps.append(.index(index))
            } else {
                return steps
            }
        }
    }

    private mutating func arguments(until end: String) throws(TemplateError) -> [Template.Expression] {
        var arguments: [Template.Expression] = []
        skipSpace()
        if skip(end) { return arguments }
        repeat {
            arguments.append(try expression())
            skipSpace()
        } while skip(",")
        try expect(end)
        return arguments
    }

    // MARK: - Expressions, from the loosest operator to the tightest

    private static let levels: [[(word: String, operator: Template.Operator)]] = [
        [("||", .or), ("or", .or)], [("&&", .and), ("and", .and)],
        [("==", .equal), ("!=", .unequal), ("eq", .equal), ("ne", .unequal)],
        [
            ("<=", .atMost), (">=", .atLeast), ("<", .less), (">", .greater), ("le", .atMost), ("ge", .atLeast),
            ("lt", .less), ("gt", .greater),
        ],
        [("+", .plus), ("-", .minus)], [("*", .times), ("/", .over), ("%", .modulo)],
    ]

    mutating func expression() throws(TemplateError) -> Template.Expression {
        try nested { parser throws(TemplateError) in try parser.binary(0) }
    }

    private mutating func binary(_ level: Int) throws(TemplateError) -> Template.Expression {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level + 1)
        while let found = operation(level) {
            left = .binary(found, left, try binary(level + 1))
        }
        return left
    }

    private mutating func operation(_ level: Int) -> Template.Operator? {
        skipSpace()
        for (word, found) in Self.levels[level] where isNext(word) {
            let end = at + word.utf8.count
            if let first = word.utf8.first, Self.isLetter(first), end < text.count, Self.isWord(text[end]) { continue }
            at = end
            return found
        }
        return nil
    }

    private mutating func unary() throws(TemplateError) -> Template.Expression {
        skipSpace()
        if isNext("!"), !isNext("!=") {
            at += 1
            return .not(try nested { parser throws(TemplateError) in try parser.unary() })
        }
        if isNext("not"), at + 3 < text.count, !Self.isWord(text[at + 3]) {
            at += 3
            return .not(try nested { parser throws(TemplateError) in try parser.unary() })
        }
        return try primary()
    }

    private mutating func primary() throws(TemplateError) -> Template.Expression {
        guard let byte = next else { throw failure("an expression is missing") }
        switch byte {
        case UInt8(ascii: "$"):
            guard let reference = try reference() else { throw failure("a reference is missing") }
            return .reference(reference)
        case UInt8(ascii: "("):
            at += 1
            let inner = try expression()
            skipSpace()
            try expect(")")
            return inner
        case UInt8(ascii: "'"): return .literal(.string(try quoted(byte)))
        case UInt8(ascii: "\""):
            var inner = TemplateParser(try quoted(byte))
            return .text(try nested { _ throws(TemplateError) in try inner.template() })
        case UInt8(ascii: "["): return try list()
        case UInt8(ascii: "{"): return try map()
        case UInt8(ascii: "-"), 0x30...0x39: return .literal(try number())
        default: return .literal(try keyword())
        }
    }

    private mutating func keyword() throws(TemplateError) -> JSON {
        switch word() {
        case "true": return true
        case "false": return false
        case "null": return .null
        default: throw failure("unexpected text in an expression")
        }
    }

    private mutating func number() throws(TemplateError) -> JSON {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        while let byte = next, (0x30...0x39).contains(byte) { at += 1 }
        // `[1..3]` has two dots.
        if isNext("."), !isNext(".."), at + 1 < text.count, (0x30...0x39).contains(text[at + 1]) {
            at += 1
            while let byte = next, (0x30...0x39).contains(byte) { at += 1 }
        }
        let written = String(decoding: text[start..<at], as: UTF8.self)
        guard Double(written) != nil else { throw failure("a number is missing") }
        return .number(JSON.Number(unchecked: written))
    }

    /// A quote within is doubled, or, in double quotes, behind a backslash; other backslashes stand for themselves.
    private mutating func quoted(_ quote: UInt8) throws(TemplateError) -> String {
        at += 1
        var bytes: [UInt8] = []
        while let byte = next {
            let following = at + 1 < text.count ? text[at + 1] : 0
            if byte == quote {
                guard following == quote else {
                    at += 1
                    return String(decoding: bytes, as: UTF8.self)
                }
                bytes.append(quote)
                at += 2
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), following == quote || following == byte {
                bytes += following == quote ? [quote] : [byte, byte]
                at += 2
            } else {
                bytes.append(byte)
                at += 1
            }
        }
        throw failure("a text does not end")
    }

    private mutating func list() throws(TemplateError) -> Template.Expression {
        at += 1
        skipSpace()
        if skip("]") { return .list([]) }
        let first = try expression()
        skipSpace()
        if skip("..") {
            let last = try expression()
            skipSpace()
            try expect("]")
            return .range(first, last)
        }
        guard skip(",") else {
            try expect("]")
            return .list([first])
        }
        return .list([first] + (try arguments(until: "]")))
    }

    private mutating func map() throws(TemplateError) -> Template.Expression {
        at += 1
        skipSpace()
        var members: [(key: Template.Expression, value: Template.Expression)] = []
        if skip("}") { return .map(members) }
        repeat {
            let key = try expression()
            skipSpace()
            try expect(":")
            members.append((key, try expression()))
            skipSpace()
        } while skip(",")
        try expect("}")
        return .map(members)
    }
}
