import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// AWS Signature Version 4: the canonical form of a request, the string to sign and the signature. Signing and
/// verifying build on the same functions, so that they cannot drift apart.
/// Source: IAM user guide "Signature Version 4 for API requests", S3 API reference "Authenticating requests".
public enum SigV4 {
    public static let algorithm = "AWS4-HMAC-SHA256"
    /// Stands in for the payload's hash when the payload is not part of the signature (S3, presigned URLs).
    public static let unsignedPayload = "UNSIGNED-PAYLOAD"
    /// SHA-256 of nothing.
    static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// An access key, with the token of a session where it is temporary.
    public struct Credentials: Sendable, Hashable {
        public var accessKeyId: String
        public var secretAccessKey: String
        public var sessionToken: String?

        public init(accessKeyId: String, secretAccessKey: String, sessionToken: String? = nil) {
            self.accessKeyId = accessKeyId
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
        }
    }

    /// What the signature of a request was calculated from. S3 shows both texts in `SignatureDoesNotMatch`.
    struct Calculation: Equatable {
        let canonicalRequest: String
        let stringToSign: String
        let signature: String
    }

    /// - Parameter date: `yyyyMMdd'T'HHmmss'Z'`.
    static func calculate(canonicalRequest: String, date: String, scope: CredentialScope, key: SigningKey)
        -> Calculation
    {
        let text = "\(algorithm)\n\(date)\n\(scope.path)\n\(hash(Array(canonicalRequest.utf8)))"
        return Calculation(canonicalRequest: canonicalRequest, stringToSign: text, signature: key.sign(text))
    }

    /// The key of one day, region and service, derived from a secret access key.
    struct SigningKey: Sendable {
        private let key: SymmetricKey

        init(secret: String, scope: CredentialScope) {
            var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
            for part in [scope.date, scope.region, scope.service, "aws4_request"] {
                key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
            }
            self.key = key
        }

        func sign(_ text: String) -> String {
            hex(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
        }
    }

    /// Lower-case hexadecimal SHA-256.
    static func hash(_ bytes: [UInt8]) -> String { bytes.isEmpty ? emptyHash : hex(SHA256.hash(data: bytes)) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var output: [UInt8] = []
        output.reserveCapacity(64)
        for byte in bytes {
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Takes the same time wherever the texts differ.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }
}
