/// What an expression is made of.
struct Token: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// A bare name: a letter, then letters, digits and underscores.
        case name
        /// `#name`
        case namePlaceholder
        /// `:name`
        case valuePlaceholder
        /// An index.
        case integer
        case and, or, not, between, isIn
        case set, remove, add, delete
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case open, close, openBracket, closeBracket
        case comma, dot, plus, minus
        /// A character that no expression has.
        case invalid
        case end
    }
    let kind: Kind
    let text: String
    /// Bytes of the expression.
    let range: Range<Int>
}

extension Token {
    /// Splits an expression; the last token is always `end`. Never fails: what is not known becomes `invalid`.
    static func all(of expression: String) -> [Token] {
        let bytes = Array(expression.utf8)
        var tokens: [Token] = []
        var at = 0
        while at < bytes.count {
            if [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) {
                at += 1
                continue
            }
            let start = at
            let kind = next(bytes, &at)
            let text = String(decoding: bytes[start..<at], as: UTF8.self)
            tokens.append(Token(kind: kind == .name ? word(text) : kind, text: text, range: start..<at))
        }
        tokens.append(Token(kind: .end, text: "<EOF>", range: bytes.count..<bytes.count))
        return tokens
    }

    private static func next(_ bytes: [UInt8], _ at: inout Int) -> Kind {
        let first = bytes[at]
        at += 1
        func follows(_ byte: Character) -> Bool {
            guard at < bytes.count, bytes[at] == byte.asciiValue else { return false }
            at += 1
            return true
        }
        func skip(while isPart: (UInt8) -> Bool) { while at < bytes.count, isPart(bytes[at]) { at += 1 } }

        switch Character(Unicode.Scalar(first)) {
        case "a"..."z", "A"..."Z":
            skip(while: isWord)
            return .name
        case "#", ":":
            let start = at
            skip(while: isWord)
            guard at > start else { return .invalid }
            return first == UInt8(ascii: "#") ? .namePlaceholder : .valuePlaceholder
        case "0": return .integer
        case "1"..."9":
            skip(while: isDigit)
            return .integer
        case "<": return follows(">") ? .notEqual : follows("=") ? .lessOrEqual : .less
        case ">": return follows("=") ? .greaterOrEqual : .greater
        case "=": return .equal
        case "(": return .open
        case ")": return .close
        case "[": return .openBracket
        case "]": return .closeBracket
        case ",": return .comma
        case ".": return .dot
        case "+": return .plus
        case "-": return .minus
        default:
            // The rest of a character outside of ASCII belongs to it.
            skip { $0 & 0xC0 == 0x80 }
            return .invalid
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isWord(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return isDigit(byte) || byte == UInt8(ascii: "_") || lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    private static func word(_ text: String) -> Kind {
        switch text.uppercased() {
        case "AND": .and
        case "OR": .or
        case "NOT": .not
        case "BETWEEN": .between
        case "IN": .isIn
        case "SET": .set
        case "REMOVE": .remove
        case "ADD": .add
        case "DELETE": .delete
        default: .name
        }
    }
}
