import Crypto

/// Message digests for `$hash`.
enum Digest {
    /// As hexadecimal digits; nil for an algorithm that Step Functions does not have.
    static func hexadecimal(_ text: String, _ algorithm: String) -> String? {
        let bytes = Array(text.utf8)
        switch algorithm {
        case "MD5": return digits(Insecure.MD5.hash(data: bytes))
        case "SHA-1": return digits(Insecure.SHA1.hash(data: bytes))
        case "SHA-256": return digits(SHA256.hash(data: bytes))
        case "SHA-384": return digits(SHA384.hash(data: bytes))
        case "SHA-512": return digits(SHA512.hash(data: bytes))
        default: return nil
        }
    }

    private static func digits(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
