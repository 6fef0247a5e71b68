public import AWSModel
public import JSON

/// Checks a tree of members against the model's constraints and says all that is wrong in AWS's words.
public struct Validator: Sendable {
    private let style: ValidationStyle

    public init(_ service: ServiceModel) { style = service.validation }

    /// More errors than these are not told.
    private static let maxErrors = 10

    /// - Parameters:
    ///   - tree: an input as a codec read it.
    ///   - shape: the operation's input; nil takes anything.
    public func validate(_ tree: JSON, _ shape: Shape?) throws(AWSError) {
        guard let shape, style != .none else { return }
        if style == .sqs { return try requireParameters(tree, shape) }
        var check = Check()
        check.structure(tree, shape)
        guard !check.errors.isEmpty else { return }
        let errors = check.errors.prefix(Self.maxErrors)
        let message =
            "\(errors.count) validation error\(errors.count > 1 ? "s" : "") detected: \(errors.joined(separator: "; "))"
        throw AWSError(style == .query ? "ValidationError" : "ValidationException", message)
    }

    /// SQS tells the first missing parameter of the request itself and checks everything else on its own.
    private func requireParameters(_ tree: JSON, _ shape: Shape) throws(AWSError) {
        for member in shape.members where member.isRequired && tree[member.name] == nil {
            throw AWSError(
                "MissingParameter", "The request must contain the parameter \(member.name).",
                queryCode: "MissingParameter")
        }
    }
}

/// One walk through a tree.
private struct Check {
    var errors: [String] = []
    /// The path to the value that is looked at. Its text is made only for an error.
    private var path: [String] = []

    mutating func structure(_ tree: JSON, _ shape: Shape) {
        guard let object = tree.object else { return }
        for member in shape.members {
            guard let value = object[member.name], !value.isNull else {
                // A raw body is there even when it is empty.
                if member.isRequired, !member.isStreaming, !member.shape.isStreaming {
                    fail("null", member.name, "Member must not be null")
                }
                continue
            }
            guard member.shape.isConstrained else { continue }
            path.append(member.name)
            self.value(value, member.shape)
            path.removeLast()
        }
    }

    private mutating func value(_ value: JSON, _ shape: Shape) {
        switch (shape.kind, value) {
        case (.string, .string(let text)): string(text, shape)
        case (.blob, .bytes(let bytes)): length(bytes.count, value, shape)
        case (.integer, .number(let number)), (.long, .number(let number)), (.float, .number(let number)),
            (.double, .number(let number)):
            range(number, value, shape)
        case (.structure, .object): structure(value, shape)
        case (.list, .array(let elements)):
            length(elements.count, value, shape)
            guard let element = shape.element, element.shape.isConstrained else { return }
            for (index, element) in zip(1..., elements) {
                path.append("\(index).member")
                self.value(element, shape.element?.shape ?? shape)
                path.removeLast()
            }
        case (.map, .object(let object)):
            length(object.count, value, shape)
            map(object, shape)
        default: return
        }
    }

    private mutating func map(_ object: JSON.Object, _ shape: Shape) {
        guard let key = shape.key?.shape, let use = shape.value?.shape else { return }
        if key.isConstrained, object.members.contains(where: { !isFine($0.key, key) }) {
            fail(Self.text(.object(object), shape), nil, "Map keys must satisfy constraint: [\(constraints(key))]")
        }
        guard use.isConstrained else { return }
        for (name, value) in object.members {
            path.append("\(name).member")
            self.value(value, use)
            path.removeLast()
        }
    }

    private func isFine(_ text: String, _ shape: Shape) -> Bool {
        var check = Check()
        check.string(text, shape)
        return check.errors.isEmpty
    }

    private mutating func string(_ text: String, _ shape: Shape) {
        if !shape.enumeration.isEmpty {
            if !shape.allows(text) { fail(.string(text), shape, Constraint.enumeration(shape)) }
            return
        }
        if shape.min != nil || shape.max != nil { length(Self.length(text, shape), .string(text), shape) }
        if let pattern = shape.pattern, !shape.matchesPattern(text) {
            fail(.string(text), shape, Constraint.pattern(pattern))
        }
    }

    /// UTF-16 units, as Java counts. Counted only where the bytes do not decide.
    private static func length(_ text: String, _ shape: Shape) -> Int {
        let bytes = text.utf8.count
        let isFine = Double(bytes) <= shape.max ?? .infinity && Double(bytes / 3) >= shape.min ?? 0
        return isFine ? bytes : text.utf16.count
    }

    private mutating func length(_ count: Int, _ value: JSON, _ shape: Shape) {
        if let max = shape.max, Double(count) > max { fail(value, shape, Constraint.maxLength(max)) }
        if let min = shape.min, Double(count) < min { fail(value, shape, Constraint.minLength(min)) }
    }

    private mutating func range(_ number: JSON.Number, _ value: JSON, _ shape: Shape) {
        guard shape.min != nil || shape.max != nil else { return }
        let double = number.double
        if let max = shape.max, double > max { fail(value, shape, Constraint.maxValue(max)) }
        if let min = shape.min, double < min { fail(value, shape, Constraint.minValue(min)) }
    }

    private func constraints(_ shape: Shape) -> String {
        var texts: [String] = []
        if !shape.enumeration.isEmpty { texts.append(Constraint.enumeration(shape)) }
        if let max = shape.max { texts.append(Constraint.maxLength(max)) }
        if let min = shape.min { texts.append(Constraint.minLength(min)) }
        if let pattern = shape.pattern { texts.append(Constraint.pattern(pattern)) }
        return texts.joined(separator: ", ")
    }

    private mutating func fail(_ value: JSON, _ shape: Shape, _ constraint: String) {
        fail(shape.isSensitive ? nil : Self.text(value, shape), nil, constraint)
    }

    /// - Parameters:
    ///   - value: nil when it must not be shown.
    ///   - name: a member of the structure at `path`.
    private mutating func fail(_ value: String?, _ name: String?, _ constraint: String) {
        let place = (path + (name.map { [$0] } ?? [])).map(Self.lowerFirst).joined(separator: ".")
        let shown = value.map { $0 == "null" ? " null" : " '\($0)'" } ?? ""
        errors.append("Value\(shown) at '\(place)' failed to satisfy constraint: \(constraint)")
    }

    /// Names in paths start in lower case, as Java's properties do.
    private static func lowerFirst(_ name: String) -> String {
        guard let first = name.first, first.isUppercase else { return name }
        return first.lowercased() + name.dropFirst()
    }

    /// Values as Java prints them.
    private static func text(_ value: JSON, _ shape: Shape) -> String {
        switch value {
        case .string(let text): return text
        case .bytes(let bytes): return "java.nio.HeapByteBuffer[pos=0 lim=\(bytes.count) cap=\(bytes.count)]"
        case .array(let elements):
            let inner = shape.element?.shape ?? shape
            return "[\(elements.map { text($0, inner) }.joined(separator: ", "))]"
        case .object(let object) where shape.kind == .map:
            let inner = shape.value?.shape ?? shape
            return "{\(object.members.map { "\($0.key)=\(text($0.value, inner))" }.joined(separator: ", "))}"
        case .object(let object):
            let members = object.members.map { name, value in
                "\(lowerFirst(name))=\(text(value, shape.member(name)?.shape ?? shape))"
            }
            return "\(shape.name)(\(members.joined(separator: ", ")))"
        default: return value.text()
        }
    }
}

/// AWS's words for each kind of constraint.
private enum Constraint {
    static func maxLength(_ limit: Double) -> String { "Member must have length less than or equal to \(whole(limit))" }
    static func minLength(_ limit: Double) -> String {
        "Member must have length greater than or equal to \(whole(limit))"
    }
    static func maxValue(_ limit: Double) -> String { "Member must have value less than or equal to \(whole(limit))" }
    static func minValue(_ limit: Double) -> String {
        "Member must have value greater than or equal to \(whole(limit))"
    }
    static func pattern(_ text: String) -> String { "Member must satisfy regular expression pattern: \(text)" }
    static func enumeration(_ shape: Shape) -> String {
        "Member must satisfy enum value set: [\(shape.enumeration.joined(separator: ", "))]"
    }

    private static func whole(_ limit: Double) -> String { JSON.Number(limit).text }
}
