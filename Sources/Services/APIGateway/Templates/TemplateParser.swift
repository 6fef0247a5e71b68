import JSON

/// Reads a mapping template. Works on bytes; nesting is bounded.
struct TemplateParser {
    private static let maxDepth = 64

    let text: [UInt8]
    var at = 0
    private var depth = 0

    init(_ source: String) { text = Array(source.utf8) }

    var next: UInt8? { at < text.count ? text[at] : nil }

    func isNext(_ word: String) -> Bool { text[min(at, text.count)...].starts(with: word.utf8) }

    mutating func skip(_ word: String) -> Bool {
        guard isNext(word) else { return false }
        at += word.utf8.count
        return true
    }

    mutating func expect(_ word: String) throws(TemplateError) {
        guard skip(word) else { throw failure("expected \(word)") }
    }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { at += 1 }
    }

    func failure(_ reason: String) -> TemplateError {
        let line = text.prefix(at).reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
        return TemplateError(reason: "\(reason) in line \(line)")
    }

    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    static func isWord(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    mutating func word() -> String {
        let start = at
        while let byte = next, Self.isWord(byte) { at += 1 }
        return String(decoding: text[start..<at], as: UTF8.self)
    }

    mutating func template() throws(TemplateError) -> [Template.Node] {
        let nodes = try block()
        guard at == text.count else { throw failure("#end, #else or #elseif without its beginning") }
        return nodes
    }

    mutating func nested<T>(_ body: (inout TemplateParser) throws(TemplateError) -> T) throws(TemplateError) -> T {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maxDepth else { throw failure("nested too deeply") }
        return try body(&self)
    }

    /// Up to what ends a block.
    private mutating func block() throws(TemplateError) -> [Template.Node] {
        try nested { parser throws(TemplateError) in try parser.nodes() }
    }

    private mutating func nodes() throws(TemplateError) -> [Template.Node] {
        var nodes: [Template.Node] = []
        var plain: [UInt8] = []
        func flush() {
            if !plain.isEmpty { nodes.append(.text(String(decoding: plain, as: UTF8.self))) }
            plain = []
        }
        while let byte = next {
            switch byte {
            case UInt8(ascii: "#"):
                if ["end", "else", "elseif"].contains(where: isDirective) {
                    flush()
                    return nodes
                }
                let start = at
                if try skipComment() { continue }
                if let node = try directive() {
                    flush()
                    nodes.append(node)
                } else {
                    plain += text[start..<at]
                }
            case UInt8(ascii: "$"):
                let start = at
                if let reference = try reference() {
                    flush()
                    nodes.append(.reference(reference))
                } else {
                    at = start + 1
                    plain.append(byte)
                }
            case UInt8(ascii: "\\") where isNext("\\$") || isNext("\\#"):
                plain.append(text[at + 1])
                at += 2
            default:
                plain.append(byte)
                at += 1
            }
        }
        flush()
        return nodes
    }

    // MARK: - Directives

    private func isDirective(_ name: String) -> Bool {
        if isNext("#{\(name)}") { return true }
        guard isNext("#\(name)") else { return false }
        let end = at + 1 + name.utf8.count
        return end >= text.count || !Self.isLetter(text[end])
    }

    private mutating func skipDirective(_ name: String) -> Bool {
        guard isDirective(name) else { return false }
        if !skip("#{\(name)}") { at += 1 + name.utf8.count }
        return true
    }

    /// `## to the end of the line`, `#* … *#`.
    private mutating func skipComment() throws(TemplateError) -> Bool {
        if skip("##") {
            while let byte = next, byte != 0x0A { at += 1 }
            if next != nil { at += 1 }
            return true
        }
        guard skip("#*") else { return false }
        while !isNext("*#") {
            guard next != nil else { throw failure("a comment does not end") }
            at += 1
        }
        at += 2
        return true
    }

    /// A line that ends behind a directive does not show.
    private mutating func skipLineEnd() {
        var end = at
        while end < text.count, text[end] == 0x20 || text[end] == 0x09 { end += 1 }
        if end < text.count, text[end] == 0x0D { end += 1 }
        if end < text.count, text[end] == 0x0A { at = end + 1 }
    }

    /// nil for a `#` that is text.
    private mutating func directive() throws(TemplateError) -> Template.Node? {
        for name in ["set", "if", "foreach", "stop", "break", "macro", "define", "parse", "include", "evaluate"]
        where skipDirective(name) {
            switch name {
            case "set": return try set()
            case "if": return try choice()
            case "foreach": return try loop()
            case "stop": return .stop
            case "break": return .leave
            default: throw failure("#\(name) is not supported")
            }
        }
        at += 1
        return nil
    }

    private mutating func set() throws(TemplateError) -> Template.Node {
        skipSpace()
        try expect("(")
        skipSpace()
        guard let target = try reference() else { throw failure("#set needs a reference") }
        skipSpace()
        try expect("=")
        let value = try expression()
        skipSpace()
        try expect(")")
        skipLineEnd()
        return .set(target, value)
    }

    private mutating func condition() throws(TemplateError) -> Template.Expression {
        skipSpace()
        try expect("(")
        let condition = try expression()
        skipSpace()
        try expect(")")
        skipLineEnd()
        return condition
    }

    private mutating func choice() throws(TemplateError) -> Template.Node {
        var cases: [(condition: Template.Expression, body: [Template.Node])] = []
        cases.append((try condition(), try block()))
        var otherwise: [Template.Node] = []
        while skipDirective("elseif") { cases.append((try condition(), try block())) }
        if skipDirective("else") {
            skipLineEnd()
            otherwise = try block()
        }
        guard skipDirective("end") else { throw failure("#if without #end") }
        skipLineEnd()
        return .choice(cases, otherwise: otherwise)
    }

    private mutating func loop() throws(TemplateError) -> Template.Node {
        skipSpace()
        try expect("(")
        skipSpace()
        try expect("$")
        _ = skip("{")
        let name = word()
        _ = skip("}")
        skipSpace()
        try expect("in")
        let elements = try expression()
        skipSpace()
        try expect(")")
        skipLineEnd()
        let body = try block()
        guard skipDirective("end") else { throw failure("#foreach without #end") }
        skipLineEnd()
        return .loop(name, elements, body)
    }
}
