extension JSON {
    /// Builds the tree of an `Encodable` value. Absent optionals leave no member; `[UInt8]` becomes a blob, a `JSON`
    /// property its own subtree. Names are those of the Swift properties: the wire's codec finds the model's spelling.
    public init(encoding value: some Encodable) throws {
        self = try TreeEncoder.box(value)
    }
}

final class TreeEncoder: Encoder {
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    /// A value that is no container.
    var result: JSON?
    private var object: JSON.Object?
    private var elements: [JSON]?
    /// Containers inside of this one, which can still grow, with the member or the position that waits for them.
    private var nested: [(key: String, position: Int, child: TreeEncoder)] = []

    static func box<T: Encodable>(_ value: T) throws -> JSON {
        // Types are compared, not cast: that costs a fraction, and an empty array could be cast to any other.
        if T.self == JSON.self { return unsafeBitCast(value, to: JSON.self) }
        if T.self == String.self { return .string(unsafeBitCast(value, to: String.self)) }
        if T.self == [UInt8].self { return .bytes(unsafeBitCast(value, to: [UInt8].self)) }
        let encoder = TreeEncoder()
        try value.encode(to: encoder)
        return encoder.finish()
    }

    func finish() -> JSON {
        if let result { return result }
        if var elements {
            for (_, position, child) in nested { elements[position] = child.finish() }
            return .array(elements)
        }
        var members = object ?? JSON.Object()
        for (key, _, child) in nested { members[key] = child.finish() }
        return .object(members)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if object == nil { object = JSON.Object() }
        return KeyedEncodingContainer(Keyed(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if elements == nil { elements = [] }
        return Unkeyed(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }

    private func child(for key: String) -> TreeEncoder {
        let child = TreeEncoder()
        nested.append((key, 0, child))
        return child
    }

    private func childElement() -> TreeEncoder {
        let child = TreeEncoder()
        nested.append(("", elements?.count ?? 0, child))
        elements?.append(.null)
        return child
    }

    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let encoder: TreeEncoder
        var codingPath: [any CodingKey] { [] }

        private func set(_ value: JSON, _ key: Key) { encoder.object?.put(key.stringValue, value) }
        func encodeNil(forKey key: Key) throws { set(.null, key) }
        func encode(_ value: Bool, forKey key: Key) throws { set(.bool(value), key) }
        func encode(_ value: String, forKey key: Key) throws { set(.string(value), key) }
        func encode(_ value: Double, forKey key: Key) throws { set(.number(value), key) }
        func encode(_ value: Int, forKey key: Key) throws { set(.number(value), key) }
        func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
            set(try TreeEncoder.box(value), key)
        }
        func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
            if let value { set(try TreeEncoder.box(value), key) }
        }
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            encoder.child(for: key.stringValue).container(keyedBy: type)
        }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            encoder.child(for: key.stringValue).unkeyedContainer()
        }
        func superEncoder() -> any Encoder { encoder.child(for: "super") }
        func superEncoder(forKey key: Key) -> any Encoder { encoder.child(for: key.stringValue) }
    }

    private struct Unkeyed: UnkeyedEncodingContainer {
        let encoder: TreeEncoder
        var codingPath: [any CodingKey] { [] }
        var count: Int { encoder.elements?.count ?? 0 }

        func encodeNil() throws { encoder.elements?.append(.null) }
        func encode<T: Encodable>(_ value: T) throws { encoder.elements?.append(try TreeEncoder.box(value)) }
        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
            encoder.childElement().container(keyedBy: type)
        }
        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.childElement().unkeyedContainer() }
        func superEncoder() -> any Encoder { encoder.childElement() }
    }

    private struct Single: SingleValueEncodingContainer {
        let encoder: TreeEncoder
        var codingPath: [any CodingKey] { [] }
        func encodeNil() throws { encoder.result = .null }
        func encode(_ value: Bool) throws { encoder.result = .bool(value) }
        func encode(_ value: String) throws { encoder.result = .string(value) }
        func encode(_ value: Double) throws { encoder.result = .number(value) }
        func encode(_ value: Float) throws { encoder.result = .number(Double(value)) }
        func encode(_ value: Int) throws { encoder.result = .number(value) }
        func encode(_ value: Int8) throws { encoder.result = .number(Int(value)) }
        func encode(_ value: Int16) throws { encoder.result = .number(Int(value)) }
        func encode(_ value: Int32) throws { encoder.result = .number(Int(value)) }
        func encode(_ value: Int64) throws { encoder.result = .number(Int(value)) }
        func encode(_ value: UInt) throws { encoder.result = .number(JSON.Number(unchecked: String(value))) }
        func encode(_ value: UInt8) throws { encoder.result = .number(Int(value)) }
        func encode(_ value: UInt16) throws { encoder.result = .number(Int(value)) }
        func encode(_ value: UInt32) throws { encoder.result = .number(Int(value)) }
        func encode(_ value: UInt64) throws { encoder.result = .number(JSON.Number(unchecked: String(value))) }
        func encode<T: Encodable>(_ value: T) throws {
            encoder.result = try TreeEncoder.box(value)
        }
    }
}
