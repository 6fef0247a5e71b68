#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// An operator with two sides. Its errors carry its own place and sign.
class BinaryNode: Node {
    final var left: Node
    final var right: Node
    final let sign: String

    init(_ sign: String, _ left: Node, _ right: Node, _ position: Int) {
        self.sign = sign
        self.left = left
        self.right = right
        super.init(position)
    }

    override var type: String { "binary" }

    override func unlink() {
        super.unlink()
        left = Node.none
        right = Node.none
    }

    final func failure(_ code: String, _ value: Value, _ details: [String: Value] = [:]) -> Failure {
        Failure(code, position: position, token: sign, value: value, details)
    }
}

extension Node {
    /// Stands where a child was.
    nonisolated(unsafe) static let none = Node(0)
}

final class ArithmeticNode: BinaryNode {
    enum Operation { case add, subtract, multiply, divide, modulo }
    let operation: Operation

    init(_ operation: Operation, _ sign: String, _ left: Node, _ right: Node, _ position: Int) {
        self.operation = operation
        super.init(sign, left, right, position)
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let first = try machine.evaluate(left, input, frame)
        let second = try machine.evaluate(right, input, frame)
        guard case .number(let one) = first, case .number(let other) = second, one.isFinite, other.isFinite else {
            try check(first, "T2001")
            try check(second, "T2002")
            return .undefined
        }
        switch operation {
        case .add: return .number(one + other)
        case .subtract: return .number(one - other)
        case .multiply: return .number(one * other)
        case .divide: return .number(one / other)
        case .modulo: return .number(fmod(one, other))
        }
    }

    private func check(_ value: Value, _ code: String) throws(Failure) {
        switch value {
        case .undefined: break
        case .number(let number) where number.isNaN: throw failure(code, value)
        case .number(let number): if number.isInfinite { throw failure("D1001", value) }
        default: throw failure(code, value)
        }
    }
}

final class EqualityNode: BinaryNode {
    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let first = try machine.evaluate(left, input, frame)
        let second = try machine.evaluate(right, input, frame)
        if first.isUndefined || second.isUndefined { return .bool(false) }
        return .bool(try Equality.holds(first, second, machine) == (sign == "="))
    }
}

final class ComparisonNode: BinaryNode {
    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let first = try machine.evaluate(left, input, frame)
        let second = try machine.evaluate(right, input, frame)
        switch (first, second) {
        case (.number(let one), .number(let other)):
            switch sign {
            case "<": return .bool(one < other)
            case "<=": return .bool(one <= other)
            case ">": return .bool(one > other)
            default: return .bool(one >= other)
            }
        case (.string(let one), .string(let other)):
            let order = Text.compare(one, other)
            switch sign {
            case "<": return .bool(order < 0)
            case "<=": return .bool(order <= 0)
            case ">": return .bool(order > 0)
            default: return .bool(order >= 0)
            }
        default:
            guard Self.isOrdered(first), Self.isOrdered(second) else {
                throw failure("T2010", Self.isOrdered(first) && !first.isUndefined ? second : first)
            }
            if first.isUndefined || second.isUndefined { return .undefined }
            throw failure("T2009", first, ["value2": second])
        }
    }

    private static func isOrdered(_ value: Value) -> Bool {
        switch value {
        case .undefined, .number, .string: true
        default: false
        }
    }
}

final class ConcatenationNode: BinaryNode {
    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let first = try machine.evaluate(left, input, frame)
        let second = try machine.evaluate(right, input, frame)
        do throws(Failure) {
            var text = try Stringify.text(first, machine)
            text += try Stringify.text(second, machine)
            guard text.utf8.count <= Text.longest else { throw Failure.tooLarge() }
            return .string(text)
        } catch {
            error.position = position
            error.token = sign
            throw error
        }
    }
}

/// `and`, `or`: the right side is looked at only when it matters.
final class LogicNode: BinaryNode {
    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let first = try Truth.of(try machine.evaluate(left, input, frame))
        if first == (sign == "or") { return .bool(first) }
        return .bool(try Truth.of(try machine.evaluate(right, input, frame)))
    }
}

final class InclusionNode: BinaryNode {
    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let item = try machine.evaluate(left, input, frame)
        let items = try machine.evaluate(right, input, frame)
        if item.isUndefined || items.isUndefined { return .bool(false) }
        guard case .array(let list) = items else { return .bool(try Equality.holds(item, items, machine)) }
        for index in 0..<list.count {
            try machine.tick()
            if try Equality.holds(item, list[index], machine) { return .bool(true) }
        }
        return .bool(false)
    }
}

/// `[a..b]`: at most ten million numbers, which are not made before they are looked at.
final class RangeNode: BinaryNode {
    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let first = try machine.evaluate(left, input, frame)
        let last = try machine.evaluate(right, input, frame)
        try check(first, "T2003")
        try check(last, "T2004")
        guard case .number(let from) = first, case .number(let to) = last, from <= to else { return .undefined }
        let size = to - from + 1
        guard size <= Double(List.longest) else { throw failure("D2014", .number(size)) }
        return .array(List(from: from, count: Int(size)))
    }

    private func check(_ value: Value, _ code: String) throws(Failure) {
        switch value {
        case .undefined: break
        case .number(let number): if number.rounded() != number || number.isInfinite { throw failure(code, value) }
        default: throw failure(code, value)
        }
    }
}

final class NegationNode: Node {
    var operand: Node

    init(_ operand: Node, _ position: Int) {
        self.operand = operand
        super.init(position)
    }

    override var type: String { "unary" }
    override func unlink() {
        super.unlink()
        operand = Node.none
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let value = try machine.evaluate(operand, input, frame)
        switch value {
        case .undefined: return .undefined
        case .number(let number) where !number.isNaN:
            try Numeric.check(number)
            return .number(-number)
        default: throw Failure("D1002", position: position, token: "-", value: value)
        }
    }
}

final class ArrayNode: Node {
    var items: [Node]

    init(_ items: [Node], _ position: Int) {
        self.items = items
        super.init(position)
    }

    override var type: String { "unary" }
    override func unlink() {
        super.unlink()
        items = []
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let list = List()
        for item in items {
            let value = try machine.evaluate(item, input, frame)
            switch value {
            case .undefined: break
            case .array(let inner) where !(item is ArrayNode):
                if items.count == 1 { return .array(mark(inner.plain())) }
                list.append(contentsOf: inner)
            default: list.append(value)
            }
            guard list.count <= List.longest else { throw Failure.tooLarge() }
        }
        return .array(mark(list))
    }

    private func mark(_ list: List) -> List {
        if isConstructed { list.flags.insert(.constructed) }
        return list
    }
}
