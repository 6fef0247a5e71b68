import AWSModel
import JSON

/// JSON bodies to trees of members, as the model says.
struct JSONReader: Sendable {
    /// For messages.
    private let package: String
    /// Elements of lists that are `null` are left for the validator to tell; SQS has none, there they are dropped.
    private let keepsNull: Bool

    init(_ service: ServiceModel) {
        package =
            service.errorNamespace.isEmpty ? "com.amazonaws.\(service.id)" : String(service.errorNamespace.dropLast())
        keepsNull = service.validation != .sqs
    }

    private func mismatch(_ value: JSON, _ shape: Shape, isElement: Bool = false) -> AWSError {
        .serialization(TypeMismatch.message(value, shape, package: package, isElement: isElement))
    }

    /// The tree of a body; an empty body is an empty structure. Members that the model does not know are dropped.
    func read(_ bytes: [UInt8], _ shape: Shape) throws(AWSError) -> JSON {
        let body: JSON
        do throws(JSON.ParseError) {
            body = try JSON.parse(bytes, depth: WireLimits.depth)
        } catch {
            throw .serialization()
        }
        // A body that is no object at all says nothing of its members.
        guard case .object = body else { throw mismatch(body, shape) }
        return try changed(body, shape) ?? body
    }

    /// The value as the tree has it, or nil when it already is: most values pass through without a copy.
    private func changed(
        _ value: JSON, _ shape: Shape, isElement: Bool = false
    ) throws(AWSError) -> JSON? {
        switch (shape.kind, value) {
        case (.string, .string), (.boolean, .bool), (.float, .number), (.double, .number): return nil
        case (.structure, .object(let object)): return try changed(structure: object, shape)
        case (.list, .array(let elements)): return try changed(list: elements, shape)
        case (.map, .object(let object)): return try changed(map: object, shape)
        case (.integer, .number(let number)), (.long, .number(let number)):
            if Int(number.text) != nil { return nil }
            // Fractions are cut off, as AWS does.
            let whole = number.double.rounded(.towardZero)
            guard let integer = Int(exactly: whole) else { throw mismatch(value, shape, isElement: isElement) }
            return .number(integer)
        case (.blob, .string(let text)): return .bytes(try Self.blob(text))
        case (.timestamp, .number(let number)):
            guard Timestamp.milliseconds(number) != nil else { throw .serialization() }
            return nil
        case (.timestamp, .string(let text)):
            guard let number = Timestamp.parse(text) else {
                throw mismatch(value, shape, isElement: isElement)
            }
            return .number(number)
        // What a JSON writer makes of infinities and NaN.
        case (.float, .string(let text)), (.double, .string(let text)):
            guard ["NaN", "Infinity", "-Infinity"].contains(text) else {
                throw mismatch(value, shape, isElement: isElement)
            }
            return nil
        default: throw mismatch(value, shape, isElement: isElement)
        }
    }

    private func changed(structure object: JSON.Object, _ shape: Shape) throws(AWSError) -> JSON? {
        var copy: JSON.Object?
        var position = 0
        for (key, value) in object.members {
            defer { position += 1 }
            guard let member = shape.member(wireName: key), !value.isNull else {
                copy = copy ?? JSON.Object(object.members[..<position].lazy.map { ($0.key, $0.value) })
                continue
            }
            let new = try changed(value, member.shape)
            if copy != nil {
                copy?[member.name] = new ?? value
            } else if new != nil || member.name != key {
                copy = JSON.Object(object.members[..<position].lazy.map { ($0.key, $0.value) })
                copy?[member.name] = new ?? value
            }
        }
        return copy.map(JSON.object)
    }

    private func changed(list elements: [JSON], _ shape: Shape) throws(AWSError) -> JSON? {
        guard let element = shape.element else { return nil }
        if !keepsNull, elements.contains(.null) {
            let present = elements.filter { !$0.isNull }
            return try changed(list: present, shape) ?? .array(present)
        }
        var copy: [JSON]?
        for (index, value) in elements.enumerated() where !value.isNull {
            guard let new = try changed(value, element.shape, isElement: true) else { continue }
            if copy == nil { copy = elements }
            copy?[index] = new
        }
        return copy.map(JSON.array)
    }

    private func changed(map object: JSON.Object, _ shape: Shape) throws(AWSError) -> JSON? {
        guard let use = shape.value else { return nil }
        var copy: JSON.Object?
        for (key, value) in object.members {
            guard !value.isNull else {
                copy = copy ?? object
                copy?.removeValue(forKey: key)
                continue
            }
            guard let new = try changed(value, use.shape, isElement: true) else { continue }
            if copy == nil { copy = object }
            copy?[key] = new
        }
        return copy.map(JSON.object)
    }

    private static func blob(_ text: String) throws(AWSError) -> [UInt8] {
        if let bytes = Base64.decode(text) { return bytes }
        guard text.utf8.count % 4 == 0 else {
            throw .serialization(
                "Base64 encoded length is expected a multiple of 4 bytes but found: \(text.utf8.count)")
        }
        for character in text.unicodeScalars {
            switch character {
            case "A"..."Z", "a"..."z", "0"..."9", "+", "/", "=": continue
            default: throw .serialization("Invalid Base64 character: '\(character)'")
            }
        }
        throw .serialization("Invalid last non-pad Base64 character dectected")
    }
}
