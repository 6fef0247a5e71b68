package import AWSWire

/// A value of type `N`: at most 38 significant digits, magnitude from 1E-130 to 9.9…E+125, or zero.
///
/// It is kept in its normal form, plain decimal notation without superfluous zeros, which is also how it is answered;
/// so two numbers are equal when their texts are.
package struct Number: Sendable, Hashable {
    package let text: String

    package static let maximumExponent = 125
    package static let minimumExponent = -130
    package static let maximumDigits = 38

    package var decimal: ExactDecimal { ExactDecimal(text) ?? .zero }

    /// Reads a number as a client wrote it.
    package init(_ text: String) throws(AWSError) {
        if Self.isShortInteger(text) {
            self.init(stored: text)
            return
        }
        guard !text.isEmpty else {
            throw .validation("The parameter cannot be converted to a numeric value")
        }
        guard let decimal = ExactDecimal(text) else {
            throw .validation("The parameter cannot be converted to a numeric value: \(text)")
        }
        try self.init(decimal)
    }

    /// The result of arithmetic.
    package init(_ decimal: ExactDecimal) throws(AWSError) {
        if decimal.exponent > Self.maximumExponent {
            throw .validation(
                "Number overflow. Attempting to store a number with magnitude larger than supported range")
        }
        if decimal.exponent < Self.minimumExponent {
            throw .validation(
                "Number underflow. Attempting to store a number with magnitude smaller than supported range")
        }
        if decimal.digits.count > Self.maximumDigits {
            throw .validation("Attempting to store more than 38 significant digits in a Number")
        }
        text = decimal.plainText
    }

    /// - Parameter normal: already in normal form, as it was stored.
    package init(stored normal: String) { text = normal }

    package init(_ value: Int) { text = String(value) }

    /// Most numbers are short integers in normal form already: then there is nothing to do.
    private static func isShortInteger(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= maximumDigits else { return false }
        if first == UInt8(ascii: "0") { return bytes.count == 1 }
        var rest = bytes[...]
        if first == UInt8(ascii: "-") {
            rest = rest.dropFirst()
            guard let next = rest.first, next != UInt8(ascii: "0") else { return false }
        }
        return rest.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
}

extension Number: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.decimal < right.decimal }

    package static func + (left: Self, right: Self) throws(AWSError) -> Self {
        try Number(left.decimal + right.decimal)
    }
    package static func - (left: Self, right: Self) throws(AWSError) -> Self {
        try Number(left.decimal - right.decimal)
    }
}

extension Number {
    /// What the number costs in an item: one byte, one for each two significant digits on either side of the point, one
    /// for a minus sign. Source: measured against AWS; the Developer Guide's rule is an approximation.
    package var byteCount: Int {
        let decimal = self.decimal
        guard !decimal.isZero else { return 1 }
        let whole = max(0, min(decimal.exponent + 1, decimal.digits.count))
        let fraction = decimal.digits.count - whole
        return 1 + (whole + 1) / 2 + (fraction + 1) / 2 + (decimal.isNegative ? 1 : 0)
    }

    /// Bytes whose order is that of the numbers: sign, exponent, two digits to a byte. Those of a negative number are
    /// complemented and end with the largest byte, so that the longer of two prefixes comes first.
    package var sortableBytes: [UInt8] {
        let decimal = self.decimal
        guard !decimal.isZero else { return [2] }
        var bytes: [UInt8] = [UInt8(truncatingIfNeeded: decimal.exponent - Self.minimumExponent)]
        var index = 0
        while index < decimal.digits.count {
            let second = index + 1 < decimal.digits.count ? decimal.digits[index + 1] : 0
            bytes.append(decimal.digits[index] * 10 + second + 1)
            index += 2
        }
        guard decimal.isNegative else { return [3] + bytes }
        return [1] + bytes.map { ~$0 } + [0xFF]
    }
}
