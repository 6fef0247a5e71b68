#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Numbers as JavaScript writes and reads them.
enum NumberText {
    static func parse(_ text: String) -> Double {
        var value: Int64 = 0
        var count = 0
        var isNegative = false
        // Short whole numbers, which most are, without the general reader.
        for byte in text.utf8 {
            if byte == UInt8(ascii: "-"), count == 0, !isNegative {
                isNegative = true
                continue
            }
            guard byte >= 0x30, byte <= 0x39, count < 15 else { return Double(text) ?? 0 }
            value = value &* 10 &+ Int64(byte &- 0x30)
            count += 1
        }
        return isNegative ? -Double(value) : Double(value)
    }

    /// The shortest text that reads back as the same number: `1e+21` from there on, `1e-7` below a millionth.
    static func format(_ number: Double) -> String {
        if number.magnitude < 1e15, let whole = Int64(exactly: number) { return String(whole) }
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        let (digits, exponent) = decimal(number.magnitude)
        let sign = number < 0 ? "-" : ""
        let count = digits.count
        let text = String(decoding: digits, as: UTF8.self)
        switch exponent {
        case count...21 where exponent >= count: return sign + text + String(repeating: "0", count: exponent - count)
        case 1...21:
            return sign + text.prefix(exponent) + "." + text.dropFirst(exponent)
        case -5...0: return sign + "0." + String(repeating: "0", count: -exponent) + text
        default:
            let shown = exponent - 1
            let fraction = count > 1 ? "." + text.dropFirst() : ""
            return sign + text.prefix(1) + fraction + "e" + (shown < 0 ? "-" : "+") + String(abs(shown))
        }
    }

    /// As `$string` writes it: rounded to 15 digits first, which hides the noise of binary fractions.
    static func rounded(_ number: Double) -> String {
        if number.magnitude < 1e15, let whole = Int64(exactly: number) { return String(whole) }
        return format(rounding(number, digits: 15))
    }

    static func rounding(_ number: Double, digits: Int) -> Double {
        guard decimal(number.magnitude).digits.count > digits else { return number }
        var buffer = [CChar](repeating: 0, count: 48)
        _ = withVaList([Int32(digits - 1), number]) { vsnprintf(&buffer, buffer.count, "%.*e", $0) }
        return strtod(buffer, nil)
    }

    /// The shortest digits, and where the point stands: 0.digits × 10^exponent.
    static func decimal(_ magnitude: Double) -> (digits: [UInt8], exponent: Int) {
        var digits: [UInt8] = []
        var exponent = 0
        var isBehindPoint = false
        var text = magnitude.description.utf8[...]
        if let mark = text.firstIndex(of: UInt8(ascii: "e")) {
            exponent = Int(String(text[text.index(after: mark)...]) ?? "") ?? 0
            text = text[..<mark]
        }
        for byte in text {
            if byte == UInt8(ascii: ".") {
                isBehindPoint = true
                continue
            }
            if digits.isEmpty, byte == UInt8(ascii: "0") {
                if isBehindPoint { exponent -= 1 }
                continue
            }
            digits.append(byte)
            if !isBehindPoint { exponent += 1 }
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, digits.isEmpty ? 1 : exponent)
    }
}
