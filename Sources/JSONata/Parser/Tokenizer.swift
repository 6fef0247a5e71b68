/// Reads words off the source, one at a time.
struct Tokenizer {
    private let source: [UInt16]
    private(set) var at = 0

    init(_ source: String) { self.source = Array(source.utf16) }

    var length: Int { source.count }

    private func unit(_ offset: Int = 0) -> UInt16 {
        source.indices.contains(at + offset) ? source[at + offset] : 0
    }

    private func isAt(_ text: StaticString) -> Bool {
        for index in 0..<text.utf8CodeUnitCount where unit(index) != UInt16(text.utf8Start[index]) { return false }
        return true
    }

    private func text(_ from: Int, _ to: Int) -> String { Text.string(source[from..<to]) }

    private static func isSpace(_ unit: UInt16) -> Bool { unit == 0x20 || (0x09...0x0D).contains(unit) && unit != 0x0C }

    /// - Parameter operand: whether an operand may stand here, so that a slash begins a regular expression.
    mutating func next(operand: Bool) throws(Failure) -> Token {
        try skipSpace()
        guard at < length else { return Token(kind: .end, position: length) }
        let first = unit()
        if operand, first == UInt16(ascii: "/") { return try regex() }
        for symbol in ["..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"] as [StaticString] where isAt(symbol) {
            at += 2
            return Token(kind: .symbol, text: symbol.description, position: at)
        }
        if Precedence.isSymbol(first) {
            at += 1
            return Token(kind: .symbol, text: text(at - 1, at), position: at)
        }
        switch first {
        case UInt16(ascii: "\""), UInt16(ascii: "'"): return try string(quote: first)
        case UInt16(ascii: "0")...UInt16(ascii: "9"): return try number()
        case UInt16(ascii: "`"): return try quotedName()
        default: return name()
        }
    }

    private mutating func skipSpace() throws(Failure) {
        while true {
            while at < length, Self.isSpace(source[at]) { at += 1 }
            guard isAt("/*") else { return }
            let start = at
            at += 2
            while !isAt("*/") {
                at += 1
                if at >= length { throw Failure("S0106", position: start) }
            }
            at += 2
        }
    }

    // MARK: - Operands

    private mutating func string(quote: UInt16) throws(Failure) -> Token {
        at += 1
        var units: [UInt16] = []
        while at < length {
            let unit = source[at]
            if unit == quote {
                at += 1
                return Token(kind: .string, text: Text.string(units[...]), position: at)
            }
            if unit == UInt16(ascii: "\\") {
                at += 1
                units.append(try escape())
            } else {
                units.append(unit)
            }
            at += 1
        }
        throw Failure("S0101", position: at)
    }

    private mutating func escape() throws(Failure) -> UInt16 {
        let letter = unit()
        switch letter {
        case UInt16(ascii: "\""), UInt16(ascii: "\\"), UInt16(ascii: "/"): return letter
        case UInt16(ascii: "b"): return 8
        case UInt16(ascii: "f"): return 12
        case UInt16(ascii: "n"): return 10
        case UInt16(ascii: "r"): return 13
        case UInt16(ascii: "t"): return 9
        case UInt16(ascii: "u"):
            guard let code = Text.hex(source, from: at + 1, count: 4) else { throw Failure("S0104", position: at) }
            at += 4
            return code
        default:
            throw Failure("S0103", position: at, token: at < length ? text(at, at + 1) : "")
        }
    }

    private mutating func number() throws(Failure) -> Token {
        let start = at
        func isDigit(_ offset: Int) -> Bool {
            (UInt16(ascii: "0")...UInt16(ascii: "9")).contains(unit(offset))
        }
        if unit() == UInt16(ascii: "0") {
            at += 1
        } else {
            while isDigit(0) { at += 1 }
        }
        if unit() == UInt16(ascii: "."), isDigit(1) {
            at += 1
            while isDigit(0) { at += 1 }
        }
        if unit() | 0x20 == UInt16(ascii: "e") {
            let sign = unit(1) == UInt16(ascii: "+") || unit(1) == UInt16(ascii: "-") ? 1 : 0
            if isDigit(1 + sign) {
                at += 1 + sign
                while isDigit(0) { at += 1 }
            }
        }
        let text = text(start, at)
        guard let value = Double(text), value.isFinite else { throw Failure("S0102", position: start, token: text) }
        return Token(kind: .number, number: value, position: at)
    }

    private mutating func quotedName() throws(Failure) -> Token {
        at += 1
        guard let end = source[at...].firstIndex(of: UInt16(ascii: "`")) else {
            throw Failure("S0105", position: length)
        }
        let name = text(at, end)
        at = end + 1
        return Token(kind: .name, text: name, position: at)
    }

    private mutating func name() -> Token {
        let start = at
        while at < length, !Self.isSpace(source[at]), !Precedence.isSymbol(source[at]) { at += 1 }
        if source[start] == UInt16(ascii: "$") {
            return Token(kind: .variable, text: text(start + 1, at), position: at)
        }
        let name = text(start, at)
        switch name {
        case "or", "in", "and": return Token(kind: .symbol, text: name, position: at)
        case "true", "false", "null": return Token(kind: .word, text: name, position: at)
        default: return Token(kind: .name, text: name, position: at)
        }
    }

    /// From behind the opening slash to the closing one, which is neither escaped nor within brackets.
    private mutating func regex() throws(Failure) -> Token {
        at += 1
        let start = at
        var depth = 0
        while at < length {
            let unit = source[at]
            let isEscaped = source[start..<at].reversed().prefix { $0 == UInt16(ascii: "\\") }.count % 2 == 1
            if unit == UInt16(ascii: "/"), depth == 0, !isEscaped {
                guard at > start else { throw Failure("S0301", position: at) }
                let pattern = start..<at
                at += 1
                var flags = Regex.Flags()
                while let flag = Regex.Flags(letter: self.unit()) {
                    flags.insert(flag)
                    at += 1
                }
                let regex = try Regex(Array(source[pattern]), flags, position: at)
                return Token(
                    kind: .regex, text: text(pattern.lowerBound, pattern.upperBound), regex: regex, position: at)
            }
            let isBehindBackslash = at > 0 && source[at - 1] == UInt16(ascii: "\\")
            switch unit {
            case UInt16(ascii: "("), UInt16(ascii: "["), UInt16(ascii: "{"): depth += isBehindBackslash ? 0 : 1
            case UInt16(ascii: ")"), UInt16(ascii: "]"), UInt16(ascii: "}"): depth -= isBehindBackslash ? 0 : 1
            default: break
            }
            at += 1
        }
        throw Failure("S0302", position: at)
    }
}

extension UInt16 {
    init(ascii scalar: Unicode.Scalar) { self = UInt16(truncatingIfNeeded: scalar.value) }
}
