extension Library {
    static let encodings: [Native] = [
        Native("base64encode", "<s-:s>", 1) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            return .string(Base64Text.encode(text.utf16.map { UInt8(truncatingIfNeeded: $0) }))
        },
        Native("base64decode", "<s-:s>", 1) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            var scalars = String.UnicodeScalarView()
            for byte in Base64Text.decode(text) { scalars.append(Unicode.Scalar(byte)) }
            return .string(String(scalars))
        },
        url("encodeUrlComponent") { PercentEncoding.encode($0, keeping: PercentEncoding.unreserved) },
        url("encodeUrl") { PercentEncoding.encode($0, keeping: PercentEncoding.unreserved + PercentEncoding.reserved) },
        url("decodeUrlComponent") { PercentEncoding.decode($0, keeping: []) },
        url("decodeUrl") { PercentEncoding.decode($0, keeping: PercentEncoding.reserved) },
    ]

    private static func url(_ name: String, _ convert: @escaping @Sendable (String) -> String?) -> Native {
        Native(name, "<s-:s>", 1) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            guard let result = convert(text) else {
                throw Failure("D3140", value: call[0], ["functionName": .string(name)])
            }
            return .string(result)
        }
    }
}

/// Percent encoding of UTF-8 bytes, with the characters that JavaScript leaves alone.
enum PercentEncoding {
    static let unreserved = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()".utf8)
    static let reserved = Array(";/?:@&=+$,#".utf8)

    /// nil for a text with half a character.
    static func encode(_ text: String, keeping kept: [UInt8]) -> String? {
        guard !text.unicodeScalars.contains(where: Text.isLone) else { return nil }
        let kept = Set(kept)
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            if kept.contains(byte) {
                output.append(byte)
            } else {
                output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// nil for what is not percent-encoded UTF-8. Bytes in `kept` stay as they were written.
    static func decode(_ text: String, keeping kept: [UInt8]) -> String? {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.count, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2]) else {
                return nil
            }
            let byte = high << 4 | low
            if kept.contains(byte) { output += bytes[index..<index + 3] } else { output.append(byte) }
            index += 3
        }
        return String(validating: output, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte & 0xDF) - 0x41 + 10
        default: nil
        }
    }
}
