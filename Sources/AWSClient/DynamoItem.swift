public import JSON

/// DynamoDB's typed attributes, to and from plain JSON.
public enum DynamoItem {
    /// The plain object of an item.
    public static func plain(item: JSON) -> JSON {
        .object(JSON.Object((item.object ?? [:]).map { ($0.key, plain($0.value)) }))
    }

    /// The plain value of one attribute: numbers keep their digits, sets become arrays, binary becomes base64 text.
    public static func plain(_ attribute: JSON) -> JSON {
        guard let (type, value) = attribute.object?.members.first else { return .null }
        switch type {
        case "S", "BOOL": return value
        case "N": return number(value)
        case "M": return plain(item: value)
        case "L": return .array((value.array ?? []).map { plain($0) })
        case "SS": return value
        case "NS": return .array((value.array ?? []).map(number))
        case "B": return .string(Base64.encode(value.bytes ?? []))
        case "BS": return .array((value.array ?? []).map { .string(Base64.encode($0.bytes ?? [])) })
        default: return .null
        }
    }

    private static func number(_ value: JSON) -> JSON {
        guard let text = value.string, let number = try? JSON.parse(text), case .number = number else { return value }
        return number
    }

    /// The item of a plain object.
    public static func typed(item: JSON.Object) -> JSON {
        .object(JSON.Object(item.map { ($0.key, typed($0.value)) }))
    }

    /// The typed attribute of a plain value.
    public static func typed(_ value: JSON) -> JSON {
        switch value {
        case .string(let text): Self.text(text)
        case .number(let number): ["N": .string(number.text)]
        case .bool: ["BOOL": value]
        case .array(let elements): ["L": .array(elements.map { typed($0) })]
        case .object(let object): ["M": typed(item: object)]
        case .bytes: ["B": value]
        case .written: typed(value.parsed)
        case .null: ["NULL": true]
        }
    }

    public static func text(_ value: String) -> JSON { ["S": .string(value)] }
    public static func number(_ value: Int64) -> JSON { ["N": .string(String(value))] }
}
