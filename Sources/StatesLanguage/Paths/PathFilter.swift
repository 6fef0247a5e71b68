import JSON

/// The condition of `[?( … )]`: comparisons of paths and literals with `&&`, `||`, `!`.
indirect enum PathFilter: Sendable {
    case or(PathFilter, PathFilter)
    case and(PathFilter, PathFilter)
    case not(PathFilter)
    case exists(Path)
    case compare(Operand, Operator, Operand)

    enum Operand: Sendable {
        case literal(JSON)
        case path(Path)
    }

    enum Operator: String, Sendable, CaseIterable {
        case equal = "==", notEqual = "!=", lessOrEqual = "<=", greaterOrEqual = ">=", less = "<", greater = ">"
        case isIn = "in", isNotIn = "nin", isEmpty = "empty", hasSize = "size", contains, subsetOf = "subsetof"
        case anyOf = "anyof", noneOf = "noneof"
    }

    func holds(_ node: JSON, root: JSON) -> Bool {
        switch self {
        case .or(let left, let right): return left.holds(node, root: root) || right.holds(node, root: root)
        case .and(let left, let right): return left.holds(node, root: root) && right.holds(node, root: root)
        case .not(let inner): return !inner.holds(node, root: root)
        case .exists(let path): return Self.value(of: path, node, root) != nil
        case .compare(let left, let sign, let right):
            return Self.compare(Self.value(of: left, node, root), sign, Self.value(of: right, node, root))
        }
    }

    private static func value(of operand: Operand, _ node: JSON, _ root: JSON) -> JSON? {
        switch operand {
        case .literal(let value): value
        case .path(let path): value(of: path, node, root)
        }
    }

    /// Context and variables are out of reach inside of a filter: such a path finds nothing.
    private static func value(of path: Path, _ node: JSON, _ root: JSON) -> JSON? {
        switch path.root {
        case .current: return path.find(in: node, root: root)
        case .input: return path.find(in: root, root: root)
        case .context, .variable: return nil
        }
    }

    private static func compare(_ left: JSON?, _ sign: Operator, _ right: JSON?) -> Bool {
        switch sign {
        case .equal: return equal(left, right)
        case .notEqual: return !equal(left, right)
        case .less, .lessOrEqual, .greater, .greaterOrEqual: return ordered(left, sign, right)
        case .isIn: return right?.array?.contains { equal(left, $0) } ?? false
        case .isNotIn: return !(right?.array?.contains { equal(left, $0) } ?? false)
        case .contains:
            if let text = left?.string, let part = right?.string { return text.contains(part) }
            return left?.array?.contains { equal($0, right) } ?? false
        case .isEmpty: return (size(left) == 0) == (right?.bool ?? true)
        case .hasSize: return size(left).map { $0 == right?.int } ?? false
        case .subsetOf:
            guard let left = left?.array, let right = right?.array else { return false }
            return left.allSatisfy { one in right.contains { equal(one, $0) } }
        case .anyOf, .noneOf:
            guard let left = left?.array, let right = right?.array else { return false }
            return left.contains { one in right.contains { equal(one, $0) } } == (sign == .anyOf)
        }
    }

    private static func size(_ value: JSON?) -> Int? {
        switch value {
        case .string(let text): text.utf16.count
        case .array(let elements): elements.count
        case .object(let object): object.count
        default: nil
        }
    }

    private static func equal(_ left: JSON?, _ right: JSON?) -> Bool {
        if let left = left?.double, let right = right?.double { return left == right }
        return left == right
    }

    private static func ordered(_ left: JSON?, _ sign: Operator, _ right: JSON?) -> Bool {
        if let left = left?.double, let right = right?.double { return ordered(left, sign, right) }
        if let left = left?.string, let right = right?.string { return ordered(left, sign, right) }
        return false
    }

    private static func ordered<T: Comparable>(_ left: T, _ sign: Operator, _ right: T) -> Bool {
        switch sign {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        default: left >= right
        }
    }
}

extension PathParser {
    /// After the `?`: a condition in parentheses.
    mutating func filter() throws(PathSyntaxError) -> PathFilter {
        skipSpace()
        guard take(UInt8(ascii: "(")) else { throw error("expected (") }
        let condition = try either()
        guard take(UInt8(ascii: ")")) else { throw error("expected )") }
        return condition
    }

    private mutating func either() throws(PathSyntaxError) -> PathFilter {
        var result = try both()
        while next == UInt8(ascii: "|"), peek(1) == UInt8(ascii: "|") {
            at += 2
            result = .or(result, try both())
        }
        return result
    }

    private mutating func both() throws(PathSyntaxError) -> PathFilter {
        var result = try single()
        while next == UInt8(ascii: "&"), peek(1) == UInt8(ascii: "&") {
            at += 2
            result = .and(result, try single())
        }
        return result
    }

    private mutating func single() throws(PathSyntaxError) -> PathFilter {
        skipSpace()
        let result: PathFilter
        if next == UInt8(ascii: "!"), peek(1) != UInt8(ascii: "=") {
            at += 1
            result = .not(try nested { parser throws(PathSyntaxError) in try parser.single() })
        } else if next == UInt8(ascii: "(") {
            at += 1
            result = try nested { parser throws(PathSyntaxError) in try parser.either() }
            guard take(UInt8(ascii: ")")) else { throw error("expected )") }
        } else {
            result = try comparison()
        }
        skipSpace()
        return result
    }

    private mutating func comparison() throws(PathSyntaxError) -> PathFilter {
        let left = try operand()
        skipSpace()
        guard let sign = sign() else {
            guard case .path(let path) = left else { throw error("expected an operator") }
            return .exists(path)
        }
        skipSpace()
        return .compare(left, sign, try operand())
    }

    private mutating func sign() -> PathFilter.Operator? {
        for sign in PathFilter.Operator.allCases {
            let word = Array(sign.rawValue.utf8)
            guard at + word.count <= bytes.count, bytes[at..<at + word.count].elementsEqual(word) else { continue }
            if let last = word.last, Self.startsName(last), let after = peek(word.count), Self.continuesName(after) {
                continue
            }
            at += word.count
            return sign
        }
        return nil
    }

    private mutating func operand() throws(PathSyntaxError) -> PathFilter.Operand {
        switch next {
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
            return .path(try nested { parser throws(PathSyntaxError) in try parser.prefix() })
        case UInt8(ascii: "'"): return .literal(.string(try quoted()))
        case UInt8(ascii: "["):
            at += 1
            var elements: [JSON] = []
            repeat {
                skipSpace()
                if next == UInt8(ascii: "]"), elements.isEmpty { break }
                guard
                    case .literal(let element) = try nested({ parser throws(PathSyntaxError) in try parser.operand() })
                else { throw error("expected a literal") }
                elements.append(element)
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw error("expected ]") }
            return .literal(.array(elements))
        case UInt8(ascii: "\""): return .literal(.string(try quoted()))
        default:
            let start = at
            while let byte = next,
                Self.continuesName(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
                    || byte == UInt8(ascii: ".")
            {
                at += 1
            }
            guard at > start, let value = try? JSON.parse(Array(bytes[start..<at])) else {
                throw error("expected a value")
            }
            return .literal(value)
        }
    }
}
