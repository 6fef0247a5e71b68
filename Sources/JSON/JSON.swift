/// One JSON value. Objects keep the order of their members, numbers keep the text they were written with, so that a
/// value that only passes through leaves exactly as it came.
///
/// It is also the *tree of members* that travels between the wire and an operation: there a blob is `.bytes` (the
/// writer renders it as base64) and a timestamp is a number of epoch seconds, whatever the protocol.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Number)
    case string(String)
    case array([JSON])
    case object(Object)
    /// A blob of the member tree. The parser never produces it; the writer renders base64 text.
    case bytes([UInt8])
    /// The text of a value, known to be JSON: the writer copies it. Stands only in the output of an operation on its way
    /// to the wire, for what was stored in the wire's own form; whoever else gets such an output gets it ``parsed``.
    case written([UInt8])
}

extension JSON {
    /// The value itself where this is only its text.
    public var parsed: JSON {
        guard case .written(let text) = self else { return self }
        return (try? JSON.parse(text)) ?? .null
    }
}

extension JSON {
    /// A number as it was written, for example `1`, `-0.50` or `1e3`. Two numbers are equal when their texts are.
    public struct Number: Sendable, Hashable {
        public let text: String

        /// - Parameter text: must follow the JSON grammar for numbers; not checked.
        public init(unchecked text: String) { self.text = text }
        public init(_ value: Int) { text = String(value) }
        public init(_ value: Int64) { text = String(value) }

        /// Whole values are written without a fraction, as `JSON.stringify` does. NaN and infinities become 0.
        public init(_ value: Double) {
            if value == value.rounded(.towardZero), abs(value) < 1e15 {
                text = String(Int64(value))
            } else if value.isFinite {
                text = "\(value)"
            } else {
                text = "0"
            }
        }

        public var int: Int? {
            if let value = Int(text) { return value }
            guard let value = Double(text), value == value.rounded(.towardZero) else { return nil }
            return Int(exactly: value)
        }
        public var double: Double { Double(text) ?? 0 }
    }
}

// MARK: - Reading a value

extension JSON {
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var int: Int? { if case .number(let value) = self { value.int } else { nil } }
    public var double: Double? { if case .number(let value) = self { value.double } else { nil } }
    public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
    public var object: Object? { if case .object(let value) = self { value } else { nil } }
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The bytes of a blob: as they are, or decoded from base64 text; nil when it is neither.
    public var bytes: [UInt8]? {
        switch self {
        case .bytes(let value): value
        case .string(let text): Base64.decode(text)
        default: nil
        }
    }

    /// The member of an object; nil for an absent member and for any other kind of value.
    public subscript(key: String) -> JSON? {
        get { if case .object(let object) = self { object[key] } else { nil } }
        set {
            guard case .object(var object) = self else { return }
            self = .null  // gives up the shared reference, so that the change below happens in place
            object[key] = newValue
            self = .object(object)
        }
    }

    /// The element of an array; nil outside of its bounds and for any other kind of value.
    public subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

// MARK: - Literals

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .number(Number(value)) }
    public init(floatLiteral value: Double) { self = .number(Number(value)) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Object(elements)) }
}

extension JSON {
    public static func number(_ value: Int) -> JSON { .number(Number(value)) }
    public static func number(_ value: Double) -> JSON { .number(Number(value)) }
}

extension JSON: CustomStringConvertible {
    public var description: String { text() }
}
