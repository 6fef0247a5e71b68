import AWSWire
import Archive
import BatonCore
import BatonTesting
import JSON
import Testing

@testable import Lambda

/// What the API keeps and shows of functions; nothing runs here.
@Suite(.timeLimit(.minutes(1))) struct FunctionTests {
    private let arn = "arn:aws:lambda:us-east-1:000000000000:function:f"

    @Test func aFunctionShowsWhatAWSShows() async throws {
        try await Bench.run { bench in
            try await bench.create("f", ["app.py": "x"], ["Description": "about", "Tags": ["a": "1"]])
            let output = try await bench.test.call("lambda", "GetFunction", ["FunctionName": "f"])
            var shown = output["Configuration"] ?? [:]
            #expect(shown["CodeSha256"]?.string?.utf8.count == 44)
            #expect(shown["RevisionId"]?.string?.utf8.count == 36)
            for name in ["CodeSha256", "RevisionId", "CodeSize", "RuntimeVersionConfig", "Environment"] {
                shown[name] = nil
            }
            #expect(
                shown == [
                    "FunctionName": "f", "FunctionArn": .string(arn), "Runtime": "python3.11",
                    "Role": "arn:aws:iam::000000000000:role/r", "Handler": "app.handler", "Description": "about",
                    "Timeout": 3, "MemorySize": 128, "LastModified": "2026-01-01T00:00:00.000+0000",
                    "Version": "$LATEST", "TracingConfig": ["Mode": "PassThrough"], "State": "Active",
                    "LastUpdateStatus": "Successful", "PackageType": "Zip", "Architectures": ["x86_64"],
                    "EphemeralStorage": ["Size": 512], "SnapStart": ["ApplyOn": "None", "OptimizationStatus": "Off"],
                    "LoggingConfig": ["LogFormat": "Text", "LogGroup": "/aws/lambda/f"],
                ])
            #expect(output["Tags"] == ["a": "1"])
            #expect(output["Code"]?["RepositoryType"] == "S3")
            #expect(output["Concurrency"] == nil)
        }
    }

    @Test func codeComesFromS3Too() async throws {
        try await Bench.run { bench in
            try await bench.test.call("s3", "CreateBucket", ["Bucket": "code"])
            let zip = try Bench.zip(["app.py": "def handler(e, c): return 'from s3'"])
            try await bench.test.call("s3", "PutObject", ["Bucket": "code", "Key": "f.zip", "Body": zip])
            try await bench.create("f", [:], ["Code": ["S3Bucket": "code", "S3Key": "f.zip"]])
            #expect(try await bench.invoke("f").payload == "from s3")
            let error = await bench.test.failure(
                "lambda", "UpdateFunctionCode", ["FunctionName": "f", "S3Bucket": "code", "S3Key": "none.zip"])
            #expect(error?.code == "InvalidParameterValueException")
            #expect(error?.message.contains("S3 Error Code: NoSuchKey") == true)
        }
    }

    @Test func versionsAreFrozenAndAliasesPoint() async throws {
        try await Bench.run { bench in
            try await bench.python("f", "return [1, context.function_version, context.invoked_function_arn]")
            let one = try await bench.test.call("lambda", "PublishVersion", ["FunctionName": "f"])
            #expect(one["Version"] == "1")
            #expect(one["FunctionArn"]?.string == arn + ":1")
            #expect(try await bench.test.call("lambda", "PublishVersion", ["FunctionName": "f"])["Version"] == "1")
            try await bench.test.call(
                "lambda", "UpdateFunctionCode",
                [
                    "FunctionName": "f", "Publish": true,
                    "ZipFile": try Bench.zip(["app.py": "def handler(e, c): return [2, c.function_version]"]),
                ])
            #expect(try await bench.invoke("f", qualifier: "1").payload == [1, "1", .string(arn + ":1")])
            #expect(try await bench.invoke("f").payload == [2, "$LATEST"])
            #expect(try await bench.invoke("f:2").payload == [2, "2"])

            let alias = try await bench.test.call(
                "lambda", "CreateAlias", ["FunctionName": "f", "Name": "live", "FunctionVersion": "1"])
            #expect(alias["AliasArn"]?.string == arn + ":live")
            #expect(try await bench.invoke("f:live").payload == [1, "1", .string(arn + ":live")])
            try await bench.test.call(
                "lambda", "UpdateAlias",
                ["FunctionName": "f", "Name": "live", "RoutingConfig": ["AdditionalVersionWeights": ["2": 1.0]]])
            #expect(try await bench.invoke("f", qualifier: "live").version == "2")
            let listed = try await bench.test.call("lambda", "ListVersionsByFunction", ["FunctionName": "f"])
            #expect(listed["Versions"]?.array?.compactMap { $0["Version"]?.string } == ["$LATEST", "1", "2"])
            let error = await bench.test.failure("lambda", "DeleteFunction", ["FunctionName": "f", "Qualifier": "1"])
            #expect(error?.code == "ResourceConflictException")
            try await bench.test.call("lambda", "DeleteAlias", ["FunctionName": "f", "Name": "live"])
            try await bench.test.call("lambda", "DeleteFunction", ["FunctionName": "f", "Qualifier": "1"])
            #expect(await bench.test.failure("lambda", "Invoke", ["FunctionName": "f:1"])?.status == 404)
        }
    }

    @Test func permissionsMakeAPolicy() async throws {
        try await Bench.run { bench in
            try await bench.create("f", ["app.py": ""])
            #expect(await bench.test.failure("lambda", "GetPolicy", ["FunctionName": "f"])?.status == 404)
            let input: JSON = [
                "FunctionName": "f", "StatementId": "s1", "Action": "lambda:InvokeFunction",
                "Principal": "sns.amazonaws.com", "SourceArn": "arn:aws:sns:us-east-1:000000000000:t",
            ]
            let added = try await bench.test.call("lambda", "AddPermission", input)
            let expected: JSON = [
                "Sid": "s1", "Effect": "Allow", "Principal": ["Service": "sns.amazonaws.com"],
                "Action": "lambda:InvokeFunction", "Resource": .string(arn),
                "Condition": ["ArnLike": ["AWS:SourceArn": "arn:aws:sns:us-east-1:000000000000:t"]],
            ]
            #expect(try JSON.parse(added["Statement"]?.string ?? "") == expected)
            #expect(await bench.test.failure("lambda", "AddPermission", input)?.code == "ResourceConflictException")
            let policy = try await bench.test.call("lambda", "GetPolicy", ["FunctionName": "f"])
            #expect(
                try JSON.parse(policy["Policy"]?.string ?? "")
                    == ["Version": "2012-10-17", "Id": "default", "Statement": [expected]])
            try await bench.test.call("lambda", "RemovePermission", ["FunctionName": "f", "StatementId": "s1"])
            let error = await bench.test.failure(
                "lambda", "RemovePermission", ["FunctionName": "f", "StatementId": "s1"])
            #expect(error?.message == "Statement s1 is not found in resource policy.")
        }
    }

    @Test func tagsAndConcurrencyAndEventConfig() async throws {
        try await Bench.run { bench in
            try await bench.create("f", ["app.py": ""], ["Tags": ["a": "1"]])
            try await bench.test.call("lambda", "TagResource", ["Resource": .string(arn), "Tags": ["b": "2"]])
            try await bench.test.call("lambda", "UntagResource", ["Resource": .string(arn), "TagKeys": ["a"]])
            #expect(try await bench.test.call("lambda", "ListTags", ["Resource": .string(arn)])["Tags"] == ["b": "2"])
            let tooMany = await bench.test.failure(
                "lambda", "PutFunctionConcurrency", ["FunctionName": "f", "ReservedConcurrentExecutions": 901])
            #expect(tooMany?.code == "InvalidParameterValueException")
            try await bench.test.call(
                "lambda", "PutFunctionConcurrency", ["FunctionName": "f", "ReservedConcurrentExecutions": 900])
            let limits = try await bench.test.call("lambda", "GetAccountSettings", [:])["AccountLimit"]
            #expect(limits?["UnreservedConcurrentExecutions"] == 100)
            let put = try await bench.test.call(
                "lambda", "PutFunctionEventInvokeConfig", ["FunctionName": "f", "MaximumRetryAttempts": 0])
            #expect(put["FunctionArn"]?.string == arn + ":$LATEST")
            #expect(put["DestinationConfig"] == ["OnSuccess": [:], "OnFailure": [:]])
            try await bench.test.call(
                "lambda", "UpdateFunctionEventInvokeConfig", ["FunctionName": "f", "MaximumEventAgeInSeconds": 60])
            let got = try await bench.test.call("lambda", "GetFunctionEventInvokeConfig", ["FunctionName": "f"])
            #expect([got["MaximumRetryAttempts"], got["MaximumEventAgeInSeconds"]] == [0, 60])
            try await bench.test.call("lambda", "DeleteFunctionEventInvokeConfig", ["FunctionName": "f"])
            #expect(
                await bench.test.failure("lambda", "GetFunctionEventInvokeConfig", ["FunctionName": "f"])?.status == 404
            )
        }
    }

    @Test func whatCannotBeCreatedIsRefused() async throws {
        try await Bench.run { bench in
            try await bench.create("f", ["app.py": ""])
            var escape = ZipWriter()
            try escape.add("../../escape", [1])
            let cases: [(String, JSON, String, String)] = [
                ("f", [:], "ResourceConflictException", "Function already exist: f"),
                ("g", ["Runtime": "java21"], "InvalidParameterValueException", "Baton runs provided"),
                ("g", ["PackageType": "Image"], "InvalidParameterValueException", "zip packages only"),
                (
                    "g", ["Code": ["ZipFile": .bytes(Array("no zip".utf8))]], "InvalidParameterValueException",
                    "Could not unzip uploaded file"
                ),
                (
                    "g", ["Code": ["ZipFile": .bytes(escape.finish())]], "InvalidParameterValueException",
                    "outside of its folder"
                ),
                (
                    "g", ["Environment": ["Variables": ["AWS_REGION": "x"]]], "InvalidParameterValueException",
                    "Reserved keys used in this request: AWS_REGION"
                ),
                (
                    "g", ["Environment": ["Variables": ["LONG": .string(String(repeating: "x", count: 5000))]]],
                    "InvalidParameterValueException", "exceeded the 4KB limit"
                ),
                (
                    "g", ["DeadLetterConfig": ["TargetArn": "arn:aws:s3:::b"]], "InvalidParameterValueException",
                    "DeadLetterConfig"
                ),
                (
                    "g", ["Layers": ["arn:aws:lambda:us-east-1:000000000000:layer:l:1"]],
                    "InvalidParameterValueException",
                    "Layer version arn:aws:lambda:us-east-1:000000000000:layer:l:1 does not exist."
                ),
                (
                    "g", ["DurableConfig": ["ExecutionTimeout": 60]], "InvalidParameterValueException",
                    "Baton does not have DurableConfig"
                ),
                (
                    "g", ["TenancyConfig": ["TenantIsolationMode": "PER_TENANT"]], "InvalidParameterValueException",
                    "Baton does not have TenancyConfig"
                ),
                (
                    "g",
                    [
                        "CodeSigningConfigArn":
                            "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0"
                    ], "CodeSigningConfigNotFoundException", "cannot be found"
                ),
            ]
            for (name, more, code, message) in cases {
                do throws(any Error) {
                    try await bench.create(name, ["app.py": ""], more)
                    Issue.record("created")
                } catch {
                    let error = try #require(error as? AWSError)
                    #expect(error.code == code)
                    #expect(error.message.contains(message))
                }
            }
        }
    }

    @Test func aMissingInterpreterIsToldWhenTheFunctionIsCreated() async throws {
        let none = Interpreters(environment: ["PATH": "/nowhere", "HOME": "/nowhere"])
        for (kind, word) in [(RuntimeKind.python(version: "3.12"), "Python 3"), (.node(version: "22"), "Node.js")] {
            do throws(AWSError) {
                _ = try await none.path(kind)
                Issue.record("found")
            } catch {
                #expect(error.code == "InvalidParameterValueException")
                #expect(error.message.contains("needs") && error.message.contains(word))
            }
        }
        #expect(try await none.path(.provided) == nil)
    }

    @Test func listsComeInPages() async throws {
        try await Bench.run { bench in
            for name in ["c", "a", "b"] { try await bench.create(name, ["app.py": ""]) }
            let first = try await bench.test.call("lambda", "ListFunctions", ["MaxItems": 2])
            #expect(first["Functions"]?.array?.compactMap { $0["FunctionName"]?.string } == ["a", "b"])
            let rest = try await bench.test.call("lambda", "ListFunctions", ["Marker": first["NextMarker"] ?? ""])
            #expect(rest["Functions"]?.array?.compactMap { $0["FunctionName"]?.string } == ["c"])
            #expect(rest["NextMarker"] == nil)
            try await bench.test.call("lambda", "DeleteFunction", ["FunctionName": "a"])
            #expect(
                await bench.test.failure("lambda", "GetFunction", ["FunctionName": "a"])?.message
                    == "Function not found: arn:aws:lambda:us-east-1:000000000000:function:a")
        }
    }

    @Test func badRequestsToInvoke() async throws {
        try await Bench.run { bench in
            try await bench.create("f", ["app.py": ""])
            func failure(_ more: JSON) async -> AWSError? {
                var input: JSON = ["FunctionName": "f"]
                for (key, value) in more.object ?? [:] { input[key] = value }
                return await bench.test.failure("lambda", "Invoke", input)
            }
            #expect(await failure(["Payload": .bytes(Array("{".utf8))])?.code == "InvalidRequestContentException")
            #expect(await failure(["Qualifier": "9"])?.code == "ResourceNotFoundException")
            let large = JSON.bytes([UInt8](repeating: 0x20, count: 1024 * 1024 + 1))
            #expect(await failure(["InvocationType": "Event", "Payload": large])?.status == 413)
            let dry = try await bench.test.call("lambda", "Invoke", ["FunctionName": "f", "InvocationType": "DryRun"])
            #expect(dry["StatusCode"] == 204)
        }
    }

    @Test func theListOfOperationsIsTheModelsAndTheFolders() throws {
        let names = Lambda.operations.map { $0.name }
        #expect(names == names.sorted())
        #expect(Set(names).count == names.count)
    }
}
