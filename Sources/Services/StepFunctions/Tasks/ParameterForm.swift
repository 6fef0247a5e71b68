import AWSModel
import AWSWire
import JSON

/// Parameters as states write them (every member begins with a capital) to the input of an operation, and its output
/// back.
struct ParameterForm {
    /// Blobs are base64 text on both sides instead of the text that they hold: DynamoDB's binary attributes.
    let blobsAreBase64: Bool
    /// Timestamps of the output: epoch milliseconds in optimised integrations, else ISO 8601.
    let showsEpochMilliseconds: Bool

    init(service: String, isOptimized: Bool) {
        blobsAreBase64 = service == "dynamodb" || service == "dynamodbstreams"
        showsEpochMilliseconds = isOptimized
    }

    // MARK: Input

    /// - Parameter problems: what makes the parameters unfit, in AWS's words.
    func input(_ value: JSON, _ shape: Shape?, problems: inout [String]) -> JSON {
        guard let shape, case .object = value else { return [:] }
        return input(value, shape, name: "", &problems)
    }

    private func input(_ value: JSON, _ shape: Shape, name: String, _ problems: inout [String]) -> JSON {
        func misfit() -> JSON {
            problems.append("The value of the field '\(name)' has an invalid format")
            return value
        }
        switch shape.kind {
        case .structure:
            guard case .object(let object) = value else { return misfit() }
            return structure(object, shape, &problems)
        case .list:
            guard case .array(let elements) = value, let element = shape.element else { return misfit() }
            return .array(elements.map { input($0, element.shape, name: name, &problems) })
        case .map:
            guard case .object(let object) = value, let element = shape.value else { return misfit() }
            return .object(
                JSON.Object(object.map { ($0.key, input($0.value, element.shape, name: name, &problems)) }))
        case .string:
            switch value {
            case .string: return value
            case .object, .array: return .string(value.text())
            default: return misfit()
            }
        case .blob:
            if blobsAreBase64 { return value.bytes == nil ? misfit() : value }
            return .bytes(value.serialized())
        case .boolean: return value.bool == nil ? misfit() : value
        case .integer, .long: return value.int == nil ? misfit() : value
        case .float, .double: return value.double == nil ? misfit() : value
        case .timestamp:
            if case .number = value { return value }
            return value.string.flatMap(Timestamp.parse).map(JSON.number) ?? misfit()
        }
    }

    private func structure(_ object: JSON.Object, _ shape: Shape, _ problems: inout [String]) -> JSON {
        var result = JSON.Object()
        for (name, value) in object {
            guard let member = Self.member(name, shape) else {
                problems.append("The field \"\(name)\" is not supported by Step Functions")
                continue
            }
            if !value.isNull { result[member.name] = input(value, member.shape, name: name, &problems) }
        }
        for member in shape.requiredMembers where result[member.name] == nil && !member.isIdempotencyToken {
            problems.append("The field '\(JavaName.capitalized(member.name))' is required but was missing")
        }
        return .object(result)
    }

    static func member(_ name: String, _ shape: Shape) -> Member? {
        guard let member = shape.member(caseless: name), JavaName.capitalized(member.name) == name else { return nil }
        return member
    }

    // MARK: Output

    func output(_ value: JSON, _ shape: Shape?) -> JSON {
        guard let shape else { return value }
        switch (value, shape.kind) {
        case (.object(let object), .structure):
            var result = JSON.Object(
                object.map { name, value in
                    (JavaName.capitalized(name), output(value, shape.member(name)?.shape))
                })
            // The SDK always has the map of headers that share a prefix: `Metadata` of objects.
            if shape.hasLocations {
                for member in shape.members where member.location == .headers && result[member.name] == nil {
                    result[member.name] = [:]
                }
            }
            return .object(result)
        case (.object(let object), .map):
            return .object(JSON.Object(object.map { ($0.key, output($0.value, shape.value?.shape)) }))
        case (.array(let elements), .list): return .array(elements.map { output($0, shape.element?.shape) })
        case (.number(let number), .timestamp):
            guard let milliseconds = Timestamp.milliseconds(number) else { return value }
            return showsEpochMilliseconds
                ? .number(JSON.Number(milliseconds)) : .string(Timestamp.iso8601(milliseconds))
        case (_, .blob): return blob(value)
        default: return value
        }
    }

    /// Assumed: bytes that are no text appear as base64.
    private func blob(_ value: JSON) -> JSON {
        guard let bytes = value.bytes else { return value }
        if !blobsAreBase64, let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .string(Base64.encode(bytes))
    }
}
