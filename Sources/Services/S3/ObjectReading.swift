import AWSWire
import BatonStore
import BatonCore
import JSON

/// What GetObject and HeadObject share: conditions, ranges, parts, headers.
struct ObjectReading {
    let object: StoredObject
    let range: ByteRange?
    let output: JSON.Object

    init(_ input: JSON, _ context: Context) throws(AWSError) {
        let found = try context.read { db in try ObjectPlace(input).find(db) }
        let object = found.object
        try CustomerKey.check(input, object)
        try Precondition(input).checkRead(object)
        self.object = object
        range =
            if let part = input["PartNumber"]?.int { try Self.part(part, object) } else {
                try ByteRange.of(input["Range"]?.string, size: object.size)
            }

        var output = object.headers
        for name in StoredObject.inner { output[name] = nil }
        let wantsChecksum = input["ChecksumMode"]?.string == "ENABLED" && range == nil
        for algorithm in ExpectedDigests.algorithms where !wantsChecksum { output["Checksum\(algorithm)"] = nil }
        if !wantsChecksum { output["ChecksumType"] = nil }
        output["VersionId"] = found.versionId.map(JSON.string)
        output["AcceptRanges"] = "bytes"
        output["LastModified"] = object.lastModified
        output["ETag"] = object.quotedETag
        output["ContentLength"] = .number(range?.length ?? object.size)
        if let range { output["ContentRange"] = .string(range.header(size: object.size)) }
        if let count = object.tags.array?.count, count > 0 { output["TagCount"] = .number(count) }
        if input["PartNumber"] != nil, !object.parts.isEmpty { output["PartsCount"] = .number(object.parts.count) }
        for name in [
            "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires",
        ] {
            if let value = input["Response\(name)"] { output[name] = value }
        }
        self.output = output
        if range != nil { context.reply?.status = 206 }
    }

    private static func part(_ number: Int, _ object: StoredObject) throws(AWSError) -> ByteRange? {
        guard !object.parts.isEmpty else {
            guard number == 1 else { throw .invalidPartNumber }
            return nil
        }
        guard (1...object.parts.count).contains(number) else { throw .invalidPartNumber }
        return ByteRange(offset: object.parts.prefix(number - 1).reduce(0, +), length: object.parts[number - 1])
    }
}

extension AWSError {
    static let invalidPartNumber = AWSError(
        "InvalidPartNumber", "The requested partnumber is not satisfiable", status: 416)
}
