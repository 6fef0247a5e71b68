import AWSWire
import Crypto
import JSON

/// An additional checksum of an object: its algorithm as in `x-amz-checksum-<algorithm>` and its value in base64.
struct Checksum: Sendable, Codable, Equatable {
    let algorithm: String
    let value: String
    /// The member of inputs and outputs that carries it.
    var member: String { "Checksum\(algorithm)" }
}

extension JSON.Object {
    /// With a checksum of the whole content.
    func adding(_ checksum: Checksum?) -> JSON.Object {
        guard let checksum else { return self }
        var object = self
        object[checksum.member] = .string(checksum.value)
        object["ChecksumType"] = "FULL_OBJECT"
        return object
    }
}

/// What a client says that its content hashes to.
struct ExpectedDigests: Sendable {
    var md5: [UInt8]?
    /// The algorithm, and the value when the client gave one.
    var algorithm: String?
    var value: String?

    static let algorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]

    /// - Parameter members: the operation's input, which has one member for each algorithm.
    init(contentMD5: String?, checksumAlgorithm: String?, members: JSON.Object) throws(AWSError) {
        if let contentMD5 {
            guard let bytes = Base64.decode(contentMD5), bytes.count == 16 else { throw .invalidDigest }
            md5 = bytes
        }
        algorithm = checksumAlgorithm.flatMap { Self.algorithms.contains($0) ? $0 : nil }
        for algorithm in Self.algorithms {
            guard let value = members.caseless("Checksum\(algorithm)")?.value.string else { continue }
            guard Base64.decode(value)?.count == Self.lengths[algorithm] else {
                throw AWSError(
                    "InvalidRequest", "Value for x-amz-checksum-\(algorithm.lowercased()) header is invalid.")
            }
            self.algorithm = algorithm
            self.value = value
        }
    }

    /// Bytes of a digest.
    private static let lengths = ["CRC32": 4, "CRC32C": 4, "CRC64NVME": 8, "SHA1": 20, "SHA256": 32]

    init() {}
}

/// Computes all digests of a content in one pass.
struct Digests {
    private let expected: ExpectedDigests
    private var md5 = Insecure.MD5()
    private var sha1: Insecure.SHA1?
    private var sha256: SHA256?
    private var crc: CRC?

    init(_ expected: ExpectedDigests) {
        self.expected = expected
        switch expected.algorithm {
        case "SHA1": sha1 = Insecure.SHA1()
        case "SHA256": sha256 = SHA256()
        case "CRC32": crc = CRC(.crc32)
        case "CRC32C": crc = CRC(.crc32c)
        case "CRC64NVME": crc = CRC(.crc64nvme)
        default: break
        }
    }

    mutating func update(_ bytes: [UInt8]) {
        md5.update(data: bytes)
        sha1?.update(data: bytes)
        sha256?.update(data: bytes)
        crc?.update(bytes)
    }

    func finish() -> (md5: [UInt8], checksum: Checksum?, mismatch: AWSError?) {
        let md5 = Array(self.md5.finalize())
        var checksum: Checksum?
        if let algorithm = expected.algorithm {
            let bytes = sha1.map { Array($0.finalize()) } ?? sha256.map { Array($0.finalize()) } ?? crc?.bytes ?? []
            checksum = Checksum(algorithm: algorithm, value: Base64.encode(bytes))
        }
        if let expectedMD5 = expected.md5, expectedMD5 != md5 { return (md5, checksum, .badDigest) }
        if let value = expected.value, value != checksum?.value {
            return (md5, checksum, .badChecksum(expected.algorithm ?? ""))
        }
        return (md5, checksum, nil)
    }
}

/// A reflected cyclic redundancy check, byte by byte over a table.
struct CRC {
    struct Kind: Sendable {
        let width: Int
        let table: [UInt64]

        init(width: Int, polynomial: UInt64) {
            self.width = width
            table = (0..<256).map { index in
                (0..<8).reduce(UInt64(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
            }
        }

        static let crc32 = Kind(width: 32, polynomial: 0xEDB8_8320)
        static let crc32c = Kind(width: 32, polynomial: 0x82F6_3B78)
        static let crc64nvme = Kind(width: 64, polynomial: 0x9A6C_9329_AC4B_C9B5)
    }

    private let kind: Kind
    private var state: UInt64

    init(_ kind: Kind) {
        self.kind = kind
        state = kind.width == 64 ? .max : 0xFFFF_FFFF
    }

    mutating func update(_ bytes: [UInt8]) {
        kind.table.withUnsafeBufferPointer { table in
            for byte in bytes { state = state >> 8 ^ table[Int((state ^ UInt64(byte)) & 0xFF)] }
        }
    }

    /// The value, most significant byte first.
    var bytes: [UInt8] {
        let value = kind.width == 64 ? ~state : ~state & 0xFFFF_FFFF
        return stride(from: kind.width - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
    }
}
