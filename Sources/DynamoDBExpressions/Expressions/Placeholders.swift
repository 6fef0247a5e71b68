import AWSWire
import JSON

/// `ExpressionAttributeNames` and `ExpressionAttributeValues` of one request, and which of them were used.
struct Placeholders {
    private let names: [(key: String, name: String)]
    private let values: [(key: String, value: AttributeValue)]
    private var usedNames: Set<String> = []
    private var usedValues: Set<String> = []

    static let none = Placeholders()

    private init() {
        names = []
        values = []
    }

    init(names: JSON?, values: JSON?) throws(AWSError) {
        self.names = try Self.read(names: names)
        self.values = try Self.read(values: values)
    }

    private static func read(names: JSON?) throws(AWSError) -> [(key: String, name: String)] {
        guard let object = names?.object else { return [] }
        if object.isEmpty { throw .validation("ExpressionAttributeNames must not be empty") }
        var result: [(key: String, name: String)] = []
        for (key, value) in object {
            if key.utf8.count > ExpressionLimits.placeholderBytes {
                throw .validation(
                    "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is "
                        + "too long; size of key: \(key.utf8.count)")
            }
            try checkKey(key, prefix: "#", of: "ExpressionAttributeNames")
            guard let name = value.string, !name.isEmpty else {
                throw .validation(
                    "ExpressionAttributeNames contains invalid value: Empty attribute name for key \(key)")
            }
            result.append((key, name))
        }
        return result
    }

    private static func read(values: JSON?) throws(AWSError) -> [(key: String, value: AttributeValue)] {
        guard let object = values?.object else { return [] }
        if object.isEmpty { throw .validation("ExpressionAttributeValues must not be empty") }
        for key in object.keys {
            if key.utf8.count > ExpressionLimits.placeholderBytes {
                throw .validation(
                    "ExpressionAttributeValues contains invalid key: The expression attribute map contains a key that "
                        + "is too long;")
            }
            try checkKey(key, prefix: ":", of: "ExpressionAttributeValues")
        }
        var result: [(key: String, value: AttributeValue)] = []
        for (key, tree) in object {
            do throws(AWSError) {
                result.append((key, try AttributeValue(tree: tree)))
            } catch {
                throw .validation(
                    "ExpressionAttributeValues contains invalid value: \(error.message) for key \(key)")
            }
        }
        return result
    }

    private static func checkKey(_ key: String, prefix: Character, of member: String) throws(AWSError) {
        let isPlain = key.dropFirst().allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" }
        guard key.first == prefix, key.count > 1, isPlain else {
            throw .validation("\(member) contains invalid key: Syntax error; key: \"\(key)\"")
        }
    }

    // MARK: Use

    mutating func name(_ key: String) throws(ExpressionError) -> String {
        guard let entry = names.first(where: { $0.key == key }) else {
            throw ExpressionError(
                "An expression attribute name used in the document path is not defined; attribute name: \(key)")
        }
        usedNames.insert(key)
        return entry.name
    }

    mutating func value(_ key: String) throws(ExpressionError) -> AttributeValue {
        guard let entry = values.first(where: { $0.key == key }) else {
            throw ExpressionError(
                "An expression attribute value used in expression is not defined; attribute value: \(key)")
        }
        usedValues.insert(key)
        return entry.value
    }

    mutating func path(_ steps: [Syntax.Step]) throws(ExpressionError) -> Path {
        var resolved: [Path.Step] = []
        for step in steps {
            switch step {
            case .name(let name): resolved.append(.name(name))
            case .placeholder(let key): resolved.append(.name(try name(key)))
            case .index(let digits): resolved.append(.index(Int(digits) ?? .max))
            }
        }
        if resolved.count > ExpressionLimits.nesting {
            throw ExpressionError(
                "The document path has too many nesting levels; nesting levels: \(resolved.count)")
        }
        guard case .name(let attribute)? = resolved.first else { throw ExpressionError("The path is empty") }
        return Path(attribute, Array(resolved.dropFirst()))
    }

    /// To be called when all expressions of the request have been read.
    func checkAllUsed() throws(AWSError) {
        let idleNames = names.map(\.key).filter { !usedNames.contains($0) }
        if !idleNames.isEmpty {
            throw .validation(
                "Value provided in ExpressionAttributeNames unused in expressions: keys: "
                    + "{\(idleNames.joined(separator: ", "))}")
        }
        let idleValues = values.map(\.key).filter { !usedValues.contains($0) }
        if !idleValues.isEmpty {
            throw .validation(
                "Value provided in ExpressionAttributeValues unused in expressions: keys: "
                    + "{\(idleValues.joined(separator: ", "))}")
        }
    }
}
