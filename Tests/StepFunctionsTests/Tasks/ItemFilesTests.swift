import BatonTesting
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

@Suite("Items and results of Map states in S3")
struct ItemFilesTests {
    private func items(
        _ action: String, _ arguments: JSON, _ configuration: JSON? = nil, maxItems: Int? = nil, files: [String: String]
    ) async throws -> [JSON] {
        var found: [JSON] = []
        try await TaskHost.withFiles { host in
            for (key, content) in files.sorted(by: { $0.key < $1.key }) {
                try await host.host.call(
                    "s3", "PutObject",
                    [
                        "Bucket": "bucket", "Key": .string(key),
                        "Body": .bytes(Base64.decode(content) ?? Array(content.utf8)),
                    ])
            }
            found = try await ItemFiles(context: host.host.context()).items(
                "arn:aws:states:::s3:\(action)", arguments, ReaderConfiguration(configuration, maxItems: maxItems)
            )
            .map(\.value)
        }
        return found
    }

    @Test(
        "one file",
        arguments: [
            ("JSON", "[1, 2, 3]", nil, [1, 2, 3]), ("JSON", "[1, 2, 3]", 2, [1, 2]),
            ("JSONL", "{\"a\":1}\n{\"a\":2}\n", nil, [["a": 1], ["a": 2]]),
            ("CSV", "id,name\n1,x\n2,y\n", 1, [["id": "1", "name": "x"]]),
        ] as [(String, String, Int?, [JSON])])
    func file(type: String, content: String, maxItems: Int?, expected: [JSON]) async throws {
        let found = try await items(
            "getObject", ["Bucket": "bucket", "Key": "f"],
            ["InputType": .string(type), "CSVHeaderLocation": "FIRST_ROW"],
            maxItems: maxItems, files: ["f": content])
        #expect(found == expected)
    }

    @Test("a listing, and what its files hold")
    func listing() async throws {
        let files = ["p/a": "[1,2]", "p/b": "[3]", "q": "[4]"]
        let arguments: JSON = ["Bucket": "bucket", "Prefix": "p/"]
        let listed = try await items("listObjectsV2", arguments, files: files)
        #expect(listed.map { $0["Key"] } == ["p/a", "p/b"])
        #expect(listed.first?.object?.keys == ["Etag", "Key", "LastModified", "Size", "StorageClass"])
        #expect(listed.first?["Size"] == 5)
        #expect(listed.first?["LastModified"]?.int != nil)
        let flat: JSON = ["Transformation": "LOAD_AND_FLATTEN", "InputType": "JSON"]
        #expect(try await items("listObjectsV2", arguments, flat, files: files) == [1, 2, 3])
        #expect(try await items("listObjectsV2", arguments, flat, maxItems: 2, files: files) == [1, 2])
    }

    @Test("an inventory, whose files are compressed")
    func inventory() async throws {
        let manifest = """
            {"destinationBucket": "arn:aws:s3:::bucket", "fileFormat": "CSV", "fileSchema": "Bucket, Key",
             "files": [{"key": "data.csv.gz", "size": 1, "MD5checksum": ""}]}
            """
        let found = try await items(
            "getObject", ["Bucket": "bucket", "Key": "m"], ["InputType": "MANIFEST"],
            files: ["m": manifest, "data.csv.gz": Self.packed])
        #expect(found == [["Bucket": "b", "Key": "k1"], ["Bucket": "b", "Key": "k2"]])
    }

    /// `b,k1` and `b,k2`, a line each, by gzip.
    private static let packed = "H4sIAAAAAAACA0vSyTbkStLJNuICAORRYjAKAAAA"

    @Test("a file that is not there")
    func missing() async throws {
        await #expect {
            try await items("getObject", ["Bucket": "bucket", "Key": "none"], files: [:])
        } throws: { error in
            guard let error = error as? StatesError else { return false }
            return error.error == "States.ItemReaderFailed"
                && error.cause?.hasPrefix("The specified key does not exist. (Service: Amazon S3; Status Code: 404")
                    == true
        }
    }

    @Test("results are files by status and a manifest")
    func results() async throws {
        try await TaskHost.withFiles { host in
            let results = [1, 2, 3].map { number in
                ChildResult(
                    executionArn: "e\(number)", stateMachineArn: "m", name: "n\(number)",
                    status: number == 2 ? .failed : .succeeded, input: .number(number),
                    output: number == 2 ? nil : .number(number * 10), error: number == 2 ? "E" : nil, startMs: 0,
                    stopMs: 1)
            }
            let arn = "arn:aws:states:us-east-1:000000000000:mapRun:M/Map:0f1e"
            let output = try await ResultFolder(
                context: host.host.context(), mapRunArn: arn, arguments: ["Bucket": "bucket", "Prefix": "out"]
            ).write(results, ResultFormat(["Transformation": "COMPACT"], isExported: true))
            #expect(
                output == [
                    "MapRunArn": .string(arn),
                    "ResultWriterDetails": ["Bucket": "bucket", "Key": "out/0f1e/manifest.json"],
                ])
            let manifest = try await host.text("out/0f1e/manifest.json")
            let succeeded = try JSON.parse(manifest)["ResultFiles"]?["SUCCEEDED"]
            #expect(succeeded == [["Key": "out/0f1e/SUCCEEDED_0.json", "Size": 7]])
            #expect(try await host.text("out/0f1e/SUCCEEDED_0.json") == "[10,30]")
            #expect(try JSON.parse(try await host.text("out/0f1e/FAILED_0.json"))[0]?["Error"] == "E")
        }
    }
}

extension TaskHost {
    func text(_ key: String) async throws -> String {
        let answer = try await host.call("s3", "GetObject", ["Bucket": "bucket", "Key": .string(key)])
        return String(decoding: answer["Body"]?.bytes ?? [], as: UTF8.self)
    }
}
