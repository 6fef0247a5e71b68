/// One element of an XML document, without the prefixes of element names.
final class XMLElement {
    let name: String
    /// Names as they stand, with their prefixes.
    let attributes: [(name: String, value: String)]
    fileprivate(set) var children: [XMLElement] = []
    /// All character data of the element itself.
    fileprivate(set) var text = ""

    init(name: String, attributes: [(name: String, value: String)]) {
        self.name = name
        self.attributes = attributes
    }

    func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// - Returns: the root element; nil when the text is not well-formed, nested too deeply, has a document type, or
    ///   uses entities other than the five of XML.
    static func parse(_ bytes: [UInt8]) -> XMLElement? {
        bytes.withUnsafeBytes { buffer in
            var parser = XMLParser(bytes: buffer)
            return parser.document()
        }
    }
}

/// A strict reader of the XML that AWS protocols use: elements, attributes, text, CDATA, comments, declarations. No
/// document types, no external anything.
private struct XMLParser {
    let bytes: UnsafeRawBufferPointer
    var at = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func document() -> XMLElement? {
        if has("\u{FEFF}") { at += 3 }
        guard skipMisc(), next == UInt8(ascii: "<"), let root = tree(), skipMisc(), at == bytes.count else {
            return nil
        }
        return root
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private func has(_ word: StaticString) -> Bool {
        guard at + word.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<word.utf8CodeUnitCount where bytes[at + offset] != word.utf8Start[offset] { return false }
        return true
    }

    private mutating func skip(_ word: StaticString) -> Bool {
        guard has(word) else { return false }
        at += word.utf8CodeUnitCount
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    /// Behind the next `word`; false when there is none.
    private mutating func skip(through word: StaticString) -> Bool {
        while at < bytes.count {
            if skip(word) { return true }
            at += 1
        }
        return false
    }

    /// Space, comments, processing instructions.
    private mutating func skipMisc() -> Bool {
        while true {
            skipSpace()
            if skip("<!--") {
                guard skip(through: "-->") else { return false }
            } else if skip("<?") {
                guard skip(through: "?>") else { return false }
            } else {
                return true
            }
        }
    }

    /// An element with all that is in it. Open elements are kept in a list: depth costs no stack.
    private mutating func tree() -> XMLElement? {
        var open: [XMLElement] = []
        var text: [UInt8] = []
        func close(_ element: XMLElement) -> Bool {
            guard let value = String(validating: text, as: UTF8.self) else { return false }
            element.text += value
            text.removeAll(keepingCapacity: true)
            return true
        }
        while let byte = next {
            guard byte == UInt8(ascii: "<") else {
                guard character(into: &text, until: UInt8(ascii: "<")) else { return nil }
                continue
            }
            if skip("<!--") {
                guard skip(through: "-->") else { return nil }
            } else if skip("<![CDATA[") {
                let start = at
                guard skip(through: "]]>") else { return nil }
                text.append(contentsOf: bytes[start..<(at - 3)])
            } else if skip("<?") {
                guard skip(through: "?>") else { return nil }
            } else if skip("</") {
                guard let element = open.popLast(), let (name, _) = name(), element.name == name else { return nil }
                skipSpace()
                guard skip(">"), close(element) else { return nil }
                if open.isEmpty { return element }
            } else {
                at += 1
                guard open.count < WireLimits.depth, let (element, isEmpty) = start() else { return nil }
                if let parent = open.last {
                    guard close(parent) else { return nil }
                    parent.children.append(element)
                }
                if !isEmpty { open.append(element) } else if open.isEmpty { return element }
            }
        }
        return nil
    }

    /// Behind `<` to behind `>` or `/>`.
    private mutating func start() -> (XMLElement, isEmpty: Bool)? {
        guard let (name, _) = name() else { return nil }
        var attributes: [(name: String, value: String)] = []
        while true {
            let before = at
            skipSpace()
            if skip(">") { return (XMLElement(name: name, attributes: attributes), false) }
            if skip("/>") { return (XMLElement(name: name, attributes: attributes), true) }
            guard at > before, let (_, full) = self.name(), !attributes.contains(where: { $0.name == full }),
                attributes.count < 64
            else { return nil }
            skipSpace()
            guard skip("=") else { return nil }
            skipSpace()
            guard let value = attributeValue() else { return nil }
            attributes.append((full, value))
        }
    }

    private mutating func attributeValue() -> String? {
        guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        at += 1
        var value: [UInt8] = []
        while let byte = next {
            if byte == quote {
                at += 1
                return String(validating: value, as: UTF8.self)
            }
            guard byte != UInt8(ascii: "<"), character(into: &value, until: quote) else { return nil }
        }
        return nil
    }

    /// A name without and with its prefix.
    private mutating func name() -> (local: String, full: String)? {
        let start = at
        var local = at
        while let byte = next {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                0x80...:
                at += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                guard at > local else { return nil }
                at += 1
            case UInt8(ascii: ":"):
                guard at > local, local == start else { return nil }
                at += 1
                local = at
            default:
                return names(start, local)
            }
        }
        return names(start, local)
    }

    private func names(_ start: Int, _ local: Int) -> (local: String, full: String)? {
        guard at > local, let full = String(validating: bytes[start..<at], as: UTF8.self) else { return nil }
        return (local == start ? full : String(decoding: bytes[local..<at], as: UTF8.self), full)
    }

    /// Text up to the next `stop` or reference, or one reference.
    private mutating func character(into text: inout [UInt8], until stop: UInt8) -> Bool {
        if next == UInt8(ascii: "&") { return reference(into: &text) }
        let start = at
        while let byte = next, byte != stop, byte != UInt8(ascii: "&"), byte != UInt8(ascii: "<") {
            // Control characters are not XML, save for white space.
            guard byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else { return false }
            at += 1
        }
        text.append(contentsOf: bytes[start..<at])
        return true
    }

    private mutating func reference(into text: inout [UInt8]) -> Bool {
        let entities: [(StaticString, UInt8)] = [
            ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")), ("&amp;", UInt8(ascii: "&")),
            ("&quot;", UInt8(ascii: "\"")), ("&apos;", UInt8(ascii: "'")),
        ]
        for (entity, byte) in entities where skip(entity) {
            text.append(byte)
            return true
        }
        guard skip("&#") else { return false }
        let radix: UInt32 = skip("x") ? 16 : 10
        var value: UInt32 = 0
        let start = at
        while let byte = next, byte != UInt8(ascii: ";") {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix, value < 0x11_0000 else {
                return false
            }
            value = value * radix + UInt32(digit)
            at += 1
        }
        guard at > start, skip(";"), let scalar = Unicode.Scalar(value),
            value >= 0x20 || [0x09, 0x0A, 0x0D].contains(value)
        else { return false }
        text.append(contentsOf: String(Character(scalar)).utf8)
        return true
    }
}
