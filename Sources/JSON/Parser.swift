extension JSON {
    /// Why a text is not JSON, and at which byte.
    public struct ParseError: Error, Equatable, CustomStringConvertible {
        public let offset: Int
        public let reason: String
        public var description: String { "\(reason) at byte \(offset)" }
    }

    /// How much a parser takes before it refuses, so that hostile input cannot exhaust the stack.
    public static let defaultDepth = 512

    /// Parses one JSON text (RFC 8259): no comments, no trailing commas, valid UTF-8, at most `depth` nested levels.
    public static func parse(_ bytes: some Sequence<UInt8>, depth: Int = defaultDepth) throws(ParseError) -> JSON {
        if let result = bytes.withContiguousStorageIfAvailable({ buffer in
            Result { () throws(ParseError) in try parse(buffer: UnsafeRawBufferPointer(buffer), depth: depth) }
        }) {
            return try result.get()
        }
        return try parse(Array(bytes), depth: depth)
    }

    public static func parse(_ bytes: [UInt8], depth: Int = defaultDepth) throws(ParseError) -> JSON {
        try bytes.withUnsafeBufferPointer { (bytes) throws(ParseError) -> JSON in
            try parse(buffer: UnsafeRawBufferPointer(bytes), depth: depth)
        }
    }

    public static func parse(_ text: String, depth: Int = defaultDepth) throws(ParseError) -> JSON {
        try parse(Array(text.utf8), depth: depth)
    }

    /// The same on raw memory, which must stay valid during the call.
    public static func parse(
        buffer: UnsafeRawBufferPointer, depth: Int = defaultDepth
    ) throws(ParseError) -> JSON {
        var parser = Parser(bytes: buffer, depth: depth)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        guard parser.at == buffer.count else { throw parser.error("unexpected text after the value") }
        return value
    }
}

/// Recursive descent over bytes. Every read is guarded by `at < bytes.count`.
private struct Parser {
    let bytes: UnsafeRawBufferPointer
    var at = 0
    var depth: Int

    init(bytes: UnsafeRawBufferPointer, depth: Int) {
        self.bytes = bytes
        self.depth = depth
    }

    func error(_ reason: String) -> JSON.ParseError { JSON.ParseError(offset: at, reason: reason) }

    var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func skipSpace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            default: return
            }
        }
    }

    mutating func value() throws(JSON.ParseError) -> JSON {
        guard let first = next else { throw error("unexpected end of input") }
        switch first {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw error("unexpected character")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSON.ParseError) -> JSON {
        let length = word.utf8CodeUnitCount
        guard at + length <= bytes.count else { throw error("unexpected end of input") }
        for index in 0..<length where bytes[at + index] != word.utf8Start[index] { throw error("unexpected word") }
        at += length
        return value
    }

    private mutating func enter() throws(JSON.ParseError) {
        guard depth > 0 else { throw error("nested too deeply") }
        depth -= 1
        at += 1
        skipSpace()
    }

    private mutating func object() throws(JSON.ParseError) -> JSON {
        try enter()
        defer { depth += 1 }
        var object = JSON.Object()
        if next == UInt8(ascii: "}") {
            at += 1
            return .object(object)
        }
        while true {
            guard next == UInt8(ascii: "\"") else { throw error("expected a member name") }
            let key = try string()
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw error("expected ':'") }
            at += 1
            skipSpace()
            object.put(key, try value())
            guard try more(until: UInt8(ascii: "}")) else { return .object(object) }
        }
    }

    private mutating func array() throws(JSON.ParseError) -> JSON {
        try enter()
        defer { depth += 1 }
        var elements: [JSON] = []
        if next == UInt8(ascii: "]") {
            at += 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            guard try more(until: UInt8(ascii: "]")) else { return .array(elements) }
        }
    }

    /// After an element: true behind a comma, false behind the closing bracket.
    private mutating func more(until close: UInt8) throws(JSON.ParseError) -> Bool {
        skipSpace()
        guard let separator = next else { throw error("unexpected end of input") }
        guard separator == UInt8(ascii: ",") || separator == close else {
            throw error("expected ',' or a closing bracket")
        }
        at += 1
        guard separator != close else { return false }
        skipSpace()
        return true
    }

    private mutating func number() throws(JSON.ParseError) -> JSON.Number {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        if next == UInt8(ascii: "0") {
            at += 1
        } else {
            try digits()
        }
        if next == UInt8(ascii: ".") {
            at += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        return JSON.Number(unchecked: String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func digits() throws(JSON.ParseError) {
        let start = at
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { at += 1 }
        guard at > start else { throw error("expected a digit") }
    }

    private mutating func string() throws(JSON.ParseError) -> String {
        at += 1
        let start = at
        // All bytes so far, one over the other: the highest bits tell whether there was any beyond ASCII.
        var high: UInt64 = 0
        while at < bytes.count {
            high |= skipPlain()
            guard at < bytes.count else { break }
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                let text = try text(bytes[start..<at], isASCII: high & 0x8080_8080_8080_8080 == 0)
                at += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw error("control character in a string") }
            high |= UInt64(byte)
            at += 1
        }
        throw error("unterminated string")
    }

    /// Goes on to the next quote, backslash or control character, eight bytes at a time; the last few bytes of a text
    /// are left to the caller. A byte of `word` is below `n` when its highest bit is clear and subtracting `n` borrows
    /// into it; the lowest such byte is never found wrongly.
    /// - Returns: what was passed, one over the other.
    private mutating func skipPlain() -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var passed: UInt64 = 0
        while at + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let found =
                (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word))
                & (ones &* 0x80)
            guard found == 0 else {
                let plain = found.trailingZeroBitCount & ~7
                at += plain / 8
                return passed | word & ((1 << UInt64(plain)) &- 1)
            }
            passed |= word
            at += 8
        }
        return passed
    }

    private func text(_ slice: Slice<UnsafeRawBufferPointer>, isASCII: Bool) throws(JSON.ParseError) -> String {
        let bytes = UnsafeRawBufferPointer(rebasing: slice)
        var text = String(decoding: bytes, as: UTF8.self)
        // What is not UTF-8 comes out changed. The initializer that validates costs many times as much.
        guard isASCII || text.withUTF8({ $0.elementsEqual(bytes) }) else { throw error("invalid UTF-8") }
        return text
    }

    /// The slow path: from the first backslash on, bytes are collected one by one.
    private mutating func escapedString(from start: Int) throws(JSON.ParseError) -> String {
        var collected = Array(bytes[start..<at])
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: collected, as: UTF8.self) else { throw error("invalid UTF-8") }
                return text
            case UInt8(ascii: "\\"): try escape(into: &collected)
            case 0..<0x20: throw error("control character in a string")
            default: collected.append(byte)
            }
        }
        throw error("unterminated string")
    }

    private mutating func escape(into collected: inout [UInt8]) throws(JSON.ParseError) {
        guard let byte = next else { throw error("unterminated string") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): collected.append(byte)
        case UInt8(ascii: "b"): collected.append(0x08)
        case UInt8(ascii: "f"): collected.append(0x0C)
        case UInt8(ascii: "n"): collected.append(0x0A)
        case UInt8(ascii: "r"): collected.append(0x0D)
        case UInt8(ascii: "t"): collected.append(0x09)
        case UInt8(ascii: "u"): collected.append(contentsOf: String(Character(try unicodeEscape())).utf8)
        default: throw error("invalid escape")
        }
    }

    private mutating func unicodeEscape() throws(JSON.ParseError) -> Unicode.Scalar {
        let first = try hex4()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, next == UInt8(ascii: "\\") else { throw error("lone surrogate") }
        at += 1
        guard next == UInt8(ascii: "u") else { throw error("lone surrogate") }
        at += 1
        let second = try hex4()
        guard second >= 0xDC00, second <= 0xDFFF,
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw error("lone surrogate") }
        return scalar
    }

    private mutating func hex4() throws(JSON.ParseError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw error("invalid escape")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }
}
