/// Which characters SQS accepts where.
enum MessageText {
    /// Bodies and string attributes: XML's characters, #x9 | #xA | #xD | #x20–#xD7FF | #xE000–#xFFFD | #x10000–#x10FFFF.
    static func isValid(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            for index in 0..<bytes.count {
                let byte = bytes[index]
                if byte < 0x20 {
                    guard byte == 0x09 || byte == 0x0A || byte == 0x0D else { return false }
                } else if byte == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xBF, bytes[index + 2] >= 0xBE {
                    return false  // U+FFFE and U+FFFF
                }
            }
            return true
        }
    }

    /// Ids of groups, deduplication and receive attempts: 1 to 128 printable ASCII characters without space.
    static func isId(_ text: String) -> Bool {
        (1...Limits.idLength).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// Names of queues, labels of permissions, ids of batch entries: 1 to 80 letters, digits, hyphens, underscores.
    static func isName(_ text: some StringProtocol) -> Bool {
        (1...Limits.queueNameLength).contains(text.utf8.count) && text.utf8.allSatisfy(isNameCharacter)
    }

    static func isNameCharacter(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
