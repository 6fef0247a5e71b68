import AWSWire
import BatonCore
import BatonStore
import Crypto
import JSON

/// Joins the named parts into the object.
/// Errors: NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, MalformedXML, PreconditionFailed.
/// Source: S3 API reference, CompleteMultipartUpload.
enum CompleteMultipartUpload: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let (bucket, key, id) = (
            input["Bucket"]?.string ?? "", input["Key"]?.string ?? "", input["UploadId"]?.string ?? ""
        )
        let (upload, stored) = try context.read { db in
            let upload = try Upload.find(id, bucket, key, db)
            return (upload, try upload.parts(db))
        }
        let parts = try chosen(input["MultipartUpload"]?["Parts"]?.array ?? [], of: stored, upload.id)
        let file = try await ContentFiles(context).join(parts.map { ($0.file, $0.size) })
        var md5 = Insecure.MD5()
        for part in parts { md5.update(data: part.etag.hexBytes) }
        let etag = "\(Array(md5.finalize()).hex)-\(parts.count)"
        let content = StoredContent(
            file: file, size: parts.reduce(0) { $0 + $1.size }, md5: [], checksum: nil)
        try await context.write { transaction in
            // Completed or aborted by somebody else meanwhile.
            _ = try Upload.find(id, bucket, key, transaction.db)
            try StoredObject.put(
                content, bucket: bucket, key: key, etag: etag, headers: upload.headers, tags: upload.tags,
                parts: parts.map(\.size), condition: Precondition(input), event: .complete, context, transaction)
            try Upload.remove(id, transaction)
        }
        return [
            "Location": .string("\(context.endpoint)/\(bucket)/\(key)"), "Bucket": .string(bucket), "Key": .string(key),
            "ETag": .string("\"\(etag)\""), "ServerSideEncryption": "AES256",
        ]
    }

    private static func chosen(
        _ wanted: [JSON], of stored: [Upload.Part], _ upload: String
    ) throws(AWSError) -> [Upload.Part] {
        guard !wanted.isEmpty else { throw .malformedXML() }
        let byNumber = Dictionary(stored.map { ($0.number, $0) }) { first, _ in first }
        var parts: [Upload.Part] = []
        for entry in wanted {
            let number = entry["PartNumber"]?.int ?? 0
            let etag = (entry["ETag"]?.string ?? "").filter { $0 != "\"" }
            if let last = parts.last, last.number >= number { throw .partOrder }
            guard let part = byNumber[number], part.etag == etag else { throw .invalidPart(upload, number, etag) }
            parts.append(part)
        }
        guard parts.dropLast().allSatisfy({ $0.size >= Upload.minimumPart }) else { throw .partTooSmall }
        return parts
    }
}

extension String {
    /// The bytes that pairs of hexadecimal digits stand for.
    fileprivate var hexBytes: [UInt8] {
        let digits = compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
