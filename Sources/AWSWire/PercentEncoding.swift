/// Percent-encoding of paths and queries (RFC 3986) and of forms.
public enum PercentEncoding {
    /// nil when the bytes are not UTF-8. A percent sign without two digits stands for itself.
    public static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var text = String(text)
        return text.withUTF8 { input in
            decode(input[...], plusIsSpace: plusIsSpace)
        }
    }

    static func decode(_ input: Slice<UnsafeBufferPointer<UInt8>>, plusIsSpace: Bool) -> String? {
        guard input.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(validating: input, as: UTF8.self)
        }
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var at = input.startIndex
        while at < input.endIndex {
            let byte = input[at]
            if byte == UInt8(ascii: "%"), at + 2 < input.endIndex, let high = digit(input[at + 1]),
                let low = digit(input[at + 2])
            {
                output.append(high << 4 | low)
                at += 3
            } else {
                output.append(byte == UInt8(ascii: "+") && plusIsSpace ? 0x20 : byte)
                at += 1
            }
        }
        return String(validating: output, as: UTF8.self)
    }

    /// Everything but letters, digits and `-_.~` is encoded; `/` stays when `keepsSlash` is set.
    public static func encode(_ text: String, keepsSlash: Bool = false) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        encode(text, keepsSlash: keepsSlash, into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    static func encode(_ text: String, keepsSlash: Bool = false, into output: inout [UInt8]) {
        let digits: StaticString = "0123456789ABCDEF"
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                output.append(byte)
            case UInt8(ascii: "/") where keepsSlash: output.append(byte)
            default:
                output.append(UInt8(ascii: "%"))
                output.append(digits.utf8Start[Int(byte >> 4)])
                output.append(digits.utf8Start[Int(byte & 15)])
            }
        }
    }

    /// The fields of a form or query string in their order; a field without `=` has an empty value.
    /// - Returns: nil when a name or value is not UTF-8.
    public static func fields(_ bytes: [UInt8]) -> [(name: String, value: String)]? {
        bytes.withUnsafeBufferPointer { buffer in
            var fields: [(name: String, value: String)] = []
            for field in buffer.split(separator: UInt8(ascii: "&")) {
                let equals = field.firstIndex(of: UInt8(ascii: "=")) ?? field.endIndex
                let behind = equals < field.endIndex ? equals + 1 : equals
                guard let name = decode(field[..<equals], plusIsSpace: true),
                    let value = decode(field[behind...], plusIsSpace: true)
                else { return nil }
                fields.append((name, value))
            }
            return fields
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 0x37
        default: nil
        }
    }
}
