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
    /// What has been encoded so far: containers below write into their parent when they are asked for the result.
    var result: JSON?
    private var members: Members?
    private var elements: Elements?

    static func box<T: Encodable>(_ value: T) throws -> JSON {
        // Types are compared, not cast: that costs a fraction, and an empty array could be cast to any other.
        if T.self == JSON.self { return unsafeBitCast(value, to: JSON.self) }
        if T.self == String.self { return .string(unsafeBitCast(value, to: String.self)) }
        if T.self == [UInt8].self { return .bytes(unsafeBitCast(value, to: [UInt8].self)) }
        let encoder = TreeEncoder()
        try value.encode(to: encoder)
        return encoder.finish()
    }

    func finish() -> JSON { result ?? members?.collected() ?? elements?.collected() ?? .object([:]) }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        let members = members ?? Members()
        self.members = members
        return KeyedEncodingContainer(Keyed(members: members))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        let elements = elements ?? Elements()
        self.elements = elements
        return Unkeyed(elements: elements)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }

    private final class Members: Collecting {
        var object = JSON.Object()
        var nested: [(String, any Collecting)] = []
        func collected() -> JSON {
            for (key, child) in nested { object[key] = child.collected() }
            return .object(object)
        }
    }

    private final class Elements: Collecting {
        var array: [any Collecting] = []
        func collected() -> JSON { .array(array.map { $0.collected() }) }
    }

    private struct Leaf: Collecting {
        let value: JSON
        func collected() -> JSON { value }
    }

    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let members: Members
        var codingPath: [any CodingKey] { [] }

        private func set(_ value: JSON, _ key: Key) { members.object[key.stringValue] = value }
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
            let child = Members()
            members.nested.append((key.stringValue, child))
            return KeyedEncodingContainer(TreeEncoder.Keyed<Nested>(members: child))
        }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            let child = Elements()
            members.nested.append((key.stringValue, child))
            return Unkeyed(elements: child)
        }
        func superEncoder() -> any Encoder { TreeEncoder() }
        func superEncoder(forKey key: Key) -> any Encoder { TreeEncoder() }
    }

    private struct Unkeyed: UnkeyedEncodingContainer {
        let elements: Elements
        var codingPath: [any CodingKey] { [] }
        var count: Int { elements.array.count }

        func encodeNil() throws { elements.array.append(Leaf(value: .null)) }
        func encode<T: Encodable>(_ value: T) throws {
            elements.array.append(Leaf(value: try TreeEncoder.box(value)))
        }
        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
            let child = Members()
            elements.array.append(child)
            return KeyedEncodingContainer(Keyed<Nested>(members: child))
        }
        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            let child = Elements()
            elements.array.append(child)
            return Unkeyed(elements: child)
        }
        func superEncoder() -> any Encoder { TreeEncoder() }
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

/// Something that can still grow while its container is open.
private protocol Collecting {
    func collected() -> JSON
}
