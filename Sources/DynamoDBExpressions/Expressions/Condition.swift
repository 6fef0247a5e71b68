/// A condition that has been checked and whose placeholders are filled in. Filters, conditions of writes, key conditions
/// and their legacy forms all become this.
package indirect enum Condition: Sendable {
    case and([Condition])
    case or([Condition])
    case not(Condition)
    case compare(Comparator, Operand, Operand)
    case between(Operand, lower: Operand, upper: Operand)
    case isIn(Operand, [Operand])
    case exists(Operand)
    case hasType(Operand, AttributeType)
    case beginsWith(Operand, Operand)
    case contains(Operand, Operand)
}

/// Something that has a value for an item.
package indirect enum Operand: Sendable {
    case path(Path)
    case value(AttributeValue)
    case size(Operand)

    package func value(in item: Item) -> AttributeValue? {
        switch self {
        case .path(let path): path.value(in: item)
        case .value(let value): value
        case .size(let operand): operand.value(in: item)?.length.map { .number(Number($0)) }
        }
    }

    /// The type, where it does not depend on the item.
    package var knownType: AttributeType? {
        switch self {
        case .path: nil
        case .value(let value): value.type
        case .size: .number
        }
    }

    package var path: Path? { if case .path(let path) = self { path } else { nil } }
    package var constant: AttributeValue? { if case .value(let value) = self { value } else { nil } }
    /// The path inside, also below a `size`.
    package var innerPath: Path? {
        switch self {
        case .path(let path): path
        case .value: nil
        case .size(let operand): operand.innerPath
        }
    }
}

extension Condition {
    /// Whether the condition holds for an item. An absent attribute equals nothing and follows nothing.
    package func holds(for item: Item) -> Bool {
        switch self {
        case .and(let terms): return terms.allSatisfy { $0.holds(for: item) }
        case .or(let terms): return terms.contains { $0.holds(for: item) }
        case .not(let inner): return !inner.holds(for: item)
        case .compare(let comparator, let left, let right):
            return Self.compare(comparator, left.value(in: item), right.value(in: item))
        case .between(let operand, let lower, let upper):
            let value = operand.value(in: item)
            return Self.compare(.greaterOrEqual, value, lower.value(in: item))
                && Self.compare(.lessOrEqual, value, upper.value(in: item))
        case .isIn(let operand, let list):
            guard let value = operand.value(in: item) else { return false }
            return list.contains { $0.value(in: item) == value }
        case .exists(let operand): return operand.value(in: item) != nil
        case .hasType(let operand, let type): return operand.value(in: item)?.type == type
        case .beginsWith(let operand, let prefix):
            return Self.begins(operand.value(in: item), with: prefix.value(in: item))
        case .contains(let operand, let part):
            return Self.contains(operand.value(in: item), part.value(in: item))
        }
    }

    private static func compare(_ comparator: Comparator, _ left: AttributeValue?, _ right: AttributeValue?) -> Bool {
        guard let left, let right else { return comparator == .notEqual }
        switch comparator {
        case .equal: return left == right
        case .notEqual: return left != right
        case .less: return left.order(right).map { $0 < 0 } ?? false
        case .lessOrEqual: return left.order(right).map { $0 <= 0 } ?? false
        case .greater: return left.order(right).map { $0 > 0 } ?? false
        case .greaterOrEqual: return left.order(right).map { $0 >= 0 } ?? false
        }
    }

    private static func begins(_ value: AttributeValue?, with prefix: AttributeValue?) -> Bool {
        switch (value, prefix) {
        case (.string(let value)?, .string(let prefix)?): value.utf8.starts(with: prefix.utf8)
        case (.binary(let value)?, .binary(let prefix)?): value.starts(with: prefix)
        default: false
        }
    }

    private static func contains(_ value: AttributeValue?, _ part: AttributeValue?) -> Bool {
        guard let value, let part else { return false }
        switch (value, part) {
        case (.string(let text), .string(let part)): return Array(text.utf8).contains(run: Array(part.utf8))
        case (.binary(let bytes), .binary(let part)): return bytes.contains(run: part)
        case (.stringSet(let texts), .string(let part)): return texts.contains { $0.utf8.elementsEqual(part.utf8) }
        case (.numberSet(let numbers), .number(let part)): return numbers.contains(part)
        case (.binarySet(let blobs), .binary(let part)): return blobs.contains(part)
        case (.list(let elements), _): return elements.contains(part)
        default: return false
        }
    }

    /// All operands, for checks against the schema of the table.
    package var operands: [Operand] {
        switch self {
        case .and(let terms), .or(let terms): terms.flatMap(\.operands)
        case .not(let inner): inner.operands
        case .compare(_, let left, let right): [left, right]
        case .between(let operand, let lower, let upper): [operand, lower, upper]
        case .isIn(let operand, let list): [operand] + list
        case .exists(let operand), .hasType(let operand, _): [operand]
        case .beginsWith(let operand, let other), .contains(let operand, let other): [operand, other]
        }
    }

    package var paths: [Path] { operands.compactMap(\.innerPath) }
}

extension [UInt8] {
    fileprivate func contains(run: [UInt8]) -> Bool {
        guard let first = run.first else { return true }
        guard run.count <= count else { return false }
        for start in 0...(count - run.count) where self[start] == first {
            if self[start..<(start + run.count)].elementsEqual(run) { return true }
        }
        return false
    }
}
