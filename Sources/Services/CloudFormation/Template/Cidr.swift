/// Cuts an address block into equal smaller ones (`Fn::Cidr`), IPv4 and IPv6.
enum Cidr {
    /// - Parameter hostBits: the bits of each part that address hosts; 8 makes a `/24` of IPv4.
    /// - Returns: `count` blocks, or nil when the block is malformed or too small.
    static func blocks(_ block: String, count: Int, hostBits: Int) -> [String]? {
        let halves = block.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let prefix = Int(halves[1]), count >= 1, count <= 256, hostBits >= 1 else {
            return nil
        }
        let isV6 = halves[0].contains(":")
        let width = isV6 ? 128 : 32
        guard let address = isV6 ? v6(halves[0]) : v4(halves[0]), prefix >= 0, prefix <= width, hostBits < width else {
            return nil
        }
        let free = width - prefix - hostBits
        guard free >= 0, free >= 8 || count <= 1 << free else { return nil }
        let base = prefix == 0 ? 0 : (address >> UInt128(width - prefix)) << UInt128(width - prefix)
        return (0..<count).map { index in
            let start = base + (UInt128(index) << UInt128(hostBits))
            return "\(isV6 ? textV6(start) : textV4(start))/\(width - hostBits)"
        }
    }

    private static func v4(_ text: Substring) -> UInt128? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        var value: UInt128 = 0
        for part in parts {
            guard let part else { return nil }
            value = value << 8 | UInt128(part)
        }
        return value
    }

    private static func v6(_ text: Substring) -> UInt128? {
        let sides = text.split(separator: "::", omittingEmptySubsequences: false)
        guard sides.count <= 2, let head = groups(sides[0]) else { return nil }
        guard sides.count == 2 else { return head.count == 8 ? joined(head) : nil }
        guard let tail = groups(sides[1]), head.count + tail.count < 8 else { return nil }
        return joined(head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func groups(_ text: Substring) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let groups = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt16($0, radix: 16) }
        let known = groups.compactMap { $0 }
        return known.count == groups.count ? known : nil
    }

    private static func joined(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private static func textV4(_ value: UInt128) -> String {
        [24, 16, 8, 0].map { String(UInt8(truncatingIfNeeded: value >> UInt128($0))) }.joined(separator: ".")
    }

    /// The longest run of zero groups becomes `::` (RFC 5952).
    private static func textV6(_ value: UInt128) -> String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> UInt128(112 - 16 * $0)) }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > longest.count { longest = start..<end }
            start = end + 1
        }
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard longest.count > 1 else { return text(groups[...]) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }
}
