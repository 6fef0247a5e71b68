import AWSWire
import JSON

/// One message attribute as it is sent: a type with an optional custom suffix (`Number.int`) and a value.
struct MessageAttribute: Decodable, Sendable {
    let dataType: String
    let stringValue: String?
    let binaryValue: [UInt8]?
    let stringListValues: [String]?
    let binaryListValues: [[UInt8]]?
}

/// The attributes of one message: checked, measured, digested and stored.
enum MessageAttributes {
    typealias Map = [String: MessageAttribute]

    // MARK: Checks. Source: SQS developer guide, "Amazon SQS message metadata".

    static func check(_ attributes: Map) throws(AWSError) {
        guard attributes.count <= Limits.messageAttributes else {
            throw SQSError.invalid(
                "Number of message attributes [\(attributes.count)] exceeds the allowed maximum "
                    + "[\(Limits.messageAttributes)].")
        }
        for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
            try checkName(name)
            try check(name, attribute)
        }
    }

    private static func checkName(_ name: String) throws(AWSError) {
        let isReserved = ["aws.", "amazon."].contains { name.lowercased().hasPrefix($0) }
        guard !isReserved else {
            throw SQSError.invalid(
                "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. "
                    + "These strings are reserved for internal use.")
        }
        let bytes = name.utf8
        let isValid = bytes.allSatisfy { MessageText.isNameCharacter($0) || $0 == UInt8(ascii: ".") }
        guard isValid, (1...Limits.attributeNameLength).contains(bytes.count), !name.hasPrefix("."),
            !name.hasSuffix("."), !name.contains("..")
        else {
            throw SQSError.invalid(
                "The message attribute name '\(name)' is invalid. Attribute name can contain A-Z, a-z, 0-9, "
                    + "underscore (_), hyphen (-), and period (.) characters.")
        }
    }

    private static func check(_ name: String, _ attribute: MessageAttribute) throws(AWSError) {
        let type = attribute.dataType
        guard !type.isEmpty else {
            throw SQSError.invalid("The message attribute '\(name)' must contain non-empty message attribute type.")
        }
        let prefix = type.prefix { $0 != "." }
        guard ["String", "Number", "Binary"].contains(prefix), type.utf8.count <= Limits.attributeNameLength,
            MessageText.isValid(type)
        else {
            throw SQSError.invalid(
                "The message attribute '\(name)' has an invalid message attribute type, "
                    + "the set of supported type prefixes is Binary, Number, and String.")
        }
        guard attribute.stringListValues?.isEmpty ?? true, attribute.binaryListValues?.isEmpty ?? true else {
            throw SQSError.invalid(
                "Message attribute list values in SendMessage operation are not supported.")
        }
        func empty() -> AWSError {
            SQSError.invalid("Message (user) attribute '\(name)' must contain a non-empty value of type '\(prefix)'.")
        }
        guard prefix != "Binary" else {
            guard attribute.stringValue == nil, let value = attribute.binaryValue, !value.isEmpty else {
                throw empty()
            }
            return
        }
        guard attribute.binaryValue == nil, let value = attribute.stringValue, !value.isEmpty else { throw empty() }
        guard MessageText.isValid(value) else { throw SQSError.invalidCharacters }
        guard prefix != "Number" || Double(value) != nil else {
            throw SQSError.invalid("Can't cast the value of message (user) attribute '\(name)' to a number.")
        }
    }

    /// Assumed: the messages.
    static func checkSystem(_ attributes: Map) throws(AWSError) {
        for (name, attribute) in attributes {
            guard name == "AWSTraceHeader" else {
                throw SQSError.invalid("Message system attribute name '\(name)' is invalid.")
            }
            guard attribute.dataType == "String", let value = attribute.stringValue, !value.isEmpty else {
                throw SQSError.invalid(
                    "Message (system) attribute '\(name)' must contain a non-empty value of type 'String'.")
            }
        }
    }

    // MARK: Size and digest

    /// Names, types and values all count towards the size of the message.
    static func bytes(_ attributes: Map) -> Int {
        attributes.reduce(0) { sum, entry in
            sum + entry.key.utf8.count + entry.value.dataType.utf8.count
                + (entry.value.stringValue?.utf8.count ?? entry.value.binaryValue?.count ?? 0)
        }
    }

    /// Sorted by name, for each: length and text of name and type, one byte (1: text, 2: binary), length and bytes of
    /// the value; lengths in four bytes, big-endian. Source: SQS developer guide, "Calculating the MD5 message digest
    /// for message attributes".
    static func md5(_ attributes: some Sequence<(name: String, type: String, value: Value)>) -> String {
        var input: [UInt8] = []
        func append(_ bytes: some Collection<UInt8>) {
            let count = UInt32(bytes.count)
            for shift in [24, 16, 8, 0] as [UInt32] { input.append(UInt8(truncatingIfNeeded: count >> shift)) }
            input.append(contentsOf: bytes)
        }
        for (name, type, value) in attributes.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            append(name.utf8)
            append(type.utf8)
            switch value {
            case .text(let text):
                input.append(1)
                append(text.utf8)
            case .binary(let bytes):
                input.append(2)
                append(bytes)
            }
        }
        return Digest.md5(input)
    }

    enum Value {
        case text(String)
        case binary([UInt8])
    }

    static func md5(_ attributes: Map) -> String {
        md5(
            attributes.map { name, attribute in
                (
                    name, attribute.dataType,
                    attribute.stringValue.map(Value.text) ?? .binary(attribute.binaryValue ?? [])
                )
            })
    }

    /// The digest of attributes as they are stored and answered.
    static func md5(_ attributes: JSON.Object) -> String {
        md5(
            attributes.map { name, attribute in
                (
                    name, attribute["DataType"]?.string ?? "",
                    attribute["StringValue"]?.string.map(Value.text) ?? .binary(attribute["BinaryValue"]?.bytes ?? [])
                )
            })
    }

    // MARK: Rows and answers

    /// As they are stored: the members of the wire, binary values in base64.
    static func stored(_ attributes: Map) -> JSON {
        .object(
            JSON.Object(
                attributes.sorted { $0.key < $1.key }.map { name, attribute in
                    var value: JSON = ["DataType": .string(attribute.dataType)]
                    if let text = attribute.stringValue { value["StringValue"] = .string(text) }
                    if let bytes = attribute.binaryValue { value["BinaryValue"] = .bytes(bytes) }
                    return (name, value)
                }))
    }

    /// Those that a receiver asked for: names, `All`, `.*`, `prefix.*`.
    static func select(_ stored: JSON.Object, _ wanted: [String]) -> JSON.Object {
        JSON.Object(
            stored.filter { name, _ in wanted.contains { matches(name, $0) } }.map { name, value in
                var value = value
                if let bytes = value["BinaryValue"]?.bytes { value["BinaryValue"] = .bytes(bytes) }
                return (name, value)
            })
    }

    private static func matches(_ name: String, _ pattern: String) -> Bool {
        if pattern == "All" || pattern == ".*" { return true }
        return pattern.hasSuffix(".*") ? name.hasPrefix(pattern.dropLast(2)) : name == pattern
    }
}
