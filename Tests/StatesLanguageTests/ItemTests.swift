import JSON
import StatesLanguage
import Testing

/// Items of distributed Map states, and what becomes of their results.
@Suite struct ItemTests {
    static func items(_ file: String, _ configuration: JSON, maxItems: Int? = nil) throws -> JSON {
        .array(try ItemFile.items(Array(file.utf8), ReaderConfiguration(configuration, maxItems: maxItems)))
    }

    static let csv: JSON = ["InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"]

    @Test(
        arguments: [
            ("a,b\n1,2\n3,4", csv, #"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#),
            ("a,b\r\n1,2\r\n\r\n3\r\n", csv, #"[{"a":"1","b":"2"},{"a":"3","b":""}]"#),
            ("\u{FEFF}a\n\"x,\"\"y\"\"\nz\"\n", csv, #"[{"a":"x,\"y\"\nz"}]"#),
            ("H1,\nV4,V5,V6\n,,,\n   \n", csv, #"[{"":"V5","H1":"V4"},{"":"","H1":""},{"":"","H1":"   "}]"#),
            (
                "a|b\n1|2", ["InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "PIPE"],
                #"[{"a":"1","b":"2"}]"#
            ),
            (
                "1,2", ["InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "y"]],
                #"[{"x":"1","y":"2"}]"#
            ),
            ("", csv, "[]"), ("a,b", csv, "[]"),
            ("[1,{\"a\":2}]", ["InputType": "JSON"], #"[1,{"a":2}]"#),
            (#"{"d":{"l":[1,2]}}"#, ["InputType": "JSON", "ItemsPointer": "/d/l"], "[1,2]"),
            (#"{"a/b":{"k":1}}"#, ["InputType": "JSON", "ItemsPointer": "/a~1b"], #"[{"Key":"k","Value":1}]"#),
            ("1\n\n{\"a\":2}\r\n\"x\"", ["InputType": "JSONL"], #"[1,{"a":2},"x"]"#),
        ] as [(String, JSON, String)])
    func reads(_ file: String, _ configuration: JSON, _ expected: String) throws {
        #expect(try Self.items(file, configuration) == JSON.parse(expected))
    }

    /// AWS puts out columns in the order of Java's hash tables.
    @Test func columnsComeInJavasOrder() throws {
        #expect(try Self.items("0,True,{}\na,b,c", Self.csv).text() == #"[{"0":"a","{}":"c","True":"b"}]"#)
    }

    @Test(
        arguments: [("a\n1\n2\n3", csv), ("[1,2,3]", ["InputType": "JSON"]), ("1\n2\n3", ["InputType": "JSONL"])]
            as [(String, JSON)])
    func stopsAtMaxItems(_ file: String, _ configuration: JSON) throws {
        #expect(try Self.items(file, configuration, maxItems: 2).array?.count == 2)
        #expect(try Self.items(file, configuration, maxItems: 0).array?.count == 3)
    }

    @Test(
        arguments: [
            ("a,a\n1,2", csv, "CSV headers cannot contain duplicates."),
            (#"{"a":1}"#, ["InputType": "JSON"], "Attempting to map over non-iterable node."),
            (
                "[]", ["InputType": "JSON", "ItemsPointer": "/x"],
                "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure."
            ),
            ("", ["InputType": "PARQUET"], "Parquet files are not supported."),
            ("[1", ["InputType": "JSON"], "The file is not valid JSON: unexpected end of input at byte 2"),
            ("1\n{", ["InputType": "JSONL"], "A line of the file is not valid JSON: expected a member name at byte 1"),
        ] as [(String, JSON, String)])
    func fails(_ file: String, _ configuration: JSON, _ cause: String) {
        #expect(throws: StatesError("States.ItemReaderFailed", cause)) { try Self.items(file, configuration) }
    }

    @Test func manifestsNameFiles() throws {
        let inventory =
            #"{"destinationBucket":"arn:aws:s3:::dest","fileFormat":"CSV","fileSchema":"Bucket, Key","files":[{"key":"a.csv.gz"}]}"#
        let manifest = try Manifest(Array(inventory.utf8), type: nil)
        #expect(manifest.files.map(\.uri) == ["dest/a.csv.gz"])
        #expect(manifest.headers == ["Bucket", "Key"])
        #expect(
            manifest.configuration(ReaderConfiguration(["InputType": "MANIFEST"], maxItems: nil)).csvHeaders == [
                "Bucket", "Key",
            ])
        let athena = try Manifest(Array("s3://b/x/1\ns3://b/2\n".utf8), type: "ATHENA_DATA")
        #expect(athena.files.map(\.uri) == ["b/x/1", "b/2"])
        #expect(throws: StatesError.self) { try Manifest(Array("{}".utf8), type: nil) }
        #expect(throws: StatesError.self) { try Manifest(Array("no uri".utf8), type: "ATHENA_DATA") }
    }

    @Test(
        arguments: [
            (2, nil, nil, #"[{"Items":[1,2]},{"Items":[3,4]},{"Items":[5]}]"#),
            (nil, nil, nil, #"[{"Items":[1,2,3,4,5]}]"#),
            (
                2, nil, ["x": 1],
                #"[{"BatchInput":{"x":1},"Items":[1,2]},{"BatchInput":{"x":1},"Items":[3,4]},{"BatchInput":{"x":1},"Items":[5]}]"#
            ),
            (nil, 15, nil, #"[{"Items":[1,2]},{"Items":[3,4]},{"Items":[5]}]"#),
            (1, 15, nil, #"[{"Items":[1]},{"Items":[2]},{"Items":[3]},{"Items":[4]},{"Items":[5]}]"#),
        ] as [(Int?, Int?, JSON?, String)])
    func batches(_ maxItems: Int?, _ maxBytes: Int?, _ input: JSON?, _ expected: String) throws {
        let batches = try ItemBatches.make([1, 2, 3, 4, 5], maxItems: maxItems, maxBytes: maxBytes, batchInput: input)
        #expect(JSON.array(batches).text() == expected)
    }

    @Test func noBatchIsLargerThanItsLimit() throws {
        let items = (0..<500).map { JSON.string(String(repeating: "x", count: $0 % 90)) }
        let batches = try ItemBatches.make(items, maxItems: nil, maxBytes: 400, batchInput: ["a": 1])
        #expect(batches.allSatisfy { $0.serialized().count <= 400 })
        #expect(batches.flatMap { $0["Items"]?.array ?? [] } == items)
        #expect(throws: StatesError.self) {
            try ItemBatches.make(["too long"], maxItems: nil, maxBytes: 15, batchInput: nil)
        }
    }

    // MARK: Results

    static let results = [
        ChildResult(
            executionArn: "e1", stateMachineArn: "m", name: "n1", status: .succeeded, input: 1, output: [1, [2]],
            startMs: 0, stopMs: 1_500),
        ChildResult(
            executionArn: "e2", stateMachineArn: "m", name: "n2", status: .failed, input: 2, error: "E", cause: "C",
            startMs: 0, stopMs: 1),
        ChildResult(
            executionArn: "e3", stateMachineArn: "m", name: "n3", status: .succeeded, input: 3, output: "x", startMs: 0,
            stopMs: 1),
    ]

    static let failed =
        #"{"Cause":"C","Error":"E","ExecutionArn":"e2","Input":"2","InputDetails":{"Included":true},"Name":"n2","RedriveCount":0,"RedriveStatus":"REDRIVABLE","StartDate":"1970-01-01T00:00:00.000Z","StateMachineArn":"m","Status":"FAILED","StopDate":"1970-01-01T00:00:00.001Z"}"#

    @Test(
        arguments: [
            (["Transformation": "COMPACT"], #"[[1,[2]],\#(failed),"x"]"#),
            (["Transformation": "FLATTEN"], #"[1,[2],\#(failed),"x"]"#),
            (nil, #"[[1,[2]],\#(failed),"x"]"#),
        ] as [(JSON?, String)])
    func outputs(_ configuration: JSON?, _ expected: String) {
        #expect(ResultFormat(configuration, isExported: false).output(Self.results).text() == expected)
    }

    @Test func linesAreText() {
        let format = ResultFormat(["Transformation": "FLATTEN", "OutputType": "JSONL"], isExported: false)
        #expect(format.output([Self.results[0], Self.results[2]]) == "1\n[2]\n\"x\"")
    }

    @Test func filesAreByStatus() throws {
        let files = ResultFormat(nil, isExported: true).files(Self.results)
        #expect(files.map(\.name) == ["FAILED_0.json", "SUCCEEDED_0.json"])
        let succeeded = try JSON.parse(files[1].content)
        #expect(succeeded[0]?["Output"] == "[1,[2]]")
        #expect(succeeded[0]?["RedriveStatus"] == "NOT_REDRIVABLE")
        #expect(succeeded[1]?["Output"] == #""x""#)
        let manifest = ResultFormat.manifest(files, mapRunArn: "r", bucket: "b", prefix: "p/")
        #expect(manifest["ResultFiles"]?["FAILED"]?[0]?["Key"] == "p/FAILED_0.json")
        #expect(manifest["ResultFiles"]?["PENDING"] == [])
        let lines = ResultFormat(["Transformation": "COMPACT", "OutputType": "JSONL"], isExported: true).files([
            Self.results[2]
        ])
        #expect(lines.map(\.name) == ["SUCCEEDED_0.jsonl"])
        #expect(lines.first?.content == Array("\"x\"\n".utf8))
    }
}

extension Manifest.File {
    var uri: String { "\(bucket)/\(key)" }
}
