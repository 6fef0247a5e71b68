import AWSModel
import JSON

/// Values that travel as plain text: in XML elements, form fields, headers, paths and query strings.
enum Scalar {
    /// nil when the text is not of the shape's type.
    static func read(_ text: String, _ shape: Shape) -> JSON? {
        switch shape.kind {
        case .string: return .string(text)
        case .boolean:
            switch text {
            case "true", "True", "TRUE": return true
            case "false", "False", "FALSE": return false
            default: return nil
            }
        case .integer: return Int32(trimmed(text)).map { .number(Int($0)) }
        case .long: return Int(trimmed(text)).map { .number($0) }
        case .float, .double:
            let text = trimmed(text)
            if ["NaN", "Infinity", "-Infinity"].contains(text) { return .string(text) }
            // Only what JSON could have said as well: no hexadecimal, no names.
            guard let value = Double(text), value.isFinite,
                text.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || "+-.eE".utf8.contains($0) })
            else { return nil }
            return .number(value)
        case .timestamp: return Timestamp.parse(trimmed(text)).map(JSON.number)
        case .blob: return Base64.decode(text).map(JSON.bytes)
        case .structure, .list, .map: return nil
        }
    }

    static func text(
        _ value: JSON, _ shape: Shape, _ format: TimestampFormat, showsMilliseconds: Bool = false
    ) -> String {
        switch value {
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .bytes(let bytes): return Base64.encode(bytes)
        case .number(let number):
            guard shape.kind == .timestamp else { return number.text }
            return Timestamp.text(number, format, showsMilliseconds: showsMilliseconds)
        case .null: return ""
        case .array, .object, .written: return value.text()
        }
    }

    private static func trimmed(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last, first <= 0x20 || last <= 0x20 else { return text }
        let bytes = text.utf8.drop { $0 <= 0x20 }
        return String(Substring(bytes.prefix(bytes.count - bytes.reversed().prefix { $0 <= 0x20 }.count)))
    }
}
