import AWSWire
import BatonCore
import BatonStore
import Foundation
import JSON

/// Copies an object, with its headers and tags (`COPY`) or with those of the request (`REPLACE`).
/// Errors: NoSuchBucket, NoSuchKey, InvalidArgument (source), InvalidRequest (onto itself without a change),
/// PreconditionFailed. Source: S3 API reference, CopyObject.
enum CopyObject: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let (bucket, key) = (input["Bucket"]?.string ?? "", input["Key"]?.string ?? "")
        try Bucket.checkKey(key)
        let source = try CopySource.parse(input["CopySource"]?.string ?? "")
        let (found, list) = try context.read { db in
            (try source.find(db), try AccessControl.ofNewObject(input, Bucket.named(bucket, db), db))
        }
        let original = found.object
        try CustomerKey.check(input, original, prefix: "CopySource")
        try Precondition(input, prefix: "CopySource").checkRead(original, isCopy: true)
        let replaces = input["MetadataDirective"]?.string == "REPLACE"
        let changes =
            replaces
            || ["StorageClass", "ServerSideEncryption", "WebsiteRedirectLocation", "SSECustomerKey"].contains {
                input[$0] != nil
            }
        guard changes || source.bucket != bucket || source.key != key || !found.isCurrent else { throw .copyToItself }
        let headers = try headers(of: CustomerKey.completed(input), original, list, replaces)
        let tags =
            input["TaggingDirective"]?.string == "REPLACE"
            ? try Tags.check(StoredObject.tags(ofHeader: input["Tagging"]?.string), limit: 10) : original.tags
        var expected = ExpectedDigests()
        expected.algorithm =
            input["ChecksumAlgorithm"]?.string
            ?? ExpectedDigests.algorithms.first { original.headers["Checksum\($0)"] != nil }
        let files = ContentFiles(context)
        let content = try await files.store(
            .file(path: files.path(original.file), offset: 0, length: original.size), expected)
        // A copy is one object whatever its source was made of.
        let etag = content.md5.hex
        let change = try await context.write { transaction in
            try StoredObject.put(
                content, bucket: bucket, key: key, etag: etag, headers: headers.adding(content.checksum), tags: tags,
                condition: Precondition(input), event: .copy, context, transaction)
        }
        let result: JSON.Object = [
            "ETag": .string("\"\(etag)\""), "LastModified": .number(Double(change.modifiedMs) / 1000),
        ]
        var output: JSON.Object = ["CopyObjectResult": .object(result.adding(content.checksum))]
        output["CopySourceVersionId"] = found.versionId.map(JSON.string)
        return change.told(output)
    }

    /// What a copy does not take over unless it is asked for again: lists, locks, encryption and the class of storage.
    private static let ownToObject =
        StoredObject.inner + StoredObject.encryption + [
            "StorageClass", "WebsiteRedirectLocation", "ObjectLockMode", "ObjectLockRetainUntilDate",
            "ObjectLockLegalHoldStatus", "ChecksumType",
        ] + ExpectedDigests.algorithms.map { "Checksum\($0)" }

    private static func headers(
        of input: JSON, _ original: StoredObject, _ list: JSON?, _ replaces: Bool
    ) throws(AWSError) -> JSON.Object {
        let asked = try StoredObject.headers(of: input)
        var headers = replaces ? asked : original.headers
        if !replaces { for name in ownToObject { headers[name] = asked[name] } }
        headers[AccessControl.kind] = list
        return headers
    }
}
