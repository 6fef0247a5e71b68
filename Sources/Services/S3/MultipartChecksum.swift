import AWSWire
import JSON

/// The additional checksum of an object that comes in parts: of the checksums of its parts (COMPOSITE), or of its whole
/// content (FULL_OBJECT). Source: S3 user guide, "Checking object integrity", checksum types of multipart uploads.
enum MultipartChecksum {
    /// - Returns: the algorithm and the type of an upload; both nil when none was asked for.
    static func asked(_ input: JSON) throws(AWSError) -> (algorithm: JSON?, type: JSON?) {
        guard let algorithm = input["ChecksumAlgorithm"]?.string, ExpectedDigests.algorithms.contains(algorithm) else {
            return (nil, nil)
        }
        let type = input["ChecksumType"]?.string ?? (algorithm == "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE")
        let isPossible =
            type == "FULL_OBJECT" ? !algorithm.hasPrefix("SHA") : algorithm != "CRC64NVME"
        guard isPossible else {
            throw AWSError(
                "InvalidRequest",
                "The \(type) checksum type cannot be used with the \(algorithm.lowercased()) checksum algorithm.")
        }
        return (.string(algorithm), .string(type))
    }

    /// A part is hashed as its upload says; a client that sends another checksum than that is wrong.
    static func require(_ expected: inout ExpectedDigests, _ upload: Upload) throws(AWSError) {
        guard let algorithm = upload.checksumAlgorithm else { return }
        guard expected.value == nil || expected.algorithm == algorithm else {
            throw AWSError(
                "InvalidRequest",
                "Checksum Type mismatch occurred, expected checksum Type: \(algorithm.lowercased()), actual checksum "
                    + "Type: \((expected.algorithm ?? "").lowercased())")
        }
        expected.algorithm = algorithm
    }

    /// The digests that joining the parts has to compute.
    static func whole(_ upload: Upload) -> ExpectedDigests {
        var expected = ExpectedDigests()
        if upload.headers["ChecksumType"] == "FULL_OBJECT" { expected.algorithm = upload.checksumAlgorithm }
        return expected
    }

    /// The checksum of the object, and those of its parts, as headers that are stored with it.
    static func headers(
        _ upload: Upload, _ parts: [Upload.Part], _ whole: Checksum?, _ input: JSON
    ) throws(AWSError) -> JSON.Object {
        var headers = upload.headers
        headers["ChecksumAlgorithm"] = nil
        guard let algorithm = upload.checksumAlgorithm else { return headers }
        let value: String
        if let whole {
            value = whole.value
        } else {
            var expected = ExpectedDigests()
            expected.algorithm = algorithm
            var digests = Digests(expected)
            for part in parts { digests.update(part.checksum.flatMap { Base64.decode($0) } ?? []) }
            value = "\(digests.finish().checksum?.value ?? "")-\(parts.count)"
        }
        if let claimed = input["Checksum\(algorithm)"]?.string, claimed != value, whole != nil {
            throw .badChecksum(algorithm)
        }
        headers["Checksum\(algorithm)"] = .string(value)
        headers["PartChecksums"] = .array(parts.map { $0.checksum.map(JSON.string) ?? .null })
        return headers
    }
}
