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

    private static func hash(_ name: String) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in name.utf8 { hash = (hash ^ UInt32(byte | 0x20)) &* 16_777_619 }
        return Int(hash ^ hash >> 15)
    }
}
