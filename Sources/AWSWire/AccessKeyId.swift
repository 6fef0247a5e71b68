/// Access key ids that carry their account, as AWS's do: behind the prefix 80 bits in base32, of which one is set, 40
/// are the account and the rest is random.
///
/// Assumed: the layout, which AWS uses but does not document. Of Baton's own ids the last 20 bits are a checksum, so
/// that a key of the real AWS, which somebody has in their environment, does not lead to its account.
public enum AccessKeyId {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// - Parameters:
    ///   - prefix: `AKIA` for users, `ASIA` for sessions.
    ///   - random: five bytes.
    public static func make(prefix: String, account: String, random: [UInt8]) -> String {
        let noise = random.prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // 1 + 40 + 19 bits make the first twelve characters.
        let head = UInt64(1) << 59 | (UInt64(account) ?? 0) << 19 | noise & 0x7FFFF
        return prefix + text(head, characters: 12) + text(checksum(head), characters: 4)
    }

    /// The account of an id that Baton made, or the id itself where it is an account: 12 digits.
    public static func account(of id: String) -> String? {
        if id.utf8.count == 12, id.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return id }
        guard let (head, tail) = parts(id), checksum(head) == tail else { return nil }
        return account(head)
    }

    /// The account of any id of AWS's layout.
    public static func anyAccount(of id: String) -> String? { parts(id).map { account($0.head) } }

    private static func account(_ head: UInt64) -> String {
        let digits = String(head >> 19 & 0xFF_FFFF_FFFF)
        return String(repeating: "0", count: max(0, 12 - digits.utf8.count)) + digits
    }

    private static func parts(_ id: String) -> (head: UInt64, tail: UInt64)? {
        guard id.utf8.count == 20 else { return nil }
        let digits = id.utf8.dropFirst(4).map { alphabet.firstIndex(of: $0) }
        guard !digits.contains(nil) else { return nil }
        let values = digits.compactMap { $0.map(UInt64.init) }
        return (values.prefix(12).reduce(0) { $0 << 5 | $1 }, values.dropFirst(12).reduce(0) { $0 << 5 | $1 })
    }

    private static func checksum(_ head: UInt64) -> UInt64 {
        // A multiplicative hash with an odd constant of our own.
        ((head ^ 0xBA70_0BA7_0BA7_00BA) &* 0x9E37_79B9_7F4A_7C15) >> 44
    }

    private static func text(_ value: UInt64, characters: Int) -> String {
        let bytes = (0..<characters).map { alphabet[Int(value >> UInt64((characters - 1 - $0) * 5) & 31)] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
