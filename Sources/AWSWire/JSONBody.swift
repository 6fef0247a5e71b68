import AWSModel
import JSON

/// JSON bodies to trees of members and back, as the model says.
enum JSONBody {
    /// The tree of a body; an empty body is an empty structure. Members that the model does not know are dropped.
    static func read(_ bytes: [UInt8], _ shape: Shape) throws(AWSError) -> JSON {
        let body: JSON
        do throws(JSON.ParseError) {
            body = try JSON.parse(bytes, depth: WireLimits.depth)
        } catch {
            throw .serialization()
        }
        // A body that is no object at all says nothing of its members.
        guard case .object = body else { throw .serialization(TypeMismatch.message(body, shape)) }
        return try changed(body, shape, nil) ?? body
    }

    /// The value as the tree has it, or nil when it already is: most values pass through without a copy.
    private static func changed(
        _ value: JSON, _ shape: Shape, _ format: TimestampFormat?
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
            guard let integer = Int(exactly: whole) else { throw .serialization(TypeMismatch.message(value, shape)) }
            return .number(integer)
        case (.blob, .string(let text)): return .bytes(try blob(text))
        case (.timestamp, .number(let number)):
            guard Timestamp.milliseconds(number) != nil else { throw .serialization() }
            return nil
        case (.timestamp, .string(let text)):
            guard let number = Timestamp.parse(text) else {
                throw .serialization(TypeMismatch.message(value, shape))
            }
            return .number(number)
        // What a JSON writer makes of infinities and NaN.
        case (.float, .string(let text)), (.double, .string(let text)):
            guard ["NaN", "Infinity", "-Infinity"].contains(text) else {
                throw .serialization(TypeMismatch.message(value, shape))
            }
            return nil
        default: throw .serialization(TypeMismatch.message(value, shape))
        }
    }

    private static func changed(structure object: JSON.Object, _ shape: Shape) throws(AWSError) -> JSON? {
        var copy: JSON.Object?
        var position = 0
        for (key, value) in object.members {
            defer { position += 1 }
            guard let member = shape.member(wireName: key), !value.isNull else {
                copy = copy ?? JSON.Object(object.members[..<position].lazy.map { ($0.key, $0.value) })
                continue
            }
            let new = try changed(value, member.shape, member.timestampFormat)
            if copy != nil {
                copy?[member.name] = new ?? value
            } else if new != nil || member.name != key {
                copy = JSON.Object(object.members[..<position].lazy.map { ($0.key, $0.value) })
                copy?[member.name] = new ?? value
            }
        }
        return copy.map(JSON.object)
    }

    private static func changed(list elements: [JSON], _ shape: Shape) throws(AWSError) -> JSON? {
        guard let element = shape.element else { return nil }
        var copy: [JSON]?
        for (index, value) in elements.enumerated() where !value.isNull {
            guard let new = try changed(value, element.shape, element.timestampFormat) else { continue }
            if copy == nil { copy = elements }
            copy?[index] = new
        }
        return copy.map(JSON.array)
    }

    private static func changed(map object: JSON.Object, _ shape: Shape) throws(AWSError) -> JSON? {
        guard let use = shape.value else { return nil }
        var copy: JSON.Object?
        for (key, value) in object.members {
            guard !value.isNull else {
                copy = copy ?? object
                copy?.removeValue(forKey: key)
                continue
            }
            guard let new = try changed(value, use.shape, use.timestampFormat) else { continue }
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

extension JSONBody {
    /// Writes the tree of a structure as a JSON object. Members are found without regard to ASCII case; unknown ones,
    /// `null` and, when `onlyBody` is set, those that travel elsewhere are left out.
    static func write(_ tree: JSON, _ shape: Shape, onlyBody: Bool = false) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        write(structure: tree.object ?? [:], shape, onlyBody: onlyBody, into: &output)
        return output
    }

    private static func write(
        structure object: JSON.Object, _ shape: Shape, onlyBody: Bool = false, into output: inout [UInt8]
    ) {
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        for (key, value) in object.members {
            guard !value.isNull, let member = shape.member(caseless: key), !onlyBody || member.location == nil else {
                continue
            }
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            JSON.write(string: member.wireName, into: &output)
            output.append(UInt8(ascii: ":"))
            write(value, member.shape, member.timestampFormat, into: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private static func write(
        _ value: JSON, _ shape: Shape, _ format: TimestampFormat?, into output: inout [UInt8]
    ) {
        switch (shape.kind, value) {
        case (.structure, .object(let object)): write(structure: object, shape, into: &output)
        case (.list, .array(let elements)):
            guard let element = shape.element else { return value.write(into: &output) }
            output.append(UInt8(ascii: "["))
            for (index, value) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                write(value, element.shape, element.timestampFormat, into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case (.map, .object(let object)):
            guard let use = shape.value else { return value.write(into: &output) }
            output.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                JSON.write(string: member.key, into: &output)
                output.append(UInt8(ascii: ":"))
                write(member.value, use.shape, use.timestampFormat, into: &output)
            }
            output.append(UInt8(ascii: "}"))
        case (.timestamp, .number(let number)) where format == .iso8601 || format == .httpDate:
            JSON.write(string: Timestamp.text(number, format ?? .epochSeconds), into: &output)
        case (.string, .number(let number)): JSON.write(string: number.text, into: &output)
        default: value.write(into: &output)
        }
    }
}
