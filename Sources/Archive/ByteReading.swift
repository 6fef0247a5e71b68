/// Little-endian numbers at an offset; nil behind the end.
extension [UInt8] {
    func integer(at offset: Int, width: Int) -> UInt64? {
        guard offset >= 0, width <= 8, offset <= count - width else { return nil }
        var value: UInt64 = 0
        for index in stride(from: width - 1, through: 0, by: -1) { value = value << 8 | UInt64(self[offset + index]) }
        return value
    }

    func u16(_ offset: Int) -> Int? { integer(at: offset, width: 2).map(Int.init) }
    func u32(_ offset: Int) -> Int? { integer(at: offset, width: 4).map(Int.init) }
    /// Sizes beyond what a file can have count as damage too.
    func u64(_ offset: Int) -> Int? { integer(at: offset, width: 8).flatMap { Int(exactly: $0) } }

    mutating func append16(_ value: Int) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func append32(_ value: Int) {
        append16(value)
        append16(value >> 16)
    }
}
