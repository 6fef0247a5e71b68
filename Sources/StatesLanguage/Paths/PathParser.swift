/// Recursive descent over the bytes of a path. Every read is guarded.
struct PathParser {
    let source: String
    let bytes: [UInt8]
    var at: Int
    private var depth = 0
    private static let deepest = 32

    init(_ source: String) { self.init(source, bytes: Array(source.utf8), at: 0) }

    /// A path within a longer text: call `prefix()` and read `at`.
    init(_ source: String, bytes: [UInt8], at: Int) {
        self.source = source
        self.bytes = bytes
        self.at = at
    }

    func error(_ reason: String) -> PathSyntaxError { PathSyntaxError(reason: reason, offset: at) }
    var next: UInt8? { at < bytes.count ? bytes[at] : nil }
    func peek(_ offset: Int) -> UInt8? { at + offset < bytes.count ? bytes[at + offset] : nil }
    func text(_ from: Int, _ to: Int) -> String { String(decoding: bytes[from..<to], as: UTF8.self) }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    /// The whole text is one path.
    mutating func path() throws(PathSyntaxError) -> Path {
        let path = try prefix()
        guard at == bytes.count else { throw error("unexpected text after the path") }
        return path
    }

    /// A path that ends where no step follows.
    mutating func prefix() throws(PathSyntaxError) -> Path {
        let start = at
        let root: Path.Root
        if take(UInt8(ascii: "@")) {
            root = .current
        } else {
            guard take(UInt8(ascii: "$")) else { throw error("a path starts with $") }
            if take(UInt8(ascii: "$")) {
                root = .context
            } else if let first = next, Self.startsName(first) {
                root = .variable(name())
            } else {
                root = .input
            }
        }
        let steps = try steps()
        return Path(source: text(start, at), root: root, steps: steps)
    }

    /// Variable names: a letter or `_`, then letters, digits, `_`; everything outside ASCII counts as a letter.
    static func startsName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    static func continuesName(_ byte: UInt8) -> Bool {
        startsName(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private mutating func name() -> String {
        let start = at
        while let byte = next, Self.continuesName(byte) { at += 1 }
        return text(start, at)
    }

    private mutating func steps() throws(PathSyntaxError) -> [Path.Step] {
        var steps: [Path.Step] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "."):
                at += 1
                if take(UInt8(ascii: ".")) {
                    steps.append(.descend)
                    if next == UInt8(ascii: "[") { continue }
                }
                if take(UInt8(ascii: "*")) {
                    steps.append(.wildcard)
                } else {
                    steps.append(try memberOrFunction())
                }
            case UInt8(ascii: "["): steps.append(try bracket())
            default: return steps
            }
        }
        return steps
    }

    /// What ends a member written after a dot.
    private static func endsMember(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: ","), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "="), UInt8(ascii: "!"),
            UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "*"),
            UInt8(ascii: "?"), UInt8(ascii: "~"), 0...0x20:
            true
        default: false
        }
    }

    private mutating func memberOrFunction() throws(PathSyntaxError) -> Path.Step {
        let start = at
        while let byte = next, !Self.endsMember(byte) { at += 1 }
        guard at > start else { throw error("expected a member name") }
        let name = text(start, at)
        guard take(UInt8(ascii: "(")) else { return .member(name) }
        skipSpace()
        guard take(UInt8(ascii: ")")) else { throw error("functions of paths take no arguments") }
        guard let function = Path.Function(rawValue: name) else { throw error("unknown function \(name)") }
        return .function(function)
    }

    // MARK: - Brackets

    private mutating func bracket() throws(PathSyntaxError) -> Path.Step {
        at += 1
        skipSpace()
        let step: Path.Step
        switch next {
        case UInt8(ascii: "*"):
            at += 1
            step = .wildcard
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            let names = try names()
            step = names.count == 1 ? .member(names[0]) : .members(names)
        case UInt8(ascii: "?"):
            at += 1
            step = .filter(try filter())
        case .some(UInt8(ascii: ":")), .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
            step = try numbers()
        default: throw error("expected an index, a name, a filter or *")
        }
        skipSpace()
        guard take(UInt8(ascii: "]")) else { throw error("expected ]") }
        return step
    }

    private mutating func names() throws(PathSyntaxError) -> [String] {
        var names: [String] = []
        repeat {
            skipSpace()
            names.append(try quoted())
            skipSpace()
        } while take(UInt8(ascii: ","))
        return names
    }

    /// A text in single or double quotes. A backslash takes the quote or a backslash as it is; before anything else it
    /// stands for itself.
    mutating func quoted() throws(PathSyntaxError) -> String {
        guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw error("expected a quoted name")
        }
        at += 1
        var content: [UInt8] = []
        while let byte = next {
            at += 1
            if byte == quote { return String(decoding: content, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = next, escaped == quote || escaped == byte {
                at += 1
                content.append(escaped)
            } else {
                content.append(byte)
            }
        }
        throw error("a quote is not closed")
    }

    private mutating func integer() throws(PathSyntaxError) -> Int {
        let start = at
        _ = take(UInt8(ascii: "-"))
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        guard let value = Int(text(start, at)) else { throw error("expected a number") }
        return value
    }

    private mutating func numbers() throws(PathSyntaxError) -> Path.Step {
        let first = next == UInt8(ascii: ":") ? nil : try integer()
        skipSpace()
        if take(UInt8(ascii: ":")) {
            skipSpace()
            let last = next == UInt8(ascii: "]") ? nil : try integer()
            return .slice(from: first, to: last)
        }
        guard let first else { throw error("expected a number") }
        guard next == UInt8(ascii: ",") else { return .index(first) }
        var indices = [first]
        while take(UInt8(ascii: ",")) {
            skipSpace()
            indices.append(try integer())
            skipSpace()
        }
        return .indices(indices)
    }

    /// Runs `body` one level deeper; hostile filters must not exhaust the stack.
    mutating func nested<T>(
        _ body: (inout PathParser) throws(PathSyntaxError) -> T
    ) throws(PathSyntaxError) -> T {
        guard depth < Self.deepest else { throw error("nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }
}
