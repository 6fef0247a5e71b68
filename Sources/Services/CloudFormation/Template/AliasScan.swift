/// Looks for aliases before the YAML library sees the text: it compares mapping keys with each other, and a key made of
/// aliases to aliases would keep it busy for ages. Block scalars, quoted text and comments are skipped; a name counts
/// only when it occurs both as an anchor and as an alias.
enum AliasScan {
    static func finds(in text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "&")), bytes.contains(UInt8(ascii: "*")) else { return false }
        var scan = Scan()
        for line in bytes.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            scan.read(line)
        }
        return !scan.anchors.subtracting([""]).isDisjoint(with: scan.aliases)
    }

    private struct Scan {
        var anchors: Set<String> = []
        var aliases: Set<String> = []
        /// The indentation of the line that opened a block scalar, while inside of it.
        var block: Int?
        /// The quote that is open across lines.
        var quote: UInt8?

        mutating func read(_ line: ArraySlice<UInt8>) {
            let indent = line.prefix { $0 == 0x20 }.count
            if let open = block {
                if indent > open || indent == line.count { return }
                block = nil
            }
            var at = line.startIndex
            var isTokenStart = true
            while at < line.endIndex {
                let byte = line[at]
                if let open = quote {
                    if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") { at += 1 }
                    if byte == open { quote = nil }
                } else if isTokenStart {
                    switch byte {
                    case UInt8(ascii: "#"): return
                    case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
                    case UInt8(ascii: "&"): anchors.insert(name(line[(at + 1)...]))
                    case UInt8(ascii: "*"): aliases.insert(name(line[(at + 1)...]))
                    case UInt8(ascii: "|"), UInt8(ascii: ">"):
                        if isBlockHeader(line[(at + 1)...]) {
                            block = indent
                            return
                        }
                    default: break
                    }
                }
                isTokenStart = isBreak(byte)
                at += 1
            }
        }

        private func isBreak(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
                || byte == UInt8(ascii: ",")
        }

        /// `|`, `>-`, `|2+ # comment`: nothing but indicators and a comment behind it.
        private func isBlockHeader(_ rest: ArraySlice<UInt8>) -> Bool {
            let tail = rest.drop { byte in
                byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || (byte >= 0x30 && byte <= 0x39)
            }.drop { $0 == 0x20 || $0 == 0x09 }
            return tail.isEmpty || tail.first == UInt8(ascii: "#")
        }

        private func name(_ rest: ArraySlice<UInt8>) -> String {
            let bytes = rest.prefix { byte in
                byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || (byte >= 0x30 && byte <= 0x39)
                    || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
