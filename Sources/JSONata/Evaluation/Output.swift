import JSON

/// The result as JSON. What was only passed through comes out as it was written; functions become empty texts, as in
/// `$string`.
enum Output {
    /// Deeper results are refused: what reads them afterwards does not take them.
    static let deepest = JSON.defaultDepth

    static func json(_ value: Value, _ level: Int = 0) throws(Failure) -> JSON? {
        guard level <= deepest else { throw Failure.tooDeep() }
        switch value {
        case .undefined: return nil
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let number):
            guard number.isFinite else { throw Failure("D1001", value: value) }
            return .number(JSON.Number(unchecked: NumberText.format(number)))
        case .string(let text): return .string(text)
        case .function: return .string("")
        case .tuple(let tuple): return try json(tuple.value, level)
        case .array(let list):
            if let json = list.json { return .array(json) }
            var elements: [JSON] = []
            elements.reserveCapacity(list.count)
            for index in 0..<list.count { elements.append(try json(list[index], level + 1) ?? .null) }
            return .array(elements)
        case .object(let record):
            if let json = record.json { return .object(json) }
            var object = JSON.Object()
            let members = record.members
            object.reserveCapacity(members.count)
            for member in members {
                if let value = try json(member.value, level + 1) { object[member.key] = value }
            }
            return .object(object)
        }
    }
}
