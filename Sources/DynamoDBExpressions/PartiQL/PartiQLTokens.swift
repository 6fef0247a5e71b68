import AWSWire

/// What a PartiQL statement is made of.
struct PartiQLToken: Equatable {
    enum Kind: Equatable {
        /// A bare name or keyword.
        case word
        /// A name in double quotes.
        case quoted
        /// A text in single quotes.
        case text
        case number
        /// An operator or a bracket; `text` is how it is written.
        case sign
        case end
    }
    let kind: Kind
    let text: String

    /// Errors: ValidationException for what no statement has.
    static func all(of statement: String) throws(AWSError) -> [PartiQLToken] {
        var reader = Reader(bytes: Array(statement.utf8))
        var tokens: [PartiQLToken] = []
        while let token = try reader.next() { tokens.append(token) }
        return tokens + [PartiQLToken(kind: .end, text: "<end>")]
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        private static let signs = ["<<", ">>", "<=", ">=", "<>", "!="]

        mutating func next() throws(AWSError) -> PartiQLToken? {
            while at < bytes.count, bytes[at] <= UInt8(ascii: " ") { at += 1 }
            guard at < bytes.count else { return nil }
            let byte = bytes[at]
            if byte == UInt8(ascii: "'") { return PartiQLToken(kind: .text, text: try quoted(byte)) }
            if byte == UInt8(ascii: "\"") { return PartiQLToken(kind: .quoted, text: try quoted(byte)) }
            if Self.isDigit(byte) { return PartiQLToken(kind: .number, text: take(Self.isNumber)) }
            if Self.isName(byte) {
                return PartiQLToken(kind: .word, text: take { Self.isName($0) || Self.isDigit($0) })
            }
            return try sign()
        }

        private mutating func sign() throws(AWSError) -> PartiQLToken {
            let two = String(decoding: bytes[at..<min(at + 2, bytes.count)], as: UTF8.self)
            let text = Self.signs.contains(two) ? two : String(decoding: bytes[at...at], as: UTF8.self)
            guard text.count == 2 || "=<>()[]{},.:*?+-;".contains(text) else {
                throw .partiQL("Unexpected character \(text)")
            }
            at += text.utf8.count
            return PartiQLToken(kind: .sign, text: text)
        }

        private mutating func take(_ belongs: (UInt8) -> Bool) -> String {
            let start = at
            while at < bytes.count, belongs(bytes[at]) { at += 1 }
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }

        /// A doubled quote stands for one.
        private mutating func quoted(_ quote: UInt8) throws(AWSError) -> String {
            var content: [UInt8] = []
            at += 1
            while at < bytes.count {
                if bytes[at] == quote {
                    at += 1
                    guard at < bytes.count, bytes[at] == quote else { return String(decoding: content, as: UTF8.self) }
                }
                content.append(bytes[at])
                at += 1
            }
            throw .partiQL("A quoted text does not end")
        }

        private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        private static func isNumber(_ byte: UInt8) -> Bool {
            isDigit(byte) || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
        }
        private static func isName(_ byte: UInt8) -> Bool {
            (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "$") || byte >= 0x80
        }
    }
}

extension AWSError {
    static func partiQL(_ detail: String) -> AWSError {
        .validation("Statement wasn't well formed, can't be processed: \(detail)")
    }
}
