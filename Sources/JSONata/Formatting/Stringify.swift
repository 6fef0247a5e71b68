import JSON

/// `$string` and what `&` makes of its sides.
enum Stringify {
    /// Text as it is, nothing as an empty text, everything else as JSON.
    static func text(_ value: Value, _ machine: Machine, pretty: Bool = false) throws(Failure) -> String {
        switch value {
        case .undefined, .function: return ""
        case .string(let text): return text
        case .number(let number):
            guard number.isFinite else { throw Failure("D3001", value: value) }
            return NumberText.rounded(number)
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        default:
            var value = value
            if case .array(let list) = value, list.flags.contains(.wrapsInput) { value = list[0] }
            var writer = Writer(machine: machine, pretty: pretty)
            try writer.write(value, 0)
            return String(decoding: writer.output, as: UTF8.self)
        }
    }

    private struct Writer {
        let machine: Machine
        let pretty: Bool
        var output: [UInt8] = []

        mutating func write(_ value: Value, _ level: Int) throws(Failure) {
            try machine.tick()
            guard level <= 10_000 else { throw Failure.tooDeep() }
            guard output.count <= Text.longest else { throw Failure.tooLarge() }
            switch value {
            case .undefined, .null: output.append(contentsOf: "null".utf8)
            case .bool(let value): output.append(contentsOf: value ? "true".utf8 : "false".utf8)
            case .number(let number):
                if number.isInfinite { throw Failure("D1001", value: value) }
                output.append(contentsOf: (number.isNaN ? "null" : NumberText.rounded(number)).utf8)
            case .string(let text): JSON.write(string: text, into: &output)
            case .function: output.append(contentsOf: "\"\"".utf8)
            case .tuple(let tuple): try write(tuple.value, level)
            case .array(let list):
                output.append(UInt8(ascii: "["))
                for index in 0..<list.count {
                    separate(index, level + 1)
                    let item = list[index]
                    try deeper(item, level + 1)
                }
                close(list.count, level, UInt8(ascii: "]"))
            case .object(let record):
                output.append(UInt8(ascii: "{"))
                let members = record.members.filter { !$0.value.isUndefined }
                for (index, member) in members.enumerated() {
                    separate(index, level + 1)
                    JSON.write(string: member.key, into: &output)
                    output.append(contentsOf: pretty ? ": ".utf8 : ":".utf8)
                    try deeper(member.value, level + 1)
                }
                close(members.count, level, UInt8(ascii: "}"))
            }
        }

        private mutating func deeper(_ value: Value, _ level: Int) throws(Failure) {
            guard value.cell != nil else { return try write(value, level) }
            try machine.descend { () throws(Failure) in try write(value, level) }
        }

        private mutating func separate(_ index: Int, _ level: Int) {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            line(level)
        }

        private mutating func close(_ count: Int, _ level: Int, _ bracket: UInt8) {
            if count > 0 { line(level) }
            output.append(bracket)
        }

        private mutating func line(_ level: Int) {
            guard pretty else { return }
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
        }
    }
}
