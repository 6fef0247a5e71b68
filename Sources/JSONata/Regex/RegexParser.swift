/// What a pattern says, before it is compiled.
indirect enum RegexTree {
    case empty
    case unit(UInt16)
    case set(UnitSet)
    case any
    case sequence([RegexTree])
    case alternatives([RegexTree])
    case group(RegexTree, number: Int)
    /// `groups` are those inside of it.
    case repetition(RegexTree, least: Int, most: Int?, isGreedy: Bool, groups: Range<Int>)
    case lineStart, lineEnd
    case boundary(Bool)
    case reference(Int)
    case namedReference(String)
    case look(RegexTree, ahead: Bool, isNegative: Bool)
}

struct RegexParser {
    /// How deep groups may nest.
    private static let deepest = 100

    private let units: [UInt16]
    private let position: Int
    private var at = 0
    private var depth = 0
    private(set) var groupCount = 0
    private(set) var names: [String: Int] = [:]
    /// All groups of the pattern, since `\3` may stand in front of the third.
    private let total: Int
    private let hasNames: Bool

    init(_ units: [UInt16], position: Int) {
        self.units = units
        self.position = position
        (total, hasNames) = Self.countGroups(units)
    }

    private static func countGroups(_ units: [UInt16]) -> (Int, Bool) {
        var count = 0
        var hasNames = false
        var inClass = false
        var index = 0
        func unit(_ offset: Int) -> UInt16 { index + offset < units.count ? units[index + offset] : 0 }
        while index < units.count {
            switch units[index] {
            case UInt16(ascii: "\\"): index += 1
            case UInt16(ascii: "["): inClass = true
            case UInt16(ascii: "]"): inClass = false
            case UInt16(ascii: "(") where !inClass:
                if unit(1) != UInt16(ascii: "?") {
                    count += 1
                } else if unit(2) == UInt16(ascii: "<"), unit(3) != UInt16(ascii: "="), unit(3) != UInt16(ascii: "!") {
                    count += 1
                    hasNames = true
                }
            default: break
            }
            index += 1
        }
        return (count, hasNames)
    }

    private func error(_ reason: String) -> Failure {
        Failure(
            "S0303", position: position, token: Text.string(units[...]),
            message: "Invalid regular expression: \(reason)")
    }

    private var next: UInt16? { at < units.count ? units[at] : nil }

    private mutating func take(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard at + length <= units.count else { return false }
        for index in 0..<length where units[at + index] != UInt16(text.utf8Start[index]) { return false }
        at += length
        return true
    }

    mutating func parse() throws(Failure) -> RegexTree {
        let tree = try alternatives()
        if next != nil { throw error("Unmatched ')'") }
        return tree
    }

    private mutating func alternatives() throws(Failure) -> RegexTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw error("nested too deeply") }
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .alternatives(choices)
    }

    private mutating func sequence() throws(Failure) -> RegexTree {
        var terms: [RegexTree] = []
        while let unit = next, unit != UInt16(ascii: "|"), unit != UInt16(ascii: ")") { terms.append(try term()) }
        return terms.count == 1 ? terms[0] : .sequence(terms)
    }

    private mutating func term() throws(Failure) -> RegexTree {
        if take("^") { return .lineStart }
        if take("$") { return .lineEnd }
        if take("\\b") { return .boundary(true) }
        if take("\\B") { return .boundary(false) }
        if take("(?<=") { return .look(try closed(), ahead: false, isNegative: false) }
        if take("(?<!") { return .look(try closed(), ahead: false, isNegative: true) }
        let before = groupCount
        let atom = try atom()
        return try quantified(atom, before..<groupCount)
    }

    private mutating func closed() throws(Failure) -> RegexTree {
        let tree = try alternatives()
        guard take(")") else { throw error("Unterminated group") }
        return tree
    }

    private mutating func atom() throws(Failure) -> RegexTree {
        if take("(?=") { return .look(try closed(), ahead: true, isNegative: false) }
        if take("(?!") { return .look(try closed(), ahead: true, isNegative: true) }
        if take("(?:") { return try closed() }
        if take("(?<") {
            let name = try groupName()
            groupCount += 1
            let number = groupCount
            guard names[name] == nil else { throw error("Duplicate capture group name") }
            names[name] = number
            return .group(try closed(), number: number)
        }
        if take("(") {
            if next == UInt16(ascii: "?") { throw error("Invalid group") }
            groupCount += 1
            let number = groupCount
            return .group(try closed(), number: number)
        }
        if take(".") { return .any }
        if take("[") { return .set(try characterClass()) }
        if take("\\") { return try escape() }
        guard let unit = next else { return .empty }
        if [UInt16(ascii: "*"), UInt16(ascii: "+"), UInt16(ascii: "?")].contains(unit) {
            throw error("Nothing to repeat")
        }
        if unit == UInt16(ascii: "{") {
            let before = at
            if braces() != nil { throw error("Nothing to repeat") }
            at = before
        }
        at += 1
        return .unit(unit)
    }

    private mutating func groupName() throws(Failure) -> String {
        guard let end = units[at...].firstIndex(of: UInt16(ascii: ">")), end > at else {
            throw error("Invalid capture group name")
        }
        let name = Text.string(units[at..<end])
        at = end + 1
        return name
    }

    // MARK: - Repetitions

    private mutating func quantified(_ atom: RegexTree, _ groups: Range<Int>) throws(Failure) -> RegexTree {
        var bounds: (least: Int, most: Int?)?
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if next == UInt16(ascii: "{") {
            let before = at
            bounds = braces()
            if bounds == nil { at = before }
        }
        guard let bounds else { return atom }
        if let most = bounds.most, most < bounds.least { throw error("numbers out of order in {} quantifier") }
        let isGreedy = !take("?")
        return .repetition(atom, least: bounds.least, most: bounds.most, isGreedy: isGreedy, groups: groups)
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else is text.
    private mutating func braces() -> (least: Int, most: Int?)? {
        guard take("{"), let least = digits() else { return nil }
        if take("}") { return (least, least) }
        guard take(",") else { return nil }
        if take("}") { return (least, nil) }
        guard let most = digits(), take("}") else { return nil }
        return (least, most)
    }

    private mutating func digits() -> Int? {
        var value: Int?
        while let unit = next, UnitSet.digits.contains(unit) {
            value = min((value ?? 0) * 10 + Int(unit - 0x30), 1_000_000_000)
            at += 1
        }
        return value
    }

    // MARK: - Escapes and classes

    private mutating func escape() throws(Failure) -> RegexTree {
        guard let unit = next else { throw error("\\ at end of pattern") }
        if let set = Self.classes(unit) {
            at += 1
            return .set(set)
        }
        if hasNames, take("k<") { return .namedReference(try groupName()) }
        if unit >= 0x31, unit <= 0x39 {
            let before = at
            if let number = digits(), number <= total { return .reference(number) }
            at = before
        }
        return .unit(characterEscape())
    }

    private static func classes(_ unit: UInt16) -> UnitSet? {
        switch unit {
        case UInt16(ascii: "d"): .digits
        case UInt16(ascii: "D"): UnitSet.digits.inverted()
        case UInt16(ascii: "w"): .word
        case UInt16(ascii: "W"): UnitSet.word.inverted()
        case UInt16(ascii: "s"): .space
        case UInt16(ascii: "S"): UnitSet.space.inverted()
        default: nil
        }
    }

    /// Behind the backslash.
    private mutating func characterEscape() -> UInt16 {
        guard let unit = next else { return UInt16(ascii: "\\") }
        at += 1
        switch unit {
        case UInt16(ascii: "f"): return 0x0C
        case UInt16(ascii: "n"): return 0x0A
        case UInt16(ascii: "r"): return 0x0D
        case UInt16(ascii: "t"): return 0x09
        case UInt16(ascii: "v"): return 0x0B
        case UInt16(ascii: "x"): return hex(2) ?? unit
        case UInt16(ascii: "u"): return hex(4) ?? unit
        case UInt16(ascii: "c"):
            guard let letter = next, (0x41...0x5A).contains(letter & 0xDF), letter < 128 else {
                at -= 1
                return UInt16(ascii: "\\")
            }
            at += 1
            return letter % 32
        case 0x30...0x37: return octal(unit - 0x30)
        default: return unit
        }
    }

    private mutating func hex(_ count: Int) -> UInt16? {
        guard let value = Text.hex(units, from: at, count: count) else { return nil }
        at += count
        return value
    }

    private mutating func octal(_ first: UInt16) -> UInt16 {
        var value = first
        for _ in 0..<2 {
            guard let digit = next, (0x30...0x37).contains(digit), value * 8 + digit - 0x30 <= 0xFF else { break }
            value = value * 8 + digit - 0x30
            at += 1
        }
        return value
    }

    private mutating func characterClass() throws(Failure) -> UnitSet {
        let isInverted = take("^")
        var set = UnitSet()
        while true {
            guard next != nil else { throw error("Unterminated character class") }
            if take("]") { break }
            let first = classAtom()
            guard next == UInt16(ascii: "-"), at + 1 < units.count, units[at + 1] != UInt16(ascii: "]") else {
                set.insert(first.set)
                continue
            }
            at += 1
            let last = classAtom()
            guard let from = first.unit, let to = last.unit else {
                set.insert(first.set)
                set.insert(last.set)
                set.insert(UInt16(ascii: "-")...UInt16(ascii: "-"))
                continue
            }
            guard from <= to else { throw error("Range out of order in character class") }
            set.insert(from...to)
        }
        set.isInverted = isInverted
        return set
    }

    private mutating func classAtom() -> (unit: UInt16?, set: UnitSet) {
        guard let unit = next else { return (nil, UnitSet()) }
        at += 1
        guard unit == UInt16(ascii: "\\"), let escaped = next else { return (unit, UnitSet([unit...unit])) }
        if let set = Self.classes(escaped) {
            at += 1
            return (nil, set)
        }
        if escaped == UInt16(ascii: "b") {
            at += 1
            return (8, UnitSet([8...8]))
        }
        let value = characterEscape()
        return (value, UnitSet([value...value]))
    }
}
