import JSON

/// The form of a property. Templates often write numbers and booleans as texts, and parameters always are texts; here
/// they become what the APIs expect.
indirect enum PropertyKind: Sendable {
    case string
    case integer
    case number
    case boolean
    /// A policy or another JSON document: an object, or its text.
    case document
    case any
    case list(PropertyKind)
    case map(PropertyKind)
    case object([String: PropertyKind])

    /// `[{Key, Value}]`, as most types write tags.
    static let tags = PropertyKind.list(.object(["Key": .string, "Value": .string]))

    func coerced(_ value: JSON, _ path: String) throws(ResourceFailure) -> JSON {
        // What a dynamic reference stands for is known, and checked, only when it is resolved.
        if let text = value.string, isScalar, DynamicReferences.areIn(text) { return value }
        switch self {
        case .any: return value
        case .string:
            guard value.array == nil, let text = Parameter.text(value) else { throw Self.wrong(path, "String") }
            return .string(text)
        case .integer:
            guard let text = Parameter.text(value), let number = JSON.Number(unchecked: text).int else {
                throw Self.wrong(path, "Integer")
            }
            return .number(number)
        case .number:
            guard let text = Parameter.text(value), let number = Double(text), number.isFinite else {
                throw Self.wrong(path, "Number")
            }
            return .number(JSON.Number(unchecked: text))
        case .boolean:
            switch Parameter.text(value)?.lowercased() {
            case "true"?: return true
            case "false"?: return false
            default: throw Self.wrong(path, "Boolean")
            }
        case .document:
            if let text = value.string, let document = try? JSON.parse(text) { return document }
            guard value.object != nil || value.array != nil else {
                throw ResourceFailure(reason: "Value of property \(path) must be an object")
            }
            return value
        case .list(let kind):
            guard let elements = value.array else { throw Self.wrong(path, "List") }
            var result: [JSON] = []
            for element in elements { result.append(try kind.coerced(element, path)) }
            return .array(result)
        case .map(let kind):
            guard let object = value.object else {
                throw ResourceFailure(reason: "Value of property \(path) must be an object")
            }
            var result = JSON.Object()
            for (key, member) in object { result[key] = try kind.coerced(member, key) }
            return .object(result)
        case .object(let kinds):
            guard let object = value.object else {
                throw ResourceFailure(reason: "Value of property \(path) must be an object")
            }
            var result = JSON.Object()
            for (key, member) in object {
                guard let kind = kinds[key] else {
                    throw ResourceFailure(reason: "Encountered unsupported property \(key)")
                }
                result[key] = try kind.coerced(member, key)
            }
            return .object(result)
        }
    }

    private var isScalar: Bool {
        switch self {
        case .string, .integer, .number, .boolean, .document, .any: true
        case .list, .map, .object: false
        }
    }

    private static func wrong(_ path: String, _ type: String) -> ResourceFailure {
        ResourceFailure(reason: "Value of property \(path) must be of type \(type)")
    }
}

extension ResourceType {
    /// The properties in the form that the type declares; unknown and missing ones are refused.
    func coerced(_ given: JSON) throws(ResourceFailure) -> JSON {
        var result = JSON.Object()
        for (key, value) in given.object ?? [:] {
            guard let rule = properties[key] ?? (isOpen ? .inPlace(.any) : nil) else {
                throw ResourceFailure(reason: "Encountered unsupported property \(key)")
            }
            result[key] = try rule.kind.coerced(value, key)
        }
        for (key, rule) in properties.sorted(by: { $0.key < $1.key }) where rule.isRequired && result[key] == nil {
            throw ResourceFailure(reason: "Property \(key) cannot be empty.")
        }
        return .object(result)
    }

    /// The names of the properties that differ.
    func changed(_ old: JSON, _ new: JSON) -> [String] {
        let keys = Template.unique((new.object?.keys ?? []) + (old.object?.keys ?? []))
        return keys.filter { old[$0] != new[$0] }
    }

    /// Whether a change from `old` to `new` needs a new physical resource.
    func needsReplacement(_ old: JSON, _ new: JSON) -> Bool {
        changed(old, new).contains { properties[$0]?.isReplacing ?? false }
    }
}
