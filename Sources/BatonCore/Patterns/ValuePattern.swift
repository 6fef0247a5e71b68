public import JSON

/// A single value of a message, as rules see it.
public enum PatternValue: Hashable, Sendable {
    case string(String)
    case number(JSON.Number)
    /// `true`, `false` or `null`.
    case word(String)

    /// nil for objects and arrays.
    public init?(_ json: JSON) {
        switch json {
        case .string(let text): self = .string(text)
        case .number(let number): self = .number(number)
        case .bool(let value): self = .word(value ? "true" : "false")
        case .null: self = .word("null")
        case .array, .object, .bytes, .written: return nil
        }
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number.double } else { nil } }
}

/// One alternative of a rule: a value to equal, or a condition.
public indirect enum ValuePattern: Equatable, Sendable {
    case equals(PatternValue)
    case prefix(String)
    case suffix(String)
    /// The text is in lower case.
    case prefixIgnoreCase(String)
    case suffixIgnoreCase(String)
    case equalsIgnoreCase(String)
    case wildcard(Wildcard)
    case numeric(NumericRange)
    case cidr(CIDR)
    case exists(Bool)
    /// A text that is none of these; numbers and words never match.
    case anythingButStrings(Set<String>)
    case anythingButNumbers(Set<Int64>)
    /// A text that none of the patterns matches.
    case anythingButMatching([ValuePattern])

    /// Whether a present value satisfies this alternative.
    public func matches(_ value: PatternValue) -> Bool {
        switch self {
        case .equals(.number(let wanted)):
            guard case .number(let number) = value else { return false }
            return number.text == wanted.text
                || ComparableNumber.of(number.double).map { $0 == ComparableNumber.of(wanted.double) } ?? false
        case .equals(let wanted): return value == wanted
        case .numeric(let range): return value.number.map(range.contains) ?? false
        case .exists(let isPresent): return isPresent
        case .anythingButNumbers(let numbers):
            return value.number.map { number in ComparableNumber.of(number).map { !numbers.contains($0) } ?? true }
                ?? false
        default:
            guard let text = value.string else { return false }
            return matches(text: text)
        }
    }

    private func matches(text: String) -> Bool {
        switch self {
        case .prefix(let prefix): text.utf8.starts(with: prefix.utf8)
        case .suffix(let suffix): text.utf8.reversed().starts(with: suffix.utf8.reversed())
        case .prefixIgnoreCase(let prefix): text.lowercased().utf8.starts(with: prefix.utf8)
        case .suffixIgnoreCase(let suffix):
            text.lowercased().utf8.reversed().starts(with: suffix.utf8.reversed())
        case .equalsIgnoreCase(let lowercased): text.lowercased() == lowercased
        case .wildcard(let wildcard): wildcard.matches(text)
        case .cidr(let block): block.contains(text)
        case .anythingButStrings(let strings): !strings.contains(text)
        case .anythingButMatching(let patterns): !patterns.contains { $0.matches(text: text) }
        default: false
        }
    }

    /// Whether the absence of a value satisfies this alternative.
    public var matchesAbsence: Bool { self == .exists(false) }
}

/// Numbers compare with six decimal digits, so that `300`, `300.0` and `3.0e2` are the same.
enum ComparableNumber {
    static let limit = 5e9

    /// nil outside of ±5·10⁹: such a number equals only one that is written the same.
    static func of(_ value: Double) -> Int64? {
        abs(value) <= limit ? Int64((value * 1e6).rounded()) : nil
    }
}

/// A range of numbers, open or closed at either end.
public struct NumericRange: Equatable, Sendable {
    var bottom = -Double.infinity
    var isBottomOpen = false
    var top = Double.infinity
    var isTopOpen = false

    func contains(_ value: Double) -> Bool {
        (isBottomOpen ? value > bottom : value >= bottom) && (isTopOpen ? value < top : value <= top)
    }
}

/// A text with `*` for any number of characters; `\*` and `\\` stand for themselves.
public struct Wildcard: Equatable, Sendable {
    /// The texts between the stars.
    private let parts: [[UInt8]]
    var stars: Int { parts.count - 1 }

    /// - Throws: when two stars follow each other or an escape is unknown.
    public init(_ pattern: String) throws(PatternError) {
        var parts: [[UInt8]] = [[]]
        var bytes = Array(pattern.utf8)[...]
        var position = 0
        var isAfterStar = false
        while let byte = bytes.popFirst() {
            defer { position += 1 }
            if byte == UInt8(ascii: "*") {
                guard !isAfterStar else { throw PatternError("Consecutive wildcard characters at pos \(position - 1)") }
                parts.append([])
                isAfterStar = true
                continue
            }
            isAfterStar = false
            guard byte == UInt8(ascii: "\\") else {
                parts[parts.count - 1].append(byte)
                continue
            }
            guard let escaped = bytes.popFirst(), escaped == UInt8(ascii: "*") || escaped == UInt8(ascii: "\\") else {
                throw PatternError("Invalid escape character at pos \(position)")
            }
            parts[parts.count - 1].append(escaped)
            position += 1
        }
        self.parts = parts
    }

    /// Every star is one, also behind another; nothing is escaped.
    public init(unescaped pattern: String) {
        parts = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// Each part is looked for once, from left to right: never again from the start.
    public func matches(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        guard let first = parts.first, rest.starts(with: first) else { return false }
        rest = rest.dropFirst(first.count)
        guard parts.count > 1, let last = parts.last else { return rest.isEmpty }
        for part in parts.dropFirst().dropLast() {
            guard let start = Self.position(of: part, in: rest) else { return false }
            rest = rest[(start + part.count)...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }

    private static func position(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard part.count <= bytes.count else { return nil }
        for start in bytes.startIndex...(bytes.endIndex - part.count) where bytes[start...].starts(with: part) {
            return start
        }
        return nil
    }
}
