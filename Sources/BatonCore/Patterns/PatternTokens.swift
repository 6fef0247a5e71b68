import JSON

/// The tokens of a filter policy with the places that AWS names in its messages.
///
/// AWS reads policies with a pull parser whose notion of "where it is" shows in every error: behind a number, a word or
/// a bracket; behind the opening quote of a text until that text has been asked for; and at a member's name already
/// behind the first token of its value. This type reproduces those places on a text that is known to be JSON.
struct PatternTokens {
    enum Kind: Equatable { case startObject, endObject, startArray, endArray, name, string, number, word }

    struct Place: Equatable {
        var line = 1
        var column = 1
    }

    struct Token {
        let kind: Kind
        /// A name or text without its escapes, or a number, word or bracket as written.
        let text: String
        /// Where the parser stands when the token becomes current.
        var place: Place
        /// Where it stands once the token's text has been read.
        let readPlace: Place
    }

    private let tokens: [Token]
    private var index = -1
    /// Where an error found now would be reported.
    private(set) var place = Place()

    /// - Throws: what the JSON parser says.
    init(_ text: String) throws(JSON.ParseError) {
        _ = try JSON.parse(text)
        var scanner = Scanner(bytes: Array(text.utf8))
        tokens = scanner.tokens()
    }

    /// Moves on; nil behind the last token.
    mutating func next() -> Token? {
        index += 1
        guard tokens.indices.contains(index) else { return nil }
        place = tokens[index].place
        return tokens[index]
    }

    /// The text of the current token; the place moves behind it.
    mutating func text() -> String {
        guard tokens.indices.contains(index) else { return "" }
        place = tokens[index].readPlace
        return tokens[index].text
    }
}

/// Splits valid JSON. It relies on the parser having accepted the text: anything unknown ends it.
private struct Scanner {
    let bytes: [UInt8]
    var at = 0
    var place = PatternTokens.Place()

    mutating func tokens() -> [PatternTokens.Token] {
        var result: [PatternTokens.Token] = []
        while let token = token() {
            // A name is current only when the parser has seen what follows it.
            if let last = result.indices.last, result[last].kind == .name { result[last].place = token.place }
            result.append(token)
        }
        return result
    }

    private mutating func advance() {
        if bytes[at] == UInt8(ascii: "\n") {
            place = PatternTokens.Place(line: place.line + 1, column: 1)
        } else if bytes[at] & 0xC0 != 0x80 {
            place.column += 1
        }
        at += 1
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        while at < bytes.count, isSkipped(bytes[at]) { advance() }
    }

    private mutating func token() -> PatternTokens.Token? {
        skip { [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: ":")].contains($0) }
        guard at < bytes.count else { return nil }
        switch bytes[at] {
        case UInt8(ascii: "{"): return bracket(.startObject)
        case UInt8(ascii: "}"): return bracket(.endObject)
        case UInt8(ascii: "["): return bracket(.startArray)
        case UInt8(ascii: "]"): return bracket(.endArray)
        case UInt8(ascii: "\""): return string()
        default: return word()
        }
    }

    private mutating func bracket(_ kind: PatternTokens.Kind) -> PatternTokens.Token {
        let text = String(decoding: [bytes[at]], as: UTF8.self)
        advance()
        return PatternTokens.Token(kind: kind, text: text, place: place, readPlace: place)
    }

    private mutating func word() -> PatternTokens.Token? {
        let start = at
        skip { byte in
            ![0x20, 0x09, 0x0A, 0x0D].contains(byte) && !",:[]{}\"".utf8.contains(byte)
        }
        guard at > start else { return nil }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        let isNumber = text.first.map { $0 == "-" || $0.isNumber } ?? false
        return PatternTokens.Token(kind: isNumber ? .number : .word, text: text, place: place, readPlace: place)
    }

    private mutating func string() -> PatternTokens.Token {
        let start = at
        advance()
        let opened = place
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count { advance() }
            advance()
        }
        if at < bytes.count { advance() }
        let text = (try? JSON.parse(bytes[start..<at]))?.string ?? ""
        let closed = place
        var following = at
        while following < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[following]) { following += 1 }
        let isName = following < bytes.count && bytes[following] == UInt8(ascii: ":")
        return PatternTokens.Token(
            kind: isName ? .name : .string, text: text, place: isName ? closed : opened, readPlace: closed)
    }
}
