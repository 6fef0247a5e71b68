import AWSWire
import BatonCore
import JSON

/// One attribute of a published message: `String`, `String.Array`, `Number` or `Binary`, each with an optional custom
/// suffix (`Number.float`).
///
/// Limits: name of letters, digits, `_`, `-` and `.`, at most 255 bytes; no empty value. Source: SNS developer guide,
/// message attributes.
struct MessageAttribute: Equatable, Sendable {
    let name: String
    let type: String
    /// Text, or a blob for `Binary`.
    let value: JSON

    /// What the attribute counts towards the size of a message.
    var size: Int {
        let length = if case .bytes(let bytes) = value { bytes.count } else { value.string?.utf8.count ?? 0 }
        return name.utf8.count + type.utf8.count + length
    }

    /// The values that filter policies compare; empty for binary attributes, which they do not see.
    var filterValues: [PatternValue] {
        guard let text = value.string else { return [] }
        if type.hasPrefix("Number") { return [.number(JSON.Number(unchecked: text))] }
        guard type == "String.Array" else { return [.string(text)] }
        return (try? JSON.parse(text))?.array.map { $0.compactMap(PatternValue.init) } ?? []
    }

    /// As in the envelope of a notification.
    var envelope: JSON {
        .object(["Type": .string(type), "Value": value])
    }

    /// As SQS takes it, for raw delivery.
    var queueAttribute: JSON {
        if case .bytes = value { return .object(["DataType": .string(type), "BinaryValue": value]) }
        return .object(["DataType": .string(type), "StringValue": value])
    }

    /// Reads the member `MessageAttributes` in its order.
    static func list(_ tree: JSON?) throws(AWSError) -> [MessageAttribute] {
        guard case .object(let object) = tree else { return [] }
        var result: [MessageAttribute] = []
        for (name, value) in object.members {
            try check(name: name)
            result.append(try MessageAttribute(name, value.object ?? [:]))
        }
        return result
    }

    private init(_ name: String, _ members: JSON.Object) throws(AWSError) {
        let type = members.caseless("DataType")?.value.string ?? ""
        let base = type.prefix { $0 != "." }
        guard base == "String" || base == "Number" || base == "Binary" else {
            throw SNSError.invalidValue(
                "The message attribute '\(name)' has an invalid message attribute type, the set of supported type "
                    + "prefixes is Binary, Number, and String.")
        }
        let text = members.caseless("StringValue")?.value.string
        let bytes = members.caseless("BinaryValue")?.value.bytes
        let isBinary = base == "Binary"
        guard isBinary ? text == nil || bytes != nil : bytes == nil || text != nil else {
            throw SNSError.invalidValue(
                "The message attribute '\(name)' with type '\(type)' must use field "
                    + "'\(isBinary ? "Binary" : "String")'.")
        }
        guard isBinary ? bytes?.isEmpty == false : text?.isEmpty == false else {
            throw SNSError.invalidValue(
                "The message attribute '\(name)' must contain non-empty message attribute value for message "
                    + "attribute type '\(type)'.")
        }
        if base == "Number", Double(text ?? "") == nil {
            throw SNSError.invalidValue("Could not cast message attribute '\(name)' value to number.")
        }
        self.init(name: name, type: type, value: isBinary ? .bytes(bytes ?? []) : .string(text ?? ""))
    }

    init(name: String, type: String, value: JSON) {
        self.name = name
        self.type = type
        self.value = value
    }

    private static func check(name: String) throws(AWSError) {
        guard name.utf8.count < 256 else {
            throw SNSError.invalidValue("Length of message attribute name must be less than 256 bytes.")
        }
        for scalar in name.unicodeScalars where !isAllowed(scalar) {
            throw SNSError.invalidValue(
                "Invalid non-alphanumeric character '#x\(String(scalar.value, radix: 16, uppercase: true))' was "
                    + "found in the message attribute name. Can only include alphanumeric characters, hyphens, "
                    + "underscores, or dots.")
        }
        guard !name.hasPrefix(".") else {
            throw SNSError.invalidValue("Invalid message attribute name starting with character '.' was found.")
        }
        guard !name.hasSuffix(".") else {
            throw SNSError.invalidValue("Invalid message attribute name ending with character '.' was found.")
        }
        guard !name.contains("..") else {
            throw SNSError.invalidValue("Message attribute name can not have successive '.' character.")
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
        default: false
        }
    }
}

extension MessageAttribute: Codable {
    enum CodingKeys: String, CodingKey { case name, type, value, bytes }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let bytes = try container.decodeIfPresent([UInt8].self, forKey: .bytes)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            type: try container.decode(String.self, forKey: .type),
            value: try bytes.map { .bytes($0) } ?? container.decode(JSON.self, forKey: .value))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(type, forKey: .type)
        if case .bytes(let bytes) = value {
            try container.encode(bytes, forKey: .bytes)
        } else {
            try container.encode(value, forKey: .value)
        }
    }
}
