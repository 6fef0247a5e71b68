/// A set of Unicode scalars: bits for ASCII, ranges above, and the general categories that patterns name.
struct ScalarSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var ranges: [ClosedRange<UInt32>] = []
    private var categories: Categories = []
    private var isInverted = false

    struct Categories: OptionSet, Sendable {
        let rawValue: UInt8
        static let letter = Categories(rawValue: 1)
        static let separator = Categories(rawValue: 2)
        static let number = Categories(rawValue: 4)
    }

    static let digit = ScalarSet([0x30...0x39])
    /// Java's `\w` and `\s` without the Unicode flag: ASCII only.
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = ScalarSet([0x09...0x0D, 0x20...0x20])
    static let any = ScalarSet([0x0A...0x0A, 0x0D...0x0D, 0x85...0x85, 0x2028...0x2029]).inverted

    init(_ ranges: [ClosedRange<UInt32>] = [], categories: Categories = []) {
        for range in ranges { insert(range) }
        insert(categories)
    }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        var scalar = range.lowerBound
        while scalar <= range.upperBound, scalar < 0x80 {
            if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
            scalar += 1
        }
        if range.upperBound >= 0x80 { ranges.append(max(range.lowerBound, 0x80)...range.upperBound) }
    }

    mutating func insert(_ categories: Categories) {
        self.categories.formUnion(categories)
        for scalar in UInt32(0)..<0x80 where Self.isIn(categories, scalar) { insert(scalar...scalar) }
    }

    /// nil when the other set is one that only its negation describes.
    mutating func insert(_ other: ScalarSet) -> Bool {
        guard !other.isInverted else {
            // `\S`, `\W`, `\D` hold everything above ASCII.
            guard other.ranges.isEmpty, other.categories.isEmpty else { return false }
            low |= ~other.low
            high |= ~other.high
            ranges.append(0x80...0x10FFFF)
            return true
        }
        low |= other.low
        high |= other.high
        ranges += other.ranges
        categories.formUnion(other.categories)
        return true
    }

    var inverted: ScalarSet {
        var copy = self
        copy.isInverted.toggle()
        return copy
    }

    func contains(_ scalar: UInt32) -> Bool {
        let found: Bool
        if scalar < 64 {
            found = low >> UInt64(scalar) & 1 == 1
        } else if scalar < 128 {
            found = high >> UInt64(scalar - 64) & 1 == 1
        } else {
            found = ranges.contains { $0.contains(scalar) } || (!categories.isEmpty && Self.isIn(categories, scalar))
        }
        return found != isInverted
    }

    private static func isIn(_ categories: Categories, _ scalar: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(scalar) else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return categories.contains(.letter)
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return categories.contains(.separator)
        case .decimalNumber, .letterNumber, .otherNumber: return categories.contains(.number)
        default: return false
        }
    }
}
