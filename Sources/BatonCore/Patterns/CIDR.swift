import Foundation

/// A block of IPv4 or IPv6 addresses, for example `10.0.0.0/24`.
public struct CIDR: Equatable, Sendable {
    let network: [UInt8]
    let bits: Int

    /// - Throws: in AWS's words.
    public init(_ text: String) throws(PatternError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw PatternError("Malformed CIDR, one '/' required") }
        guard let bits = Int(parts[1]) else { throw PatternError("Malformed CIDR, mask bits must be an integer") }
        guard bits >= 0 else { throw PatternError("Malformed CIDR, mask bits must not be negative") }
        guard let network = Self.address(String(parts[0])) else {
            throw PatternError("Nonstandard IP address: \(parts[0])")
        }
        guard bits <= network.count * 8 else {
            throw PatternError(
                network.count == 4 ? "IPv4 mask bits must be < 32" : "IPv6 mask bits must be < 128")
        }
        self.network = network
        self.bits = bits
    }

    /// Whether `text` is an address inside of the block.
    public func contains(_ text: String) -> Bool {
        guard let address = Self.address(text), address.count == network.count else { return false }
        let whole = bits / 8
        guard address.prefix(whole).elementsEqual(network.prefix(whole)) else { return false }
        guard bits % 8 > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
        return address[whole] & mask == network[whole] & mask
    }

    /// The bytes of an address; nil when `text` is none.
    private static func address(_ text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: &six) { Array($0) } }
        return nil
    }
}
