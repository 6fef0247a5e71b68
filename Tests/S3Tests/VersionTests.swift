import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import JSON
import Testing

@testable import S3

@Suite("Versions of objects")
struct VersionTests {
    private struct Bench {
        let host: TestHost

        init(_ bucket: JSON.Object = [:]) async throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                "baton-s3-\(RandomSource().uuid())")
            host = try await TestHost([S3()], place: .folder(folder.path))
            var input = bucket
            input["Bucket"] = "data"
            try await host.call("s3", "CreateBucket", .object(input))
        }

        func version(_ status: JSON) async throws(AWSError) {
            try await host.call(
                "s3", "PutBucketVersioning", ["Bucket": "data", "VersioningConfiguration": ["Status": status]])
        }

        @discardableResult
        func put(_ text: String, _ more: JSON.Object = [:]) async throws(AWSError) -> JSON {
            try await call("PutObject", more.with(["Body": .bytes(Array(text.utf8))]))
        }

        @discardableResult
        func call(_ operation: String, _ more: JSON.Object = [:]) async throws(AWSError) -> JSON {
            try await host.call("s3", operation, input(more))
        }

        func failure(_ operation: String, _ more: JSON.Object = [:]) async -> String? {
            await host.failure("s3", operation, input(more))?.code
        }

        private func input(_ more: JSON.Object) -> JSON {
            .object((["Bucket": "data", "Key": "k"] as JSON.Object).with(more))
        }

        func text(_ version: JSON? = nil) async throws(AWSError) -> String {
            var more: JSON.Object = [:]
            more["VersionId"] = version
            return String(decoding: try await call("GetObject", more)["Body"]?.bytes ?? [], as: UTF8.self)
        }

        /// Newest first: `+` an object, `-` a delete marker, `*` the latest.
        func history() async throws(AWSError) -> [String] {
            let listed = try await host.call("s3", "ListObjectVersions", ["Bucket": "data"])
            let shown: (String, JSON) -> String = { sign, entry in
                sign + (entry["VersionId"] == "null" ? "null" : "") + (entry["IsLatest"] == true ? "*" : "")
            }
            return (listed["Versions"]?.array ?? []).map { shown("+", $0) }
                + (listed["DeleteMarkers"]?.array ?? []).map { shown("-", $0) }
        }

        func files() -> Int {
            let all = FileManager.default.enumerator(atPath: host.host.store.folder + "/s3")?.allObjects as? [String]
            return (all ?? []).filter { $0.contains("/") }.count
        }
    }

    @Test("without versioning name no version and keep nothing")
    func never() async throws {
        let bench = try await Bench()
        #expect(try await bench.put("one")["VersionId"] == nil)
        try await bench.put("two")
        #expect(try await bench.call("DeleteObject")["DeleteMarker"] == nil)
        #expect(try await bench.history() == [])
    }

    @Test("are kept when an object is overwritten or deleted")
    func kept() async throws {
        let bench = try await Bench()
        try await bench.version("Enabled")
        let first = try await bench.put("one")["VersionId"]
        let second = try await bench.put("two")["VersionId"]
        #expect(first != nil && first != second)
        #expect(try await bench.text() == "two")
        #expect(try await bench.text(first) == "one")
        let deleted = try await bench.call("DeleteObject")
        #expect(deleted["DeleteMarker"] == true)
        #expect(await bench.failure("GetObject") == "NoSuchKey")
        #expect(await bench.failure("GetObject", ["VersionId": deleted["VersionId"] ?? ""]) == "MethodNotAllowed")
        #expect(await bench.failure("GetObject", ["VersionId": "other"]) == "NoSuchVersion")
        #expect(try await bench.text(second) == "two")
        #expect(try await bench.history() == ["+", "+", "-*"])
        #expect(await bench.host.failure("s3", "DeleteBucket", ["Bucket": "data"])?.code == "BucketNotEmpty")
    }

    @Test("come back when what hides them is removed")
    func comeBack() async throws {
        let bench = try await Bench()
        try await bench.version("Enabled")
        try await bench.put("one")
        let second = try await bench.put("two")["VersionId"]
        let marker = try await bench.call("DeleteObject")["VersionId"]
        #expect(try await bench.call("DeleteObject", ["VersionId": marker ?? ""])["DeleteMarker"] == true)
        #expect(try await bench.text() == "two")
        try await bench.call("DeleteObject", ["VersionId": second ?? ""])
        #expect(try await bench.text() == "one")
        try await bench.put("three")
        #expect(try await bench.history() == ["+*", "+"])
        await bench.host.advance(byMs: ContentFiles.graceMs)
        #expect(bench.files() == 2)
    }

    @Test("have one null version while versioning is suspended")
    func suspended() async throws {
        let bench = try await Bench()
        try await bench.put("before")
        try await bench.version("Enabled")
        try await bench.put("one")
        #expect(try await bench.history() == ["+*", "+null"])
        try await bench.version("Suspended")
        #expect(try await bench.put("two")["VersionId"] == "null")
        #expect(try await bench.history() == ["+null*", "+"])
        try await bench.call("DeleteObject")
        #expect(try await bench.history() == ["+", "-null*"])
    }

    @Test("are listed in pages, by key, the newest first")
    func pages() async throws {
        let bench = try await Bench()
        try await bench.version("Enabled")
        for key in ["a", "b/1", "b/2", "c"] {
            for text in ["1", "2"] { try await bench.put(text, ["Key": .string(key)]) }
        }
        var (seen, marker): ([String], JSON.Object) = ([], ["Bucket": "data", "MaxKeys": 1, "Delimiter": "/"])
        for _ in 0..<9 {
            let page = try await bench.host.call("s3", "ListObjectVersions", .object(marker))
            seen += (page["Versions"]?.array ?? []).map { "\($0["Key"]?.string ?? "")\($0["IsLatest"] == true)" }
            seen += (page["CommonPrefixes"]?.array ?? []).map { $0["Prefix"]?.string ?? "" }
            guard page["IsTruncated"] == true else { break }
            marker["KeyMarker"] = page["NextKeyMarker"]
            marker["VersionIdMarker"] = page["NextVersionIdMarker"]
        }
        #expect(seen == ["atrue", "afalse", "b/", "ctrue", "cfalse"])
    }

    @Test("are tagged, copied and deleted one by one")
    func oneByOne() async throws {
        let bench = try await Bench()
        try await bench.version("Enabled")
        let first = try await bench.put("one")["VersionId"] ?? ""
        try await bench.put("two")
        try await bench.call(
            "PutObjectTagging", ["VersionId": first, "Tagging": ["TagSet": [["Key": "a", "Value": "b"]]]])
        #expect(try await bench.call("GetObjectTagging", ["VersionId": first])["TagSet"]?.array?.count == 1)
        #expect(try await bench.call("GetObjectTagging")["TagSet"] == [])
        let copied = try await bench.call(
            "CopyObject", ["CopySource": .string("data/k?versionId=\(first.string ?? "")")])
        #expect(copied["CopySourceVersionId"] == first)
        #expect(try await bench.text() == "one")
        let deleted = try await bench.host.call(
            "s3", "DeleteObjects",
            ["Bucket": "data", "Delete": ["Objects": [["Key": "k", "VersionId": first], ["Key": "k"]]]])
        #expect(deleted["Deleted"]?.array?.map { $0["DeleteMarker"] == true } == [false, true])
        #expect(try await bench.history() == ["+", "+", "-*"])
    }

    @Test("that are locked stay until their date")
    func locked() async throws {
        let bench = try await Bench(["ObjectLockEnabledForBucket": true])
        let nowMs = bench.host.clock.nowMs
        let until: JSON = .number(Int(nowMs / 1000) + 60)
        let version =
            try await bench.put("one", ["ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": until])[
                "VersionId"]
            ?? ""
        #expect(try await bench.call("GetObjectRetention")["Retention"]?["Mode"] == "GOVERNANCE")
        #expect(await bench.failure("DeleteObject", ["VersionId": version]) == "AccessDenied")
        #expect(
            await bench.failure(
                "PutObjectRetention",
                ["Retention": ["Mode": "GOVERNANCE", "RetainUntilDate": .number(Int(nowMs / 1000) + 30)]])
                == "AccessDenied")
        try await bench.call("PutObjectLegalHold", ["LegalHold": ["Status": "ON"]])
        await bench.host.advance(byMs: 61_000)
        #expect(await bench.failure("DeleteObject", ["VersionId": version]) == "AccessDenied")
        try await bench.call("PutObjectLegalHold", ["LegalHold": ["Status": "OFF"]])
        try await bench.call("DeleteObject", ["VersionId": version])
        #expect(try await bench.history() == [])
    }
}

extension JSON.Object {
    /// With the members of another in place of its own.
    func with(_ other: JSON.Object) -> JSON.Object {
        var object = self
        for (name, value) in other { object[name] = value }
        return object
    }
}
