import JSON

/// Positions of names, found by a hash over their lower-cased ASCII, so that one table answers exact and caseless
/// questions without building a string.
struct NameTable: Sendable {
    private let names: [String]
    /// Open addressing; -1 is free. The size is a power of two, at most half full.
    private let slots: [Int32]

    init(_ names: [String] = []) {
        self.names = names
        var size = 4
        while size < names.count * 2 { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        for (position, name) in names.enumerated() {
            var slot = Self.hash(name) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(position)
        }
        self.slots = slots
    }

    func position(of name: String, caseless: Bool) -> Int? {
        guard !names.isEmpty else { return nil }
        var slot = Self.hash(name) & (slots.count - 1)
        var similar: Int?
        while slots[slot] >= 0 {
            let position = Int(slots[slot])
            if ASCII.equalBytes(names[position], name) { return position }
            if caseless, similar == nil, ASCII.equalCaseless(names[position], name) { similar = position }
            slot = (slot + 1) & (slots.count - 1)
        }
        return similar
    }

    /// Of the length and the first and last eight bytes: names that agree in these are told apart by comparing them.
    private static func hash(_ name: String) -> Int {
        var name = name
        return name.withUTF8 { name in
            var sum = UInt64(name.count)
            if name.count >= 8 {
                let bytes = UnsafeRawBufferPointer(name)
                let first = bytes.loadUnaligned(as: UInt64.self)
                let last = bytes.loadUnaligned(fromByteOffset: name.count - 8, as: UInt64.self)
                // The bit that tells small letters from capitals is set in all bytes.
                let small: UInt64 = 0x2020_2020_2020_2020
                sum ^= (first | small) &+ (last | small) &* 31
            } else {
                for byte in name { sum = sum &* 31 &+ UInt64(byte | 0x20) }
            }
            return Int((sum &* 0x9E37_79B9_7F4A_7C15) >> 40)
        }
    }
}
