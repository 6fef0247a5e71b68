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
        let parts = try chosen(input["MultipartUpload"]?["Parts"]?.array ?? [], of: stored, upload)
        let size = parts.reduce(0) { $0 + $1.size }
        if let claimed = input["MpuObjectSize"]?.int, claimed != size {
            throw AWSError(
                "InvalidRequest",
                "The provided 'x-amz-mp-object-size' header value \(claimed) does not match what was computed: \(size)")
        }
        let (file, whole) = try await ContentFiles(context).join(
            parts.map { ($0.file, $0.size) }, MultipartChecksum.whole(upload))
        let headers = try MultipartChecksum.headers(upload, parts, whole, input)
        var md5 = Insecure.MD5()
        for part in parts { md5.update(data: part.etag.hexBytes) }
        let etag = "\(Array(md5.finalize()).hex)-\(parts.count)"
        let content = StoredContent(
            file: file, size: size, md5: [], checksum: nil)
        let change = try await context.write { transaction in
            // Completed or aborted by somebody else meanwhile.
            _ = try Upload.find(id, bucket, key, transaction.db)
            let change = try StoredObject.put(
                content, bucket: bucket, key: key, etag: etag, headers: headers, tags: upload.tags,
                parts: parts.map(\.size), condition: Precondition(input), event: .complete, context, transaction)
            try Upload.remove(id, transaction)
            return change
        }
        var output: JSON.Object = [
            "Location": .string("\(context.endpoint)/\(bucket)/\(key)"), "Bucket": .string(bucket), "Key": .string(key),
            "ETag": .string("\"\(etag)\""),
        ]
        for (name, value) in headers where name.hasPrefix("Checksum") { output[name] = value }
        return change.told(output)
    }

    private static func chosen(
        _ wanted: [JSON], of stored: [Upload.Part], _ upload: Upload
    ) throws(AWSError) -> [Upload.Part] {
        guard !wanted.isEmpty else { throw .malformedXML() }
        let byNumber = Dictionary(stored.map { ($0.number, $0) }) { first, _ in first }
        var parts: [Upload.Part] = []
        for entry in wanted {
            let number = entry["PartNumber"]?.int ?? 0
            let etag = (entry["ETag"]?.string ?? "").filter { $0 != "\"" }
            if let last = parts.last, last.number >= number { throw .partOrder }
            guard let part = byNumber[number], part.etag == etag else {
                throw .invalidPart(upload.id, number, etag)
            }
            if let algorithm = upload.checksumAlgorithm, let claimed = entry["Checksum\(algorithm)"]?.string,
                claimed != part.checksum
            {
                throw .invalidPart(upload.id, number, etag)
            }
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
