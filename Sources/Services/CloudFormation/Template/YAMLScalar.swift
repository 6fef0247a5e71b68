import JSON

/// The scalars of YAML 1.1 (yaml.org/type). Dates and base-60 numbers stay strings.
/// Assumed: `yes`, `no`, `on` and `off` are booleans, whole numbers with a leading zero are octal.
enum YAMLScalar {
    static func value(_ text: String, isPlain: Bool, tag: String) -> JSON {
        switch tag {
        case "tag:yaml.org,2002:str", "tag:yaml.org,2002:binary", "tag:yaml.org,2002:timestamp": return .string(text)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float": return number(text) ?? .string(text)
        case "tag:yaml.org,2002:bool": return bool(text) ?? .string(text)
        default: break
        }
        guard isPlain else { return .string(text) }
        if isNull(text) { return .null }
        return bool(text) ?? number(text) ?? .string(text)
    }

    private static func isNull(_ text: String) -> Bool {
        switch text {
        case "", "~", "null", "Null", "NULL": true
        default: false
        }
    }

    private static func bool(_ text: String) -> JSON? {
        switch text {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": true
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": false
        default: nil
        }
    }

    /// The number as JSON writes it, keeping its digits.
    static func number(_ text: String) -> JSON? {
        var digits = text.utf8.filter { $0 != UInt8(ascii: "_") }[...]
        guard let first = text.utf8.first, first != UInt8(ascii: "_") else { return nil }
        var sign = ""
        if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            sign = first == UInt8(ascii: "-") ? "-" : ""
            digits = digits.dropFirst()
        }
        let body = String(decoding: digits, as: UTF8.self)
        guard let lead = digits.first else { return nil }
        if body.hasPrefix("0x") { return radix(body.dropFirst(2), 16, sign) }
        if body.hasPrefix("0b") { return radix(body.dropFirst(2), 2, sign) }
        if digits.allSatisfy(isDigit) {
            guard lead == UInt8(ascii: "0"), digits.count > 1 else {
                return .number(JSON.Number(unchecked: sign + body))
            }
            return radix(body.dropFirst(), 8, sign)
        }
        return float(body, sign)
    }

    private static func radix(_ text: Substring, _ radix: Int, _ sign: String) -> JSON? {
        guard let first = text.first, first != "-", first != "+", let value = UInt64(text, radix: radix) else {
            return nil
        }
        return .number(JSON.Number(unchecked: "\(value == 0 ? "" : sign)\(value)"))
    }

    /// `1.5`, `.5`, `1.`, `1.5e+3`.
    private static func float(_ body: String, _ sign: String) -> JSON? {
        let parts = body.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy(isDigit) else { return nil }
        let tail = parts[1].split(whereSeparator: { $0 == "e" || $0 == "E" })
        let fraction = tail.first ?? ""
        guard tail.count <= 2, !(parts[0].isEmpty && fraction.isEmpty), fraction.utf8.allSatisfy(isDigit) else {
            return nil
        }
        guard !parts[1].hasPrefix("e"), !parts[1].hasPrefix("E") else { return nil }
        var exponent = ""
        if tail.count == 2 {
            let digits = tail[1].drop { $0 == "+" || $0 == "-" }
            guard !digits.isEmpty, tail[1].count - digits.count == 1, digits.utf8.allSatisfy(isDigit) else {
                return nil
            }
            exponent = "e" + tail[1]
        } else if parts[1].count != fraction.count {
            return nil
        }
        let whole = parts[0].drop { $0 == "0" }
        return .number(
            JSON.Number(
                unchecked: sign + (whole.isEmpty ? "0" : String(whole)) + "."
                    + (fraction.isEmpty ? "0" : String(fraction))
                    + exponent))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
