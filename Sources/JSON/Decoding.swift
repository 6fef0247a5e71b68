extension JSON {
    /// Why a tree does not fit a Swift type. After model validation this means that type and model disagree.
    public struct DecodingFailure: Error, CustomStringConvertible {
        public let path: [String]
        public let reason: String
        public var description: String { "\(path.joined(separator: ".")): \(reason)" }

        func inside(_ key: String) -> Self { Self(path: [key] + path, reason: reason) }
    }

    /// Reads a `Decodable` type from the tree. Member names match without regard to ASCII case, so that Swift's
    /// `queueUrl` reads the wire's `QueueUrl`; keys of dictionaries are taken as they are. `null` is absent.
    /// A property of type `JSON` takes its subtree as it is, `[UInt8]` takes a blob.
    public func decoded<T: Decodable>(as type: T.Type = T.self) throws -> T {
        try TreeDecoder(value: self).unbox(type)
    }
}

extension JSON: Codable {
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? TreeDecoder else {
            throw DecodingFailure(path: [], reason: "JSON decodes only from a JSON tree")
        }
        self = decoder.value
    }

    public func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? TreeEncoder else {
            throw DecodingFailure(path: [], reason: "JSON encodes only to a JSON tree")
        }
        encoder.result = self
    }
}

/// Failures learn their path on the way out, so that success pays nothing for it.
private struct TreeDecoder: Decoder {
    let value: JSON
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func failure(_ reason: String) -> JSON.DecodingFailure { JSON.DecodingFailure(path: [], reason: reason) }

    func unbox<T: Decodable>(_ type: T.Type) throws -> T {
        // The types are the same: a cast that asks the runtime would cost more than the rest of the property.
        if type == JSON.self { return unsafeBitCast(value, to: type) }
        if type == String.self { return unsafeBitCast(try string(), to: type) }
        if type == [UInt8].self {
            guard let bytes = value.bytes else { throw failure("not a blob") }
            return unsafeBitCast(bytes, to: type)
        }
        return try T(from: self)
    }

    func string() throws -> String {
        guard case .string(let text) = value else { throw failure("not a string") }
        return text
    }

    func bool() throws -> Bool {
        guard case .bool(let result) = value else { throw failure("not a boolean") }
        return result
    }

    func double() throws -> Double {
        guard case .number(let number) = value else { throw failure("not a number") }
        return number.double
    }

    func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        guard case .number(let number) = value else { throw failure("not a number") }
        if let result = T(number.text) { return result }
        guard let whole = number.int, let result = T(exactly: whole) else {
            throw failure("not a whole number in range")
        }
        return result
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = value else { throw failure("not an object") }
        return KeyedDecodingContainer(Keyed(members: Members(object: object)))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw failure("not an array") }
        return Unkeyed(elements: elements)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }

    /// Members by name, apart from the container of a key type, so that the compiler knows all types here.
    private struct Members {
        let object: JSON.Object

        func find(_ name: String) -> TreeDecoder? {
            guard let value = object.caseless(name)?.value, !value.isNull else { return nil }
            return TreeDecoder(value: value)
        }

        /// Optional properties, of which inputs mostly consist, look once for their member.
        @inline(__always)
        func optional<T>(_ name: String, _ body: (TreeDecoder) throws -> T) throws -> T? {
            guard let child = find(name) else { return nil }
            do {
                return try body(child)
            } catch let failure as JSON.DecodingFailure {
                throw failure.inside(name)
            }
        }

        @inline(__always)
        func required<T>(_ name: String, _ body: (TreeDecoder) throws -> T) throws -> T {
            guard let result = try optional(name, body) else {
                throw JSON.DecodingFailure(path: [name], reason: "is absent")
            }
            return result
        }

        func bool(_ name: String) throws -> Bool? { try optional(name) { try $0.bool() } }
        func string(_ name: String) throws -> String? { try optional(name) { try $0.string() } }
        func double(_ name: String) throws -> Double? { try optional(name) { try $0.double() } }
        func int(_ name: String) throws -> Int? { try optional(name) { try $0.integer(Int.self) } }
        func bool(of name: String) throws -> Bool { try required(name) { try $0.bool() } }
        func string(of name: String) throws -> String { try required(name) { try $0.string() } }
        func double(of name: String) throws -> Double { try required(name) { try $0.double() } }
        func integer<T: FixedWidthInteger>(of name: String) throws -> T {
            try required(name) { try $0.integer(T.self) }
        }
    }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let members: Members
        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { members.object.keys.compactMap { Key(stringValue: $0) } }

        func contains(_ key: Key) -> Bool { members.find(key.stringValue) != nil }
        func decodeNil(forKey key: Key) throws -> Bool { members.find(key.stringValue) == nil }
        func decode(_: Bool.Type, forKey key: Key) throws -> Bool { try members.bool(of: key.stringValue) }
        func decode(_: String.Type, forKey key: Key) throws -> String { try members.string(of: key.stringValue) }
        func decode(_: Double.Type, forKey key: Key) throws -> Double { try members.double(of: key.stringValue) }
        func decode(_: Float.Type, forKey key: Key) throws -> Float { Float(try members.double(of: key.stringValue)) }
        func decode(_: Int.Type, forKey key: Key) throws -> Int { try members.integer(of: key.stringValue) }
        func decode(_: Int8.Type, forKey key: Key) throws -> Int8 { try members.integer(of: key.stringValue) }
        func decode(_: Int16.Type, forKey key: Key) throws -> Int16 { try members.integer(of: key.stringValue) }
        func decode(_: Int32.Type, forKey key: Key) throws -> Int32 { try members.integer(of: key.stringValue) }
        func decode(_: Int64.Type, forKey key: Key) throws -> Int64 { try members.integer(of: key.stringValue) }
        func decode(_: UInt.Type, forKey key: Key) throws -> UInt { try members.integer(of: key.stringValue) }
        func decode(_: UInt8.Type, forKey key: Key) throws -> UInt8 { try members.integer(of: key.stringValue) }
        func decode(_: UInt16.Type, forKey key: Key) throws -> UInt16 { try members.integer(of: key.stringValue) }
        func decode(_: UInt32.Type, forKey key: Key) throws -> UInt32 { try members.integer(of: key.stringValue) }
        func decode(_: UInt64.Type, forKey key: Key) throws -> UInt64 { try members.integer(of: key.stringValue) }
        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
            try members.required(key.stringValue) { try $0.unbox(type) }
        }

        func decodeIfPresent(_: Bool.Type, forKey key: Key) throws -> Bool? { try members.bool(key.stringValue) }
        func decodeIfPresent(_: String.Type, forKey key: Key) throws -> String? { try members.string(key.stringValue) }
        func decodeIfPresent(_: Double.Type, forKey key: Key) throws -> Double? { try members.double(key.stringValue) }
        func decodeIfPresent(_: Int.Type, forKey key: Key) throws -> Int? { try members.int(key.stringValue) }
        func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
            try members.optional(key.stringValue) { try $0.unbox(type) }
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try members.required(key.stringValue) { try $0.container(keyedBy: type) }
        }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try members.required(key.stringValue) { try $0.unkeyedContainer() }
        }
        func superDecoder() throws -> any Decoder { TreeDecoder(value: .object(members.object)) }
        func superDecoder(forKey key: Key) throws -> any Decoder { try members.required(key.stringValue) { $0 } }
    }

    private struct Unkeyed: UnkeyedDecodingContainer {
        let elements: [JSON]
        var codingPath: [any CodingKey] { [] }
        private(set) var currentIndex = 0
        var count: Int? { elements.count }
        var isAtEnd: Bool { currentIndex >= elements.count }

        init(elements: [JSON]) { self.elements = elements }

        private mutating func next<T>(_ body: (TreeDecoder) throws -> T) throws -> T {
            guard currentIndex < elements.count else {
                throw JSON.DecodingFailure(path: [], reason: "has too few elements")
            }
            defer { currentIndex += 1 }
            do {
                return try body(TreeDecoder(value: elements[currentIndex]))
            } catch let failure as JSON.DecodingFailure {
                throw failure.inside(String(currentIndex))
            }
        }

        mutating func decodeNil() throws -> Bool {
            guard currentIndex < elements.count, elements[currentIndex].isNull else { return false }
            currentIndex += 1
            return true
        }
        mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next { try $0.unbox(type) } }
        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> {
            try next { try $0.container(keyedBy: type) }
        }
        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try next { try $0.unkeyedContainer() }
        }
        mutating func superDecoder() throws -> any Decoder { try next { $0 } }
    }

    private struct Single: SingleValueDecodingContainer {
        let decoder: TreeDecoder
        var codingPath: [any CodingKey] { [] }
        func decodeNil() -> Bool { decoder.value.isNull }
        func decode(_ type: Bool.Type) throws -> Bool { try decoder.bool() }
        func decode(_ type: String.Type) throws -> String { try decoder.string() }
        func decode(_ type: Double.Type) throws -> Double { try decoder.double() }
        func decode(_ type: Float.Type) throws -> Float { Float(try decoder.double()) }
        func decode(_ type: Int.Type) throws -> Int { try decoder.integer(type) }
        func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer(type) }
        func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer(type) }
        func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer(type) }
        func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer(type) }
        func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer(type) }
        func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer(type) }
        func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer(type) }
        func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer(type) }
        func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer(type) }
        func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.unbox(type) }
    }
}
