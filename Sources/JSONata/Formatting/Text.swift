/// Strings as the language sees them. JavaScript's are made of 16-bit units; one half of a pair can stand alone there,
/// and cannot in Swift: such a half is kept as a private character (plane 16) and known by it.
enum Text {
    /// Most bytes that a string may have which an expression builds.
    static let longest = 64 << 20
    private static let loneBase: UInt32 = 0x10_0000

    /// Swift takes strings for equal that differ in their characters (é as one or as two); the language does not.
    @inline(__always)
    static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left == right
    }

    /// Order by 16-bit units: -1, 0 or 1.
    static func compare(_ left: String, _ right: String) -> Int {
        var left = left.utf8.makeIterator()
        var right = right.utf8.makeIterator()
        while true {
            switch (left.next(), right.next()) {
            case (nil, nil): return 0
            case (nil, _): return -1
            case (_, nil): return 1
            case (let one?, let other?):
                if one == other { continue }
                // Characters beyond the first plane are pairs of units below U+E000.
                if one >= 0xF0, other == 0xEE || other == 0xEF { return -1 }
                if other >= 0xF0, one == 0xEE || one == 0xEF { return 1 }
                return one < other ? -1 : 1
            }
        }
    }

    static func string(_ units: ArraySlice<UInt16>) -> String {
        guard units.contains(where: { (0xD800...0xDFFF).contains($0) }) else {
            return String(decoding: units, as: UTF16.self)
        }
        var text = String.UnicodeScalarView()
        var index = units.startIndex
        while index < units.endIndex {
            let unit = UInt32(units[index])
            index += 1
            if let scalar = Unicode.Scalar(unit) {
                text.append(scalar)
            } else if unit < 0xDC00, index < units.endIndex, (0xDC00...0xDFFF).contains(units[index]) {
                let low = UInt32(units[index]) - 0xDC00
                index += 1
                if let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + low) { text.append(scalar) }
            } else if let scalar = Unicode.Scalar(loneBase + unit) {
                text.append(scalar)
            }
        }
        return String(text)
    }

    /// Whether a character stands for one half of a pair.
    static func isLone(_ scalar: Unicode.Scalar) -> Bool {
        (loneBase + 0xD800...loneBase + 0xDFFF).contains(scalar.value)
    }

    static func hex(_ units: [UInt16], from start: Int, count: Int) -> UInt16? {
        guard start + count <= units.count else { return nil }
        var value: UInt16 = 0
        for unit in units[start..<start + count] {
            guard unit < 128, let digit = Character(Unicode.Scalar(UInt8(unit))).hexDigitValue else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}
