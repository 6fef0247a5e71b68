import AWSWire
import JSON

/// A filter of an event source mapping (Developer Guide, "Control which events Lambda sends to your function"): an
/// object of the event's form whose leaves are lists of allowed values or rules.
struct EventPattern: Sendable {
    private let root: JSON

    /// - Parameter criteria: `{Filters: [{Pattern: "…"}]}`.
    /// Errors: InvalidParameterValueException for a pattern that is not an object with lists as leaves.
    static func list(_ criteria: JSON?) throws(AWSError) -> [EventPattern] {
        var patterns: [EventPattern] = []
        for filter in criteria?["Filters"]?.array ?? [] {
            guard let text = filter["Pattern"]?.string, let root = try? JSON.parse(text), check(root) else {
                throw LambdaError.invalid("Invalid filter pattern definition.")
            }
            patterns.append(EventPattern(root: root))
        }
        return patterns
    }

    private static func check(_ pattern: JSON) -> Bool {
        guard let members = pattern.object, !members.isEmpty else { return false }
        return members.allSatisfy { key, value in
            if key == "$or" { return value.array?.allSatisfy(check) == true }
            return value.array != nil ? value.array?.isEmpty == false : check(value)
        }
    }

    /// Without patterns everything matches.
    static func anyMatches(_ patterns: [EventPattern], _ event: JSON) -> Bool {
        patterns.isEmpty || patterns.contains { $0.matches(event) }
    }

    func matches(_ event: JSON) -> Bool { Self.matches(root, event) }

    private static func matches(_ pattern: JSON, _ event: JSON?) -> Bool {
        for (key, wanted) in pattern.object ?? [:] {
            if key == "$or" {
                guard wanted.array?.contains(where: { matches($0, event) }) == true else { return false }
                continue
            }
            let value = event?[key]
            if let rules = wanted.array {
                guard rules.contains(where: { allows($0, value) }) else { return false }
            } else {
                guard matches(wanted, value) else { return false }
            }
        }
        return true
    }

    /// One rule against the value at its place; a list in the event matches with any of its elements.
    private static func allows(_ rule: JSON, _ value: JSON?) -> Bool {
        if let exists = rule["exists"]?.bool { return (value != nil) == exists }
        if let elements = value?.array { return elements.contains { allows($0, rule: rule) } }
        guard let value else { return false }
        return allows(value, rule: rule)
    }

    private static func allows(_ value: JSON, rule: JSON) -> Bool {
        guard let (name, operand) = rule.object?.members.first.map({ ($0.key, $0.value) }) else {
            return same(rule, value)
        }
        switch name {
        case "prefix": return affix(operand, value) { $0.hasPrefix($1) }
        case "suffix": return affix(operand, value) { $0.hasSuffix($1) }
        case "equals-ignore-case":
            guard let text = value.string, let wanted = operand.string else { return false }
            return text.lowercased() == wanted.lowercased()
        case "anything-but": return anythingBut(operand, value)
        case "numeric": return value.double.map { numeric(operand.array ?? [], $0) } ?? false
        case "wildcard":
            guard let text = value.string, let wanted = operand.string else { return false }
            return wildcard(Array(wanted.utf8), Array(text.utf8))
        default: return false
        }
    }

    private static func affix(_ operand: JSON, _ value: JSON, _ test: (String, String) -> Bool) -> Bool {
        guard let text = value.string else { return false }
        if let ignored = operand["equals-ignore-case"]?.string { return test(text.lowercased(), ignored.lowercased()) }
        return operand.string.map { test(text, $0) } ?? false
    }

    private static func anythingBut(_ operand: JSON, _ value: JSON) -> Bool {
        if let list = operand.array { return !list.contains { same($0, value) } }
        if operand.object != nil { return !allows(value, rule: operand) }
        return !same(operand, value)
    }

    /// Numbers are equal by value, everything else by form.
    private static func same(_ left: JSON, _ right: JSON) -> Bool {
        if let first = left.double, let second = right.double { return first == second }
        return left == right
    }

    /// `["=", 5]`, `[">", 0, "<=", 5]`.
    private static func numeric(_ rule: [JSON], _ value: Double) -> Bool {
        guard !rule.isEmpty, rule.count % 2 == 0 else { return false }
        return stride(from: 0, to: rule.count, by: 2).allSatisfy { index in
            guard let bound = rule[index + 1].double else { return false }
            switch rule[index].string {
            case "=": return value == bound
            case "<": return value < bound
            case "<=": return value <= bound
            case ">": return value > bound
            case ">=": return value >= bound
            default: return false
            }
        }
    }

    /// `*` stands for any run of characters. Linear but for one place to return to, however many stars there are.
    private static func wildcard(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var (place, position) = (0, 0)
        var star: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == text[position] {
                place += 1
                position += 1
            } else if let back = star {
                place = back.place + 1
                position = back.position + 1
                star = (back.place, position)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
