/// A regular expression with the meaning that JavaScript gives it (ECMA-262, without the `u` flag): it sees 16-bit
/// units, alternatives are tried in order, groups inside a repetition are forgotten at every round.
final class Regex: Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        static let ignoreCase = Flags(rawValue: 1)
        static let multiline = Flags(rawValue: 2)

        init(rawValue: UInt8 = 0) { self.rawValue = rawValue }

        init?(letter: UInt16) {
            switch letter {
            case UInt16(ascii: "i"): self = .ignoreCase
            case UInt16(ascii: "m"): self = .multiline
            default: return nil
            }
        }
    }

    let source: String
    let program: [Instruction]
    /// Groups in parentheses, the whole match left out.
    let groupCount: Int
    /// Counters of repetitions and marks of where a round began.
    let registerCount: Int
    let flags: Flags

    init(_ pattern: [UInt16], _ flags: Flags, position: Int) throws(Failure) {
        source = Text.string(pattern[...])
        self.flags = flags
        var parser = RegexParser(pattern, position: position)
        let tree = try parser.parse()
        var compiler = RegexCompiler(ignoresCase: flags.contains(.ignoreCase))
        try compiler.compile(tree, groups: parser.groupCount, names: parser.names)
        program = compiler.program
        groupCount = parser.groupCount
        registerCount = compiler.registerCount
    }
}

/// What the matcher executes. Addresses are places in the program.
enum Instruction: Sendable {
    case unit(UInt16, backward: Bool)
    case set(UnitSet, backward: Bool)
    /// Everything but the end of a line.
    case any(backward: Bool)
    case save(Int)
    case jump(Int)
    /// Tries the first address, later perhaps the second.
    case split(Int, Int)
    /// Forgets the groups from … up to ….
    case forget(Int, Int)
    case setRegister(Int, Int)
    /// A mark of the position in a register.
    case mark(Int)
    /// Fails where the position is still the marked one: a round that matched nothing ends a repetition.
    case progress(Int)
    /// Adds one to a register.
    case count(Int)
    /// Goes to the address while the register is below the number.
    case jumpIfBelow(Int, Int, to: Int)
    case lineStart, lineEnd
    case boundary(Bool)
    case reference(Int, backward: Bool)
    /// Runs what follows up to `accept`, then goes on at the address, at the position where it began.
    case look(ahead: Bool, isNegative: Bool, end: Int)
    case accept
}

/// A set of 16-bit units.
struct UnitSet: Sendable {
    private(set) var ranges: [ClosedRange<UInt16>] = []
    var isInverted = false
    private var ascii: (UInt64, UInt64) = (0, 0)

    init(_ ranges: [ClosedRange<UInt16>] = []) { for range in ranges { insert(range) } }

    mutating func insert(_ range: ClosedRange<UInt16>) {
        ranges.append(range)
        guard range.lowerBound < 128 else { return }
        for unit in range.lowerBound...min(range.upperBound, 127) {
            if unit < 64 { ascii.0 |= 1 << UInt64(unit) } else { ascii.1 |= 1 << UInt64(unit - 64) }
        }
    }

    mutating func insert(_ set: UnitSet) {
        for range in set.isInverted ? set.complement : set.ranges { insert(range) }
    }

    private var complement: [ClosedRange<UInt16>] {
        var gaps: [ClosedRange<UInt16>] = []
        var next = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if Int(range.lowerBound) > next { gaps.append(UInt16(next)...range.lowerBound - 1) }
            next = max(next, Int(range.upperBound) + 1)
        }
        if next <= 0xFFFF { gaps.append(UInt16(next)...0xFFFF) }
        return gaps
    }

    func contains(_ unit: UInt16) -> Bool {
        if unit < 128 {
            let bit = unit < 64 ? ascii.0 >> UInt64(unit) & 1 : ascii.1 >> UInt64(unit - 64) & 1
            return (bit == 1) != isInverted
        }
        return ranges.contains { $0.contains(unit) } != isInverted
    }

    /// The same with all that differs in case only.
    func ignoringCase() -> UnitSet {
        var wide = self
        for range in ranges {
            for unit in range where range.count < 0x800 {
                for other in CaseFolding.variants(unit) { wide.insert(other...other) }
            }
            if range.count >= 0x800 {
                wide.insert(0x41...0x5A)
                wide.insert(0x61...0x7A)
            }
        }
        return wide
    }

    static let digits = UnitSet([0x30...0x39])
    static let word = UnitSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = UnitSet([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    func inverted() -> UnitSet {
        var other = self
        other.isInverted.toggle()
        return other
    }
}

enum CaseFolding {
    /// The upper case of one unit, as regular expressions compare it: only where it is one unit too, and never from
    /// outside of ASCII into it.
    static func upper(_ unit: UInt16) -> UInt16 {
        if unit < 128 { return unit >= 0x61 && unit <= 0x7A ? unit - 32 : unit }
        guard let scalar = Unicode.Scalar(unit) else { return unit }
        let upper = scalar.properties.uppercaseMapping.utf16
        guard upper.count == 1, let first = upper.first, first >= 128 else { return unit }
        return first
    }

    static func variants(_ unit: UInt16) -> [UInt16] {
        guard let scalar = Unicode.Scalar(unit) else { return [] }
        let properties = scalar.properties
        return [properties.uppercaseMapping, properties.lowercaseMapping].compactMap { text in
            guard text.utf16.count == 1, let other = text.utf16.first, upper(other) == upper(unit) else { return nil }
            return other
        }
    }
}
