/// The pattern of `StringMatches`: `*` stands for any run of characters, `\*` for itself, `\\` for a backslash.
struct StringPattern: Sendable {
    /// The literal pieces between the stars.
    private let pieces: [[UInt8]]

    /// - Returns: nil where a backslash stands before anything else.
    init?(_ text: String) {
        var pieces: [[UInt8]] = [[]]
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "*"): pieces.append([])
            case UInt8(ascii: "\\"):
                guard let escaped = bytes.next(), escaped == UInt8(ascii: "*") || escaped == byte else { return nil }
                pieces[pieces.count - 1].append(escaped)
            default: pieces[pieces.count - 1].append(byte)
            }
        }
        self.pieces = pieces
    }

    func matches(_ text: String) -> Bool {
        guard let first = pieces.first, let last = pieces.last else { return false }
        let bytes = Array(text.utf8)
        guard bytes.starts(with: first) else { return false }
        if pieces.count == 1 { return bytes.count == first.count }
        guard bytes.count >= first.count + last.count, bytes.suffix(last.count).elementsEqual(last) else {
            return false
        }
        var at = first.count
        let end = bytes.count - last.count
        for piece in pieces.dropFirst().dropLast() {
            guard let found = Self.find(piece, in: bytes, from: at, to: end) else { return false }
            at = found + piece.count
        }
        return true
    }

    /// The leftmost place is always good enough, so matching never has to go back.
    private static func find(_ piece: [UInt8], in bytes: [UInt8], from: Int, to: Int) -> Int? {
        guard to - from >= piece.count else { return nil }
        var start = from
        while start + piece.count <= to {
            if bytes[start..<start + piece.count].elementsEqual(piece) { return start }
            start += 1
        }
        return nil
    }
}
