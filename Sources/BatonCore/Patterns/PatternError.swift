public import JSON

/// Why an event pattern, a filter policy or another JSON attribute is refused, in AWS's words.
public struct PatternError: Error, Equatable {
    public let message: String

    public init(_ message: String) { self.message = message }

    /// What a rule says that the rule language does not allow, with the place.
    init(_ message: String, at place: PatternTokens.Place) {
        self.message = message + Self.suffix(place)
    }

    /// What is not JSON at all.
    public init(_ error: JSON.ParseError, in text: String) {
        let bytes = Array(text.utf8)
        let head = "failed to parse JSON. "
        guard error.offset < bytes.count else {
            message =
                head + "Unexpected end-of-input" + Self.suffix(PatternTokens.Place(line: 1, column: bytes.count + 1))
            return
        }
        let byte = bytes[error.offset]
        let character = Character(Unicode.Scalar(byte))
        let place = PatternTokens.Place(line: 1, column: error.offset + 1)
        let isNameExpected = error.reason.contains("member name")
        if !isNameExpected, character.isLetter {
            let token = text.utf8.dropFirst(error.offset).prefix { Character(Unicode.Scalar($0)).isLetter }
            message =
                head + "Unrecognized token '\(String(decoding: Array(token), as: UTF8.self))': was expecting (JSON "
                + "String, Number, Array, Object or token 'null', 'true' or 'false')"
                + Self.suffix(PatternTokens.Place(line: 1, column: error.offset + token.count + 1))
            return
        }
        let expectation =
            isNameExpected
            ? "was expecting double-quote to start field name"
            : "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        message = head + "Unexpected character ('\(character)' (code \(byte))): " + expectation + Self.suffix(place)
    }

    private static let hidden = "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)"

    /// The message of those services that repeat the whole text in it.
    public func message(showing text: String) -> String {
        message.replacing(Self.hidden, with: "(String)\"\(text)\"")
    }

    private static func suffix(_ place: PatternTokens.Place) -> String {
        "\n at [Source: \(hidden); "
            + "line: \(place.line), column: \(place.column)]"
    }
}
