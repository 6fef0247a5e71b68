import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import JSON
import Testing

@testable import S3

@Suite struct S3Tests {
    private static func host() async throws -> TestHost {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-s3-\(RandomSource().uuid())")
            .path
        let host = try await TestHost([S3()], place: .folder(folder))
        try await host.call("s3", "CreateBucket", ["Bucket": "data"])
        return host
    }

    private static func put(_ host: TestHost, _ key: String, _ text: String, _ more: JSON.Object = [:])
        async throws(AWSError) -> JSON
    {
        var input: JSON.Object = ["Bucket": "data", "Key": .string(key), "Body": .bytes(Array(text.utf8))]
        for (name, value) in more { input[name] = value }
        return try await host.call("s3", "PutObject", .object(input))
    }

    private static func text(_ host: TestHost, _ key: String, _ more: JSON.Object = [:]) async throws(AWSError)
        -> String
    {
        var input: JSON.Object = ["Bucket": "data", "Key": .string(key)]
        for (name, value) in more { input[name] = value }
        let output = try await host.call("s3", "GetObject", .object(input))
        return String(decoding: output["Body"]?.bytes ?? [], as: UTF8.self)
    }

    // MARK: Objects

    @Test func anObjectComesBackWithItsHeaders() async throws {
        let host = try await Self.host()
        let put = try await Self.put(
            host, "a/b.txt", "hello", ["ContentType": "text/plain", "Metadata": ["who": "me"], "Tagging": "k=v%20w&x="])
        #expect(put["ETag"] == "\"5d41402abc4b2a76b9719d911017c592\"")
        let got = try await host.call("s3", "GetObject", ["Bucket": "data", "Key": "a/b.txt"])
        #expect(got["Body"]?.bytes == Array("hello".utf8))
        #expect(got["ContentType"] == "text/plain")
        #expect(got["Metadata"] == ["who": "me"])
        #expect(got["TagCount"] == 2)
        #expect(got["ContentLength"] == 5)
    }

    @Test(arguments: [
        ("bytes=0-1", "he"), ("bytes=1-", "ello"), ("bytes=-2", "lo"), ("bytes=3-99", "lo"), ("bytes=9-8", "hello"),
        ("lines=0-1", "hello"), ("bytes=0-0,2-3", "hello"),
    ])
    func aRangeAnswersItsPart(_ range: String, _ expected: String) async throws {
        let host = try await Self.host()
        _ = try await Self.put(host, "k", "hello")
        #expect(try await Self.text(host, "k", ["Range": .string(range)]) == expected)
    }

    @Test func aRangeBehindTheEndIsRefused() async throws {
        let host = try await Self.host()
        _ = try await Self.put(host, "k", "hello")
        let error = await host.failure("s3", "GetObject", ["Bucket": "data", "Key": "k", "Range": "bytes=5-"])
        #expect(error?.code == "InvalidRange")
        #expect(error?.status == 416)
    }

    @Test func replacingAnObjectRemovesItsOldFile() async throws {
        let host = try await Self.host()
        _ = try await Self.put(host, "k", "one")
        _ = try await Self.put(host, "k", "two")
        await host.advance(byMs: ContentFiles.graceMs)
        #expect(try await Self.text(host, "k") == "two")
        let files =
            FileManager.default.enumerator(atPath: host.host.store.folder + "/s3")?.allObjects as? [String] ?? []
        #expect(files.filter { $0.contains("/") }.count == 1)
    }

    @Test(arguments: ["../../etc/passwd", "..", "/absolute", "a//b", "💥", "a\\b"])
    func aKeyIsNeverAPath(_ key: String) async throws {
        let host = try await Self.host()
        _ = try await Self.put(host, key, "x")
        #expect(try await Self.text(host, key) == "x")
    }

    // MARK: Integrity and conditions

    struct Refusal: Sendable {
        let members: JSON.Object
        let code: String
    }

    @Test(arguments: [
        Refusal(members: ["ContentMD5": "x"], code: "InvalidDigest"),
        Refusal(members: ["ContentMD5": "XUFAKrxLKna5cZ2REBfFkA=="], code: "BadDigest"),
        Refusal(members: ["ChecksumCRC32": "AAAAAA=="], code: "BadDigest"),
        Refusal(members: ["IfNoneMatch": "*"], code: "PreconditionFailed"),
        Refusal(members: ["IfMatch": "\"no\""], code: "PreconditionFailed"),
    ])
    func aPutThatDoesNotHoldIsRefused(_ refusal: Refusal) async throws {
        let host = try await Self.host()
        _ = try await Self.put(host, "k", "kept")
        await #expect(throws: AWSError.self) { try await Self.put(host, "k", "other", refusal.members) }
        #expect(try await Self.text(host, "k") == "kept")
    }

    @Test(arguments: [
        ("CRC32", "y/Q5Jg=="), ("CRC32C", "4waSgw=="), ("CRC64NVME", "rosUhgp5mIg="),
        ("SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
        ("SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
    ])
    func checksumsOfTheCheckString(_ algorithm: String, _ expected: String) async throws {
        let host = try await Self.host()
        let output = try await Self.put(host, "k", "123456789", ["ChecksumAlgorithm": .string(algorithm)])
        #expect(output["Checksum\(algorithm)"] == .string(expected))
    }

    @Test func conditionsOfReads() async throws {
        let host = try await Self.host()
        let etag = try await Self.put(host, "k", "x")["ETag"] ?? ""
        func code(_ name: String, _ value: JSON) async -> String? {
            await host.failure("s3", "GetObject", ["Bucket": "data", "Key": "k", name: value])?.code
        }
        #expect(await code("IfMatch", etag) == nil)
        #expect(await code("IfMatch", "\"no\"") == "PreconditionFailed")
        #expect(await code("IfNoneMatch", etag) == "NotModified")
        #expect(await code("IfModifiedSince", .number(Int(host.clock.nowMs / 1000))) == "NotModified")
        #expect(await code("IfUnmodifiedSince", 0) == "PreconditionFailed")
    }

    // MARK: Lists

    private static func keys(_ output: JSON) -> [String] {
        (output["Contents"]?.array ?? []).compactMap { $0["Key"]?.string }
    }

    @Test func foldsPrefixesAndGoesOnFromItsToken() async throws {
        let host = try await Self.host()
        for key in ["a", "b/1", "b/2", "b/3", "c", "d/1", "e"] { _ = try await Self.put(host, key, "") }
        var found: [String] = []
        var token: JSON?
        repeat {
            var input: JSON = ["Bucket": "data", "Delimiter": "/", "MaxKeys": 2]
            input["ContinuationToken"] = token
            let page = try await host.call("s3", "ListObjectsV2", input)
            found += Self.keys(page) + (page["CommonPrefixes"]?.array ?? []).compactMap { $0["Prefix"]?.string }
            token = page["NextContinuationToken"]
        } while token != nil
        #expect(found.sorted() == ["a", "b/", "c", "d/", "e"])
    }

    @Test func listsMoreThanOnePageInOrder() async throws {
        let host = try await Self.host()
        for index in 0..<25 { _ = try await Self.put(host, "k\(index < 10 ? "0" : "")\(index)", "") }
        let first = try await host.call("s3", "ListObjectsV2", ["Bucket": "data", "MaxKeys": 20])
        #expect(Self.keys(first).count == 20)
        #expect(first["IsTruncated"] == true)
        let rest = try await host.call(
            "s3", "ListObjectsV2",
            ["Bucket": "data", "MaxKeys": 20, "ContinuationToken": first["NextContinuationToken"] ?? .null])
        #expect(Self.keys(rest) == ["k20", "k21", "k22", "k23", "k24"])
    }

    // MARK: Multipart

    @Test func joinsItsPartsInTheirOrder() async throws {
        let host = try await Self.host()
        let started = try await host.call("s3", "CreateMultipartUpload", ["Bucket": "data", "Key": "big"])
        let id = started["UploadId"] ?? ""
        let first = String(repeating: "x", count: Upload.minimumPart)
        var parts: [JSON] = []
        for (number, text) in [(2, "tail"), (1, first)] {
            let part = try await host.call(
                "s3", "UploadPart",
                [
                    "Bucket": "data", "Key": "big", "UploadId": id, "PartNumber": .number(number),
                    "Body": .bytes(Array(text.utf8)),
                ])
            parts.insert(["PartNumber": .number(number), "ETag": part["ETag"] ?? ""], at: 0)
        }
        let complete = try await host.call(
            "s3", "CompleteMultipartUpload",
            ["Bucket": "data", "Key": "big", "UploadId": id, "MultipartUpload": ["Parts": .array(parts)]])
        #expect(complete["ETag"]?.string?.hasSuffix("-2\"") == true)
        #expect(try await Self.text(host, "big") == first + "tail")
        #expect(try await Self.text(host, "big", ["PartNumber": 2]) == "tail")
        #expect(
            await host.failure("s3", "ListParts", ["Bucket": "data", "Key": "big", "UploadId": id])?.code
                == "NoSuchUpload")
    }

    // MARK: Buckets

    @Test(arguments: ["ab", "Abc", "a..b", "-ab", "ab-", "192.168.0.1", "a_b", String(repeating: "a", count: 64)])
    func refusesTheName(_ name: String) async throws {
        let host = try await Self.host()
        #expect(await host.failure("s3", "CreateBucket", ["Bucket": .string(name)])?.code == "InvalidBucketName")
    }

    @Test func aBucketWithObjectsStays() async throws {
        let host = try await Self.host()
        _ = try await Self.put(host, "k", "")
        #expect(await host.failure("s3", "DeleteBucket", ["Bucket": "data"])?.code == "BucketNotEmpty")
        try await host.call("s3", "DeleteObject", ["Bucket": "data", "Key": "k"])
        try await host.call("s3", "DeleteBucket", ["Bucket": "data"])
        #expect(await host.failure("s3", "HeadBucket", ["Bucket": "data"])?.code == "NoSuchBucket")
    }

    @Test func configurationsAreKeptAndAnswered() async throws {
        let host = try await Self.host()
        #expect(await host.failure("s3", "GetBucketPolicy", ["Bucket": "data"])?.code == "NoSuchBucketPolicy")
        try await host.call("s3", "PutBucketPolicy", ["Bucket": "data", "Policy": #"{"Statement":[]}"#])
        #expect(try await host.call("s3", "GetBucketPolicy", ["Bucket": "data"]) == ["Policy": #"{"Statement":[]}"#])
        try await host.call(
            "s3", "PutBucketVersioning", ["Bucket": "data", "VersioningConfiguration": ["Status": "Enabled"]])
        #expect(try await host.call("s3", "GetBucketVersioning", ["Bucket": "data"]) == ["Status": "Enabled"])
    }

    @Test func aFileWhoseWriterDiedIsRemovedAtTheNextStart() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-s3-\(RandomSource().uuid())")
            .path
        let first = try await TestHost([S3()], place: .folder(folder))
        try await first.host.store.write { _ = try $0.execute("INSERT INTO s3_files (file) VALUES ('abandoned')") }
        try FileManager.default.createDirectory(atPath: folder + "/s3/ab", withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: folder + "/s3/ab/abandoned", contents: Data("half".utf8))
        await first.host.stop()
        let second = try await TestHost([S3()], place: .folder(folder))
        await second.advance(byMs: ContentFiles.graceMs)
        #expect(!FileManager.default.fileExists(atPath: folder + "/s3/ab/abandoned"))
        await second.host.stop()
    }
}
