import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import JSON
import Testing

@testable import S3

@Suite("What a request to a bucket asks for is looked at")
struct ConditionTests {
    private static func host() async throws -> TestHost {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-s3-\(RandomSource().uuid())")
        let host = try await TestHost([S3()], place: .folder(folder.path))
        try await host.call("s3", "CreateBucket", ["Bucket": "data"])
        return host
    }

    private static func input(_ more: JSON.Object) -> JSON {
        .object((["Bucket": "data", "Key": "k", "Body": .bytes([0x61])] as JSON.Object).with(more))
    }

    private static let key = JSON.string(Base64.encode([UInt8](repeating: 7, count: 32)))
    private static let otherKey = JSON.string(Base64.encode([UInt8](repeating: 8, count: 32)))

    @Test(
        arguments: [
            ("PutObject", ["ExpectedBucketOwner": "111111111111"], "AccessDenied"),
            ("PutObject", ["ExpectedBucketOwner": "000000000000"], nil),
            ("DeleteBucket", ["ExpectedBucketOwner": "111111111111"], "AccessDenied"),
            ("CopyObject", ["CopySource": "data/k", "ExpectedSourceBucketOwner": "111111111111"], "AccessDenied"),
            ("PutObject", ["IfNoneMatch": "*"], "PreconditionFailed"),
            ("PutObject", ["IfNoneMatch": "abc"], "NotImplemented"),
            ("PutObject", ["IfMatch": "\"abc\""], "PreconditionFailed"),
            ("DeleteObject", ["IfMatch": "\"abc\""], "PreconditionFailed"),
            ("DeleteObject", ["IfMatch": "\"0cc175b9c0f1b6a831c399e269772661\""], nil),
            ("DeleteObject", ["IfMatchSize": 2], "PreconditionFailed"),
            ("PutObject", ["ACL": "public-read"], "AccessControlListNotSupported"),
            ("PutObject", ["ACL": "bucket-owner-full-control"], nil),
            ("PutBucketAcl", ["ACL": "public-read"], "AccessControlListNotSupported"),
            ("PutObject", ["ObjectLockLegalHoldStatus": "ON"], "InvalidRequest"),
            ("PutObject", ["Tagging": "a=1&a=2"], "InvalidTag"),
            ("PutObject", ["ChecksumSHA256": "AAAA"], "InvalidRequest"),
            ("PutBucketVersioning", ["VersioningConfiguration": ["Status": "Off"]], "MalformedXML"),
            ("PutBucketVersioning", ["VersioningConfiguration": [:]], "IllegalVersioningConfigurationException"),
            ("PutBucketPolicy", ["Policy": "{bad"], "MalformedPolicy"),
            ("PutBucketPolicy", ["Policy": "{}"], "MalformedPolicy"),
            (
                "PutBucketCors",
                ["CORSConfiguration": ["CORSRules": [["AllowedMethods": ["PATCH"], "AllowedOrigins": ["*"]]]]],
                "InvalidRequest"
            ),
            (
                "PutBucketLifecycleConfiguration", ["LifecycleConfiguration": ["Rules": [["Status": "On"]]]],
                "MalformedXML"
            ),
            ("PutObject", ["SSECustomerAlgorithm": "AES256", "SSECustomerKey": "c2hvcnQ="], "InvalidArgument"),
            ("GetObject", ["SSECustomerAlgorithm": "AES256", "SSECustomerKey": key], "InvalidRequest"),
            (
                "CreateMultipartUpload", ["ChecksumAlgorithm": "SHA256", "ChecksumType": "FULL_OBJECT"],
                "InvalidRequest"
            ),
        ] as [(String, JSON.Object, String?)])
    func holds(_ operation: String, _ more: JSON.Object, _ code: String?) async throws {
        let host = try await Self.host()
        try await host.call("s3", "PutObject", Self.input([:]))
        #expect(await host.failure("s3", operation, Self.input(more))?.code == code)
    }

    @Test func aCustomersKeyIsAskedForAgain() async throws {
        let host = try await Self.host()
        let put = try await host.call(
            "s3", "PutObject", Self.input(["SSECustomerAlgorithm": "AES256", "SSECustomerKey": Self.key]))
        #expect(put["SSECustomerKeyMD5"] != nil && put["ServerSideEncryption"] == nil)
        #expect(await host.failure("s3", "GetObject", Self.input([:]))?.code == "InvalidRequest")
        let wrong = Self.input(["SSECustomerAlgorithm": "AES256", "SSECustomerKey": Self.otherKey])
        #expect(await host.failure("s3", "GetObject", wrong)?.status == 403)
        let right = Self.input(["SSECustomerAlgorithm": "AES256", "SSECustomerKey": Self.key])
        #expect(try await host.call("s3", "GetObject", right)["Body"]?.bytes == [0x61])
    }

    @Test func listsAreKeptWhereTheOwnerIsNotEnforced() async throws {
        let host = try await Self.host()
        try await host.call("s3", "CreateBucket", ["Bucket": "lists", "ObjectOwnership": "ObjectWriter"])
        try await host.call("s3", "PutBucketAcl", ["Bucket": "lists", "ACL": "public-read"])
        let list = try await host.call("s3", "GetBucketAcl", ["Bucket": "lists"])
        #expect(list["Grants"]?.array?.map { $0["Permission"] } == ["FULL_CONTROL", "READ"])
        #expect(list["Grants"]?.array?.last?["Grantee"]?["URI"] == "http://acs.amazonaws.com/groups/global/AllUsers")
        try await host.call("s3", "PutObject", Self.input(["Bucket": "lists", "GrantRead": "id=\"abc\""]))
        let own = try await host.call("s3", "GetObjectAcl", ["Bucket": "lists", "Key": "k"])
        #expect(own["Grants"]?.array?.map { $0["Grantee"]?["ID"] } == ["abc"])
    }

    @Test func aBucketsEncryptionIsThatOfItsObjects() async throws {
        let host = try await Self.host()
        try await host.call(
            "s3", "PutBucketEncryption",
            [
                "Bucket": "data",
                "ServerSideEncryptionConfiguration": [
                    "Rules": [
                        ["ApplyServerSideEncryptionByDefault": ["SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k1"]]
                    ]
                ],
            ])
        let put = try await host.call("s3", "PutObject", Self.input([:]))
        #expect(put["ServerSideEncryption"] == "aws:kms" && put["SSEKMSKeyId"] == "k1")
    }

    @Test(arguments: [
        ("COMPOSITE", "SHA256"), ("FULL_OBJECT", "CRC32"),
    ])
    func partsHaveAChecksumTogether(_ type: String, _ algorithm: String) async throws {
        let host = try await Self.host()
        let place: JSON.Object = ["Bucket": "data", "Key": "k"]
        let started = try await host.call(
            "s3", "CreateMultipartUpload",
            .object(
                place.with(["ChecksumAlgorithm": .string(algorithm), "ChecksumType": .string(type)])))
        let upload = started["UploadId"] ?? ""
        var parts: [JSON] = []
        let bodies = [[UInt8](repeating: 1, count: Upload.minimumPart), [2]]
        for (index, body) in bodies.enumerated() {
            let part = try await host.call(
                "s3", "UploadPart",
                .object(
                    place.with([
                        "UploadId": upload, "PartNumber": .number(index + 1), "Body": .bytes(body),
                    ])))
            #expect(part["Checksum\(algorithm)"] != nil)
            parts.append(["PartNumber": .number(index + 1), "ETag": part["ETag"] ?? ""])
        }
        let done = try await host.call(
            "s3", "CompleteMultipartUpload",
            .object(place.with(["UploadId": upload, "MultipartUpload": ["Parts": .array(parts)]])))
        var expected = ExpectedDigests()
        expected.algorithm = algorithm
        var digests = Digests(expected)
        if type == "FULL_OBJECT" {
            for body in bodies { digests.update(body) }
        } else {
            for body in bodies {
                var part = Digests(expected)
                part.update(body)
                digests.update(Base64.decode(part.finish().checksum?.value ?? "") ?? [])
            }
        }
        let value = (digests.finish().checksum?.value ?? "") + (type == "COMPOSITE" ? "-2" : "")
        #expect(done["Checksum\(algorithm)"] == .string(value))
        let attributes = try await host.call(
            "s3", "GetObjectAttributes",
            .object(place.with(["ObjectAttributes": ["ObjectParts", "Checksum"]])))
        #expect(attributes["ObjectParts"]?["Parts"]?.array?.map { $0["Size"] } == [5_242_880, 1])
        #expect(attributes["Checksum"]?["ChecksumType"] == .string(type))
    }

    @Test func aLifecycleIsKeptAsAWSCompletesIt() async throws {
        let host = try await Self.host()
        let put = try await host.call(
            "s3", "PutBucketLifecycleConfiguration",
            [
                "Bucket": "data",
                "LifecycleConfiguration": [
                    "Rules": [["Status": "Enabled", "Filter": ["Prefix": "a"], "Expiration": ["Days": 1]]]
                ],
            ])
        let got = try await host.call("s3", "GetBucketLifecycleConfiguration", ["Bucket": "data"])
        #expect(put["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K")
        #expect(got["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K")
        #expect(got["Rules"]?[0]?["ID"]?.string?.isEmpty == false)
    }
}
