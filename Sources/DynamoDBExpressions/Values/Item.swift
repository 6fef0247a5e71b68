package import AWSWire
package import JSON

/// The attributes of an item, or the entries of a map, in the order in which they came.
package struct Item: Sendable {
    package private(set) var attributes: [(name: String, value: AttributeValue)]

    package init() { attributes = [] }

    package var count: Int { attributes.count }
    package var isEmpty: Bool { attributes.isEmpty }

    private func position(of name: String) -> Int? { attributes.firstIndex { $0.name == name } }

    package subscript(name: String) -> AttributeValue? {
        get { position(of: name).map { attributes[$0].value } }
        set {
            switch (position(of: name), newValue) {
            case (let index?, let value?): attributes[index].value = value
            case (let index?, nil): attributes.remove(at: index)
            case (nil, let value?): attributes.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// Adds an attribute whose name is not there yet.
    package mutating func append(_ name: String, _ value: AttributeValue) { attributes.append((name, value)) }

    /// Changes the value of an attribute in place; false when there is none.
    package mutating func update<Failure: Error>(
        _ name: String, _ body: (inout AttributeValue) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        guard let index = position(of: name) else { return false }
        try body(&attributes[index].value)
        return true
    }

    /// Bytes of names and values.
    package var byteCount: Int { attributes.reduce(0) { $0 + $1.name.utf8.count + $1.value.byteCount } }
}

extension Item: Equatable {
    package static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.attributes.allSatisfy { right[$0.name] == $0.value }
    }
}

extension Item {
    /// Reads and checks what a client sent.
    package init(tree: JSON, depth: Int = 0) throws(AWSError) {
        guard let object = tree.object else {
            throw AWSError("SerializationException", "A map of attribute values was expected")
        }
        attributes = []
        attributes.reserveCapacity(object.count)
        for (name, value) in object.members {
            attributes.append((name, try AttributeValue(tree: value, depth: depth)))
        }
    }

    package var tree: JSON { .object(JSON.Object(attributes.map { ($0.name, $0.value.tree) })) }

    /// The wire's JSON text: the form in which items are stored.
    package var encoded: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256)
        write(into: &output)
        return output
    }

    fileprivate func write(into output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        for (index, attribute) in attributes.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            JSON.write(string: attribute.name, into: &output)
            output.append(UInt8(ascii: ":"))
            attribute.value.write(into: &output)
        }
        output.append(UInt8(ascii: "}"))
    }
}

extension AttributeValue {
    fileprivate func write(into output: inout [UInt8]) {
        func list<Element>(_ elements: [Element], _ write: (Element, inout [UInt8]) -> Void) {
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                write(element, &output)
            }
            output.append(UInt8(ascii: "]"))
        }
        output.append(contentsOf: "{\"".utf8)
        output.append(contentsOf: type.rawValue.utf8)
        output.append(contentsOf: "\":".utf8)
        switch self {
        case .string(let text): JSON.write(string: text, into: &output)
        case .number(let number): JSON.write(string: number.text, into: &output)
        case .binary(let bytes): JSON.bytes(bytes).write(into: &output)
        case .stringSet(let texts): list(texts) { JSON.write(string: $0, into: &$1) }
        case .numberSet(let numbers): list(numbers) { JSON.write(string: $0.text, into: &$1) }
        case .binarySet(let blobs): list(blobs) { JSON.bytes($0).write(into: &$1) }
        case .map(let item): item.write(into: &output)
        case .list(let elements): list(elements) { $0.write(into: &$1) }
        case .null: output.append(contentsOf: "true".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        }
        output.append(UInt8(ascii: "}"))
    }
}
