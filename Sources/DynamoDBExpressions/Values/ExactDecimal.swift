/// A decimal number of any precision: the arithmetic behind `N`.
///
/// The value is `d₀.d₁d₂… × 10^exponent`. There are no zeros at either end of `digits`; zero has no digits at all.
package struct ExactDecimal: Sendable, Hashable {
    package let isNegative: Bool
    package let exponent: Int
    package let digits: [UInt8]

    package static let zero = ExactDecimal(isNegative: false, exponent: 0, digits: [])
    package var isZero: Bool { digits.isEmpty }

    /// - Parameters:
    ///   - digits: values 0–9, zeros at the ends are taken away.
    ///   - exponent: of the first digit.
    package init(isNegative: Bool, exponent: Int, digits: [UInt8]) {
        guard let first = digits.firstIndex(where: { $0 != 0 }), let last = digits.lastIndex(where: { $0 != 0 }) else {
            self.isNegative = false
            self.exponent = 0
            self.digits = []
            return
        }
        self.isNegative = isNegative
        self.exponent = exponent - first
        self.digits = first == 0 && last == digits.count - 1 ? digits : Array(digits[first...last])
    }

    /// Reads `[+-]digits[.digits][e[+-]digits]`, where one side of the point may be empty; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        var at = 0
        var isNegative = false
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            at = 1
        }
        var digits: [UInt8] = []
        var whole = 0
        var sawPoint = false
        scan: while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(bytes[at] - UInt8(ascii: "0"))
                if !sawPoint { whole += 1 }
            case UInt8(ascii: ".") where !sawPoint: sawPoint = true
            default: break scan
            }
            at += 1
        }
        guard !digits.isEmpty else { return nil }
        var shift = 0
        if at < bytes.count {
            guard bytes[at] | 0x20 == UInt8(ascii: "e"), let power = Self.power(bytes[(at + 1)...]) else { return nil }
            shift = power
        }
        self.init(isNegative: isNegative, exponent: whole - 1 + shift, digits: digits)
    }

    /// The power of ten behind an `e`, held within ±1,000,000 so that sums of exponents cannot overflow.
    private static func power(_ bytes: ArraySlice<UInt8>) -> Int? {
        var rest = bytes
        var sign = 1
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            sign = first == UInt8(ascii: "-") ? -1 : 1
            rest = rest.dropFirst()
        }
        guard !rest.isEmpty else { return nil }
        var value = 0
        for byte in rest {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000)
        }
        return sign * value
    }

    /// Plain decimal notation without exponent: `0.001`, `-12`, `1000`.
    package var plainText: String {
        guard !isZero else { return "0" }
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        func append(_ slice: ArraySlice<UInt8>) { text.append(contentsOf: slice.map { $0 + UInt8(ascii: "0") }) }
        if exponent < 0 {
            text.append(contentsOf: "0.".utf8)
            text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -exponent - 1))
            append(digits[...])
        } else if digits.count <= exponent + 1 {
            append(digits[...])
            text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: exponent + 1 - digits.count))
        } else {
            append(digits[...exponent])
            text.append(UInt8(ascii: "."))
            append(digits[(exponent + 1)...])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension ExactDecimal: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? right.isSmallerInSize(than: left) : left.isSmallerInSize(than: right)
    }

    private func isSmallerInSize(than other: Self) -> Bool {
        if isZero || other.isZero { return isZero && !other.isZero }
        if exponent != other.exponent { return exponent < other.exponent }
        return digits.lexicographicallyPrecedes(other.digits)
    }
}

extension ExactDecimal {
    package static prefix func - (value: Self) -> Self {
        Self(isNegative: !value.isNegative, exponent: value.exponent, digits: value.digits)
    }

    package static func - (left: Self, right: Self) -> Self { left + -right }

    package static func + (left: Self, right: Self) -> Self {
        if left.isZero { return right }
        if right.isZero { return left }
        // Both numbers as digits from the same first to the same last power of ten, with a place for the carry.
        let top = max(left.exponent, right.exponent) + 1
        let bottom = min(left.lastPower, right.lastPower)
        let first = left.aligned(from: top, to: bottom)
        let second = right.aligned(from: top, to: bottom)
        if left.isNegative == right.isNegative {
            return Self(isNegative: left.isNegative, exponent: top, digits: sum(first, second))
        }
        let leftIsLarger = !left.isSmallerInSize(than: right)
        return leftIsLarger
            ? Self(isNegative: left.isNegative, exponent: top, digits: difference(first, second))
            : Self(isNegative: right.isNegative, exponent: top, digits: difference(second, first))
    }

    private var lastPower: Int { exponent - digits.count + 1 }

    private func aligned(from top: Int, to bottom: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: top - bottom + 1)
        for (index, digit) in digits.enumerated() { result[top - exponent + index] = digit }
        return result
    }

    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result = left
        var carry: UInt8 = 0
        for index in result.indices.reversed() {
            let value = left[index] + right[index] + carry
            result[index] = value % 10
            carry = value / 10
        }
        return result
    }

    /// - Parameter left: not smaller than `right`.
    private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var result = left
        var borrow: UInt8 = 0
        for index in result.indices.reversed() {
            let taken = right[index] + borrow
            borrow = left[index] < taken ? 1 : 0
            result[index] = left[index] + borrow * 10 - taken
        }
        return result
    }
}
