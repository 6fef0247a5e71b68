/// Delimited text: fields may stand in double quotes, within which a doubled quote is one, and lines may end in any of
/// the three ways. Empty lines are no rows.
struct CSV {
    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var at = 0

    init(_ bytes: [UInt8], delimiter: UInt8) {
        self.bytes = bytes
        self.delimiter = delimiter
        // Excel writes a byte order mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    }

    /// nil at the end.
    mutating func row() -> [String]? {
        while at < bytes.count, bytes[at] == UInt8(ascii: "\n") || bytes[at] == UInt8(ascii: "\r") { at += 1 }
        guard at < bytes.count else { return nil }
        var fields = [field()]
        while at < bytes.count, bytes[at] == delimiter {
            at += 1
            fields.append(field())
        }
        return fields
    }

    /// Stops at a delimiter, at the end of a line, or at the end.
    private mutating func field() -> String {
        var content: [UInt8] = []
        if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
            at += 1
            quoted(into: &content)
        }
        while at < bytes.count, bytes[at] != delimiter, bytes[at] != UInt8(ascii: "\n"), bytes[at] != UInt8(ascii: "\r")
        {
            content.append(bytes[at])
            at += 1
        }
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func quoted(into content: inout [UInt8]) {
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") {
                guard at < bytes.count, bytes[at] == byte else { return }
                at += 1
            }
            content.append(byte)
        }
    }
}
