extension Library {
    static let strings: [Native] = [
        Native("string", "<x-b?:s>", 1) { call throws(Failure) in
            if call[0].isUndefined { return .undefined }
            var pretty = false
            if case .bool(let value) = call[1] { pretty = value }
            return .string(try Stringify.text(call[0], call.machine, pretty: pretty))
        },
        Native("length", "<s-:n>", 1) { call throws(Failure) in
            call.string(0).map { .number(Double($0.unicodeScalars.count)) } ?? .undefined
        },
        Native("substring", "<s-nn?:s>", 3) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            return .string(substring(text, call.number(1) ?? 0, call.number(2)))
        },
        Native("substringBefore", "<s-s:s>", 2) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            guard let mark = call.string(1), let found = Search.first(mark, in: text[...]) else { return .string(text) }
            return .string(String(text[..<found.lowerBound]))
        },
        Native("substringAfter", "<s-s:s>", 2) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            guard let mark = call.string(1), let found = Search.first(mark, in: text[...]) else { return .string(text) }
            return .string(String(text[found.upperBound...]))
        },
        Native("lowercase", "<s-:s>", 1) { call throws(Failure) in
            call.string(0).map { .string($0.lowercased()) } ?? .undefined
        },
        Native("uppercase", "<s-:s>", 1) { call throws(Failure) in
            call.string(0).map { .string($0.uppercased()) } ?? .undefined
        },
        Native("trim", "<s-:s>", 1) { call throws(Failure) in
            call.string(0).map { .string(trim($0)) } ?? .undefined
        },
        Native("pad", "<s-ns?:s>", 3) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            return .string(try pad(text, call.number(1) ?? 0, call.string(2) ?? ""))
        },
        Native("join", "<a<s>s?:s>", 2) { call throws(Failure) in
            guard let list = call.list(0) else { return .undefined }
            let parts = list.items.map { $0.string ?? "" }
            let separator = call.string(1) ?? ""
            let size = parts.reduce(0) { $0 + $1.utf8.count + separator.utf8.count }
            guard size <= Text.longest else { throw Failure.tooLarge() }
            return .string(parts.joined(separator: separator))
        },
    ]

    /// Counted in characters (code points); a start below zero counts from the end.
    private static func substring(_ text: String, _ start: Double, _ length: Double?) -> String {
        let scalars = text.unicodeScalars
        let count = Double(scalars.count)
        var from = start
        if count + from < 0 { from = 0 }
        var to = count
        if let length {
            if !(length > 0) { return "" }
            to = from >= 0 ? from + length : count + from + length
        }
        func place(_ position: Double) -> Int {
            let whole = position.rounded(.towardZero)
            return Int(min(max(whole < 0 ? count + whole : whole, 0), count))
        }
        let first = place(from)
        let last = place(to)
        guard first < last else { return "" }
        let begin = scalars.index(scalars.startIndex, offsetBy: first)
        return String(scalars[begin..<scalars.index(begin, offsetBy: last - first)])
    }

    /// Runs of white space become one blank, at the ends none.
    private static func trim(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isBlank = false
        for scalar in text.unicodeScalars {
            if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
                isBlank = true
                continue
            }
            if isBlank, !result.isEmpty { result.append(" ") }
            isBlank = false
            result.append(scalar)
        }
        return String(result)
    }

    /// To the right for a positive width, to the left for a negative one.
    static func pad(_ text: String, _ width: Double, _ fill: String) throws(Failure) -> String {
        let missing = width.magnitude.rounded(.down) - Double(text.unicodeScalars.count)
        guard missing > 0 else { return text }
        guard missing <= Double(Text.longest) else { throw Failure.tooLarge() }
        let unit = Array((fill.isEmpty ? " " : fill).unicodeScalars)
        var padding = String.UnicodeScalarView()
        for index in 0..<Int(missing) { padding.append(unit[index % unit.count]) }
        return width > 0 ? text + String(padding) : String(padding) + text
    }
}

/// Finding one text in another, byte by byte: what only looks alike is not found.
enum Search {
    static func first(_ mark: String, in text: Substring) -> Range<String.Index>? {
        let pattern = Array(mark.utf8)
        guard let head = pattern.first else { return text.startIndex..<text.startIndex }
        let bytes = text.utf8
        var at = bytes.startIndex
        while let start = bytes[at...].firstIndex(of: head) {
            if bytes[start...].starts(with: pattern) {
                return start..<bytes.index(start, offsetBy: pattern.count)
            }
            at = bytes.index(after: start)
        }
        return nil
    }
}
