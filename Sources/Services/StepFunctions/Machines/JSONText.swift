import AWSWire
import JSON

/// Texts of callers that must be JSON.
enum JSONText {
    /// The input of an execution, with AWS's words for what is none.
    /// Errors: InvalidExecutionInput.
    static func value(_ text: String) throws(AWSError) -> JSON {
        guard !text.isEmpty else { throw invalid("Invalid execution input.") }
        do {
            return try JSON.parse(text)
        } catch {
            throw invalid(reason(error, text))
        }
    }

    private static func invalid(_ reason: String) -> AWSError {
        AWSError("InvalidExecutionInput", "Invalid State Machine Execution Input: '\(reason)'")
    }

    private static func reason(_ error: JSON.ParseError, _ text: String) -> String {
        let bytes = Array(text.utf8)
        guard error.offset < bytes.count else { return "Unexpected end-of-input" }
        let byte = bytes[error.offset]
        let character = Character(Unicode.Scalar(byte))
        if error.reason.contains("member name") {
            return "Unexpected character ('\(character)' (code \(byte))): "
                + "was expecting double-quote to start field name"
        }
        guard character.isLetter else {
            return "Unexpected character ('\(character)' (code \(byte))): expected a valid value "
                + "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        }
        let token = bytes[error.offset...].prefix { Character(Unicode.Scalar($0)).isLetter }
        return "Unrecognized token '\(String(decoding: token, as: UTF8.self))': "
            + "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
    }
}
