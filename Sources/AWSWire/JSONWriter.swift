import AWSModel
import JSON

/// Trees of members to JSON bodies, as the model says.
enum JSONWriter {
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
