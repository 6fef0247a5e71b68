/// Writes XML text piece by piece.
struct XMLWriter {
    private(set) var bytes: [UInt8] = []

    mutating func declaration() { raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }

    mutating func open(_ name: String, attributes: [(name: String, value: String)] = []) {
        raw("<")
        raw(name)
        for (name, value) in attributes {
            raw(" ")
            raw(name)
            raw("=\"")
            text(value)
            raw("\"")
        }
        raw(">")
    }

    mutating func close(_ name: String) {
        raw("</")
        raw(name)
        raw(">")
    }

    mutating func element(_ name: String, _ value: String) {
        open(name)
        text(value)
        close(name)
    }

    /// Character data. Characters that XML 1.0 cannot hold become U+FFFD, carriage returns a reference, so that they
    /// survive a parser.
    mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { input in
            var start = 0
            for index in 0..<input.count {
                guard let escape = Self.escape(input[index]) else { continue }
                bytes.append(contentsOf: input[start..<index])
                bytes.append(contentsOf: escape.utf8)
                start = index + 1
            }
            bytes.append(contentsOf: input[start...])
        }
    }

    private static func escape(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case 0x0D: "&#xD;"
        case 0x00..<0x20 where byte != 0x09 && byte != 0x0A: "\u{FFFD}"
        default: nil
        }
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
