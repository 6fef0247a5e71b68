public import AWSModel
public import JSON

/// Checks a tree of members against the model's constraints and says all that is wrong in AWS's words.
public struct Validator: Sendable {
    private let style: ValidationStyle
    /// Constraints of a list's elements end with `Member must not be null`. Seen from these two services only.
    private let mentionsNull: Bool
    /// How the service names the error: CloudWatch Logs has no ValidationException for it.
    private let code: String

    public init(_ service: ServiceModel) {
        style = service.validation
        mentionsNull = ["iam", "lambda"].contains(service.id)
        code =
            service.id == "logs"
            ? "InvalidParameterException" : style == .query ? "ValidationError" : "ValidationException"
    }

    /// More errors than these are not told.
    private static let maxErrors = 10

    /// - Parameters:
    ///   - tree: an input as a codec read it.
    ///   - shape: the operation's input; nil takes anything.
    public func validate(_ tree: JSON, _ shape: Shape?) throws(AWSError) {
        guard let shape, style != .none else { return }
        if style == .sqs { return try requireParameters(tree, shape) }
        if style == .dynamodb { try requireTableName(tree, shape) }
        guard shape.isConstrained else { return }
        var check = Check(mentionsNull: mentionsNull)
        check.inner(tree, shape)
        let errors = check.errors.prefix(Self.maxErrors)
        guard !errors.isEmpty else { return }
        let message =
            "\(errors.count) validation error\(errors.count > 1 ? "s" : "") detected: \(errors.joined(separator: "; "))"
        throw AWSError(code, message)
    }

    /// SQS tells the first missing parameter of the request itself and checks everything else on its own.
    private func requireParameters(_ tree: JSON, _ shape: Shape) throws(AWSError) {
        for member in shape.requiredMembers where tree[member.name] == nil {
            throw AWSError("MissingParameter", "The request must contain the parameter \(member.name).")
        }
    }

    /// Operations on tables, in contrast to those on items.
    private static let tableInputs: Set<String> = [
        "CreateTableInput", "DeleteTableInput", "DescribeTableInput", "UpdateTableInput", "DescribeTimeToLiveInput",
        "UpdateTimeToLiveInput",
    ]

    private func requireTableName(_ tree: JSON, _ shape: Shape) throws(AWSError) {
        guard Self.tableInputs.contains(shape.name) else { return }
        guard let name = tree["TableName"]?.string else {
            throw AWSError(
                "ValidationException", "The parameter 'TableName' is required but was not present in the request")
        }
        // Longer ones may be ARNs.
        guard name.utf8.count >= 3 else {
            throw AWSError(
                "ValidationException", "TableName must be at least 3 characters long and at most 255 characters long")
        }
    }
}

/// One walk through a tree. Failures learn on the way out where they are, so that input without any pays nothing for it.
private struct Check {
    private enum Step {
        case member(String)
        /// From 1.
        case element(Int)
        case key(String)
    }

    private struct Failure {
        /// As messages show it.
        let value: String
        let constraint: String
        /// The way to the value, from its end.
        var path: [Step] = []
    }

    let mentionsNull: Bool
    private var failures: [Failure] = []

    init(mentionsNull: Bool) { self.mentionsNull = mentionsNull }

    /// Everything inside of a value, whose own constraints were checked before.
    mutating func inner(_ value: JSON, _ shape: Shape) {
        switch (shape.kind, value) {
        case (.structure, .object(let object)): members(object, shape)
        case (.list, .array(let elements)): list(elements, shape)
        case (.map, .object(let object)): map(object, shape)
        default: return
        }
    }

    /// What is missing is told first.
    private mutating func members(_ object: JSON.Object, _ shape: Shape) {
        let start = failures.count
        var required = 0
        for (name, value) in object.members {
            guard let member = shape.member(name), !value.isNull else { continue }
            if member.isRequired { required += 1 }
            guard member.shape.isConstrained else { continue }
            let own = failures.count
            for constraint in broken(value, member.shape) { fail(value, member.shape, constraint) }
            inner(value, member.shape)
            place(.member(member.name), from: own)
        }
        guard required < shape.requiredMembers.count else { return }
        let missing = shape.requiredMembers.filter { member in
            // A raw body is there even when it is empty.
            object[member.name]?.isNull ?? true && !member.isStreaming && !member.shape.isStreaming
        }
        failures.insert(
            contentsOf: missing.map {
                Failure(value: " null", constraint: Constraint.notNull, path: [.member($0.name)])
            },
            at: start)
    }

    /// Constraints of the elements themselves are told of the list as a whole.
    private mutating func list(_ elements: [JSON], _ shape: Shape) {
        guard let use = shape.element?.shape else { return }
        let isBroken = elements.contains { $0.isNull ? use.kind != .structure : !broken($0, use).isEmpty }
        if isBroken {
            let all = Constraint.all(use) + (mentionsNull ? [Constraint.notNull] : [])
            fail(.array(elements), shape, "Member must satisfy constraint: [\(all.joined(separator: ", "))]")
        }
        guard use.isNested else { return }
        for (number, element) in zip(1..., elements) {
            let own = failures.count
            if element.isNull, use.kind == .structure {
                failures.append(Failure(value: " null", constraint: Constraint.notNull))
            }
            inner(element, use)
            place(.element(number), from: own)
        }
    }

    private mutating func map(_ object: JSON.Object, _ shape: Shape) {
        guard let key = shape.key?.shape, let use = shape.value?.shape else { return }
        if key.isConstrained, object.members.contains(where: { !string($0.key, key).isEmpty }) {
            let all = Constraint.all(key) + (mentionsNull ? [Constraint.notNull] : [])
            fail(.object(object), shape, "Map keys must satisfy constraint: [\(all.joined(separator: ", "))]")
        }
        guard use.isConstrained else { return }
        if object.members.contains(where: { !broken($0.value, use).isEmpty }) {
            let all = Constraint.all(use).joined(separator: ", ")
            fail(.object(object), shape, "Map value must satisfy constraint: [\(all)]")
        }
        guard use.isNested else { return }
        for (name, value) in object.members {
            let own = failures.count
            inner(value, use)
            place(.key(name), from: own)
        }
    }

    // MARK: - One value

    /// The constraints that the value itself breaks.
    private func broken(_ value: JSON, _ shape: Shape) -> [String] {
        switch (shape.kind, value) {
        case (.string, .string(let text)): string(text, shape)
        case (.blob, .bytes(let bytes)): length(bytes.count, shape)
        case (.list, .array(let elements)): length(elements.count, shape)
        case (.map, .object(let object)): length(object.count, shape)
        case (.integer, .number(let number)), (.long, .number(let number)), (.float, .number(let number)),
            (.double, .number(let number)):
            range(number, shape)
        default: []
        }
    }

    private func string(_ text: String, _ shape: Shape) -> [String] {
        if !shape.enumeration.isEmpty { return shape.allows(text) ? [] : [Constraint.enumeration(shape)] }
        let bytes = text.utf8.count
        if shape.pattern == nil, Double(bytes) <= shape.max ?? .infinity, Double(bytes / 3) >= shape.min ?? 0 {
            return []
        }
        var broken: [String] = []
        if let pattern = shape.pattern, !shape.matchesPattern(text) { broken.append(Constraint.pattern(pattern)) }
        if shape.min != nil || shape.max != nil { broken += length(Self.length(text, shape), shape) }
        return broken
    }

    /// UTF-16 units, as Java counts. Counted only where the bytes do not decide.
    private static func length(_ text: String, _ shape: Shape) -> Int {
        let bytes = text.utf8.count
        let isFine = Double(bytes) <= shape.max ?? .infinity && Double(bytes / 3) >= shape.min ?? 0
        return isFine ? bytes : text.utf16.count
    }

    private func length(_ count: Int, _ shape: Shape) -> [String] {
        var broken: [String] = []
        if let max = shape.max, Double(count) > max { broken.append(Constraint.maximum(shape, max)) }
        if let min = shape.min, Double(count) < min { broken.append(Constraint.minimum(shape, min)) }
        return broken
    }

    private func range(_ number: JSON.Number, _ shape: Shape) -> [String] {
        guard shape.min != nil || shape.max != nil else { return [] }
        let value = number.double
        if let max = shape.max, value > max { return [Constraint.maximum(shape, max)] }
        if let min = shape.min, value < min { return [Constraint.minimum(shape, min)] }
        return []
    }

    // MARK: - Text

    private mutating func fail(_ value: JSON, _ shape: Shape, _ constraint: String) {
        // A value that must not be shown is left out.
        let shown = shape.isSensitive ? "" : " '\(JavaText.of(value, shape))'"
        failures.append(Failure(value: shown, constraint: constraint))
    }

    /// What was found from `start` on lies inside of `step`.
    private mutating func place(_ step: @autoclosure () -> Step, from start: Int) {
        guard failures.count > start else { return }
        for index in start..<failures.count { failures[index].path.append(step()) }
    }

    /// What was found, in AWS's words.
    var errors: [String] {
        failures.map { failure in
            // For example `tags.1.member.key`.
            let place = failure.path.reversed().map { step in
                switch step {
                case .member(let name): JavaText.lowerFirst(name)
                case .element(let number): "\(number).member"
                case .key(let key): "\(key).member"
                }
            }.joined(separator: ".")
            return "Value\(failure.value) at '\(place)' failed to satisfy constraint: \(failure.constraint)"
        }
    }
}

extension Shape {
    /// Values have something inside that can have constraints of its own.
    fileprivate var isNested: Bool {
        guard isConstrained else { return false }
        switch kind {
        case .structure, .list, .map: return true
        default: return false
        }
    }
}

/// AWS's words for each kind of constraint.
private enum Constraint {
    static let notNull = "Member must not be null"

    static func maximum(_ shape: Shape, _ limit: Double) -> String {
        "Member must have \(measure(shape)) less than or equal to \(text(limit, shape))"
    }
    static func minimum(_ shape: Shape, _ limit: Double) -> String {
        "Member must have \(measure(shape)) greater than or equal to \(text(limit, shape))"
    }
    static func pattern(_ text: String) -> String { "Member must satisfy regular expression pattern: \(text)" }
    static func enumeration(_ shape: Shape) -> String {
        "Member must satisfy enum value set: [\(shape.enumeration.joined(separator: ", "))]"
    }

    /// All that values of the shape must satisfy.
    static func all(_ shape: Shape) -> [String] {
        if !shape.enumeration.isEmpty { return [enumeration(shape)] }
        var texts: [String] = []
        if let max = shape.max { texts.append(maximum(shape, max)) }
        if let min = shape.min { texts.append(minimum(shape, min)) }
        if let pattern = shape.pattern { texts.append(self.pattern(pattern)) }
        return texts
    }

    private static func measure(_ shape: Shape) -> String {
        switch shape.kind {
        case .integer, .long, .float, .double: "value"
        default: "length"
        }
    }

    private static func text(_ limit: Double, _ shape: Shape) -> String {
        switch shape.kind {
        case .float, .double: "\(limit)"
        default: JSON.Number(limit).text
        }
    }
}

/// Values as Java prints them.
private enum JavaText {
    static func of(_ value: JSON, _ shape: Shape) -> String {
        switch value {
        case .string(let text): return text
        case .bytes(let bytes): return "java.nio.HeapByteBuffer[pos=0 lim=\(bytes.count) cap=\(bytes.count)]"
        case .array(let elements):
            let inner = shape.element?.shape ?? shape
            return "[\(elements.map { of($0, inner) }.joined(separator: ", "))]"
        case .object(let object) where shape.kind == .map:
            let inner = shape.value?.shape ?? shape
            return "{\(object.members.map { "\($0.key)=\(of($0.value, inner))" }.joined(separator: ", "))}"
        case .object(let object):
            let members = object.members.map { name, value in
                let inner = shape.member(name)?.shape ?? shape
                return "\(lowerFirst(name))=\(inner.isSensitive ? "***" : of(value, inner))"
            }
            return "\(shape.name)(\(members.joined(separator: ", ")))"
        default: return value.text()
        }
    }

    /// Names in paths start in lower case, as Java's properties do.
    static func lowerFirst(_ name: String) -> String {
        guard let first = name.first, first.isUppercase else { return name }
        return first.lowercased() + name.dropFirst()
    }
}
