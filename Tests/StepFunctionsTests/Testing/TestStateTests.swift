import AWSWire
import JSON
import Testing

@testable import StepFunctions

@Suite("TestState")
struct TestStateTests {
    @Test(
        "shows what comes out of a state",
        arguments: [
            (#"{"Type":"Pass","End":true}"#, #"{"a":1}"#, #"{"status":"SUCCEEDED","output":"{\"a\":1}"}"#),
            (#"{"Type":"Pass","Result":7,"Next":"N"}"#, "{}", #"{"status":"SUCCEEDED","output":"7","nextState":"N"}"#),
            (#"{"Type":"Succeed","OutputPath":"$.a"}"#, #"{"a":1}"#, #"{"status":"SUCCEEDED","output":"1"}"#),
            (#"{"Type":"Fail","Error":"E","Cause":"C"}"#, "{}", #"{"status":"FAILED","error":"E","cause":"C"}"#),
            (
                #"{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":1,"Next":"One"}],"Default":"D"}"#,
                #"{"a":1}"#, #"{"status":"SUCCEEDED","output":"{\"a\":1}","nextState":"One"}"#
            ),
            (
                #"{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":1,"Next":"One"}],"Default":"D"}"#,
                #"{"a":2}"#, #"{"status":"SUCCEEDED","output":"{\"a\":2}","nextState":"D"}"#
            ),
            (
                #"{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":1,"Next":"One"}]}"#, #"{"a":2}"#,
                #"{"status":"FAILED","error":"States.Runtime","cause":"Failed to transition out of the state. The state does not point to a next state."}"#
            ),
            (#"{"Type":"Wait","Seconds":9,"End":true}"#, #"{"a":1}"#, #"{"status":"SUCCEEDED","output":"{\"a\":1}"}"#),
        ])
    func outcomes(definition: String, input: String, expected: String) async throws {
        let host = try await MachineHost()
        let answer = try await host.call("TestState", ["definition": .string(definition), "input": .string(input)])
        #expect(answer == (try JSON.parse(expected)))
    }

    private static let task =
        #"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody":"m"},"#
        + #""Retry":[{"ErrorEquals":["R"],"IntervalSeconds":2,"BackoffRate":3,"MaxAttempts":2}],"#
        + #""Catch":[{"ErrorEquals":["C"],"Next":"Caught","ResultPath":"$.e"}],"End":true}"#

    @Test(
        "takes an error through Retry and Catch",
        arguments: [
            ("R", 0, "RETRIABLE", #"{"retryIndex":0,"retryBackoffIntervalSeconds":2}"#),
            ("R", 1, "RETRIABLE", #"{"retryIndex":0,"retryBackoffIntervalSeconds":6}"#),
            ("R", 2, "FAILED", #"{"retryIndex":0}"#), ("C", 0, "CAUGHT_ERROR", #"{"catchIndex":0}"#),
        ])
    func errors(name: String, retries: Int, status: String, details: String) async throws {
        let host = try await MachineHost()
        let answer = try await host.call(
            "TestState",
            [
                "definition": .string(Self.task), "inspectionLevel": "DEBUG", "input": "{}",
                "mock": ["errorOutput": ["error": .string(name), "cause": "because"]],
                "stateConfiguration": ["retrierRetryCount": .number(retries)],
            ])
        #expect(answer["status"]?.string == status)
        #expect(answer["inspectionData"]?["errorDetails"] == (try JSON.parse(details)))
        if status == "CAUGHT_ERROR" {
            #expect(answer["output"]?.string == #"{"e":{"Error":"C","Cause":"because"}}"#)
            #expect(answer["nextState"] == "Caught")
        }
    }

    @Test(
        "compares a mocked result with the API",
        arguments: [
            (#"{"MessageId":"1"}"#, "STRICT", nil), (#"{"Other":1}"#, "STRICT", nil),
            (#"{"MessageId":1}"#, "STRICT", "Field 'MessageId' must be a string"),
            (#"{"MessageId":1}"#, "PRESENT", "Field 'MessageId' must be a string"), (#"{"MessageId":1}"#, "NONE", nil),
            ("[]", "STRICT", "Field '' must be an object"),
        ] as [(String, String, String?)])
    func mocks(result: String, mode: String, refusal: String?) async throws {
        let host = try await MachineHost()
        let error = await host.failure(
            "TestState",
            [
                "definition": .string(Self.task),
                "mock": ["result": .string(result), "fieldValidationMode": .string(mode)],
            ])
        #expect(error?.message == refusal.map { "Mock result schema validation error: \($0)" })
    }

    // MARK: Map and Parallel states

    private static func map(_ more: String, language: String = "JSONPath") -> String {
        #"{"Type":"Map","QueryLanguage":"\#(language)","End":true,\#(more)"ItemProcessor":{"ProcessorConfig":"#
            + #"{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}}"#
    }

    @Test(
        "counts failed iterations against what is tolerated",
        arguments: [
            (#""ToleratedFailureCount":1,"#, 1, "SUCCEEDED"), (#""ToleratedFailureCount":1,"#, 2, "FAILED"),
            (#""ToleratedFailurePercentage":50,"#, 1, "SUCCEEDED"),
            (#""ToleratedFailurePercentage":50,"#, 2, "FAILED"),
            // As recorded: nothing is compared with a limit that is not there.
            ("", 2, "SUCCEEDED"),
            (#""ToleratedFailureCount":1,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"N"}],"#, 2, "CAUGHT_ERROR"),
        ])
    func tolerance(limit: String, failures: Int, status: String) async throws {
        let host = try await MachineHost()
        let answer = try await host.call(
            "TestState",
            [
                "definition": .string(Self.map(limit)), "input": "[1,2,3]", "mock": ["result": "[0,0,1]"],
                "stateConfiguration": ["mapIterationFailureCount": .number(failures)],
            ])
        #expect(answer["status"]?.string == status)
        guard status != "SUCCEEDED" else { return }
        #expect(answer["error"] == "States.ExceedToleratedFailureThreshold")
        #expect(answer["cause"] == "The specified tolerated failure threshold was exceeded")
    }

    private static let reader =
        #""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON","ItemsPointer":"/l"},"#
        + #""Parameters":{"Bucket":"b","Key":"k"}},"#

    @Test(
        "shows what becomes of the items",
        arguments: [
            ("", "[1,2]", nil, ["afterInputPath": "[1,2]", "afterItemsPath": "[1,2]"]),
            (
                #""ItemsPath":"$.l","ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},"#,
                #"{"l":["a"]}"#, nil, ["afterItemsPath": #"["a"]"#, "afterItemSelector": #"[{"i":0,"v":"a"}]"#]
            ),
            (
                #""ItemBatcher":{"MaxItemsPerBatch":2},"#, "[1,2,3]", nil,
                ["afterItemBatcher": #"[{"Items":[1,2]},{"Items":[3]}]"#]
            ),
            (
                reader + #""ItemSelector":{"v.$":"$$.Map.Item.Value","s.$":"$$.Map.Item.Source"},"#, "{}",
                #"{"l":[7],"m":1}"#,
                ["afterItemsPointer": "[7]", "afterItemSelector": #"[{"v":7,"s":"S3://b/k"}]"#]
            ),
        ] as [(String, String, String?, [String: String])])
    func items(fields: String, input: String, data: String?, shown: [String: String]) async throws {
        let host = try await MachineHost()
        var configuration: JSON = [:]
        if let data { configuration["mapItemReaderData"] = .string(data) }
        let answer = try await host.call(
            "TestState",
            [
                "definition": .string(Self.map(fields)), "input": .string(input), "mock": ["result": "[]"],
                "inspectionLevel": "DEBUG", "stateConfiguration": configuration,
            ])
        #expect(answer["status"] == "SUCCEEDED", "\(answer)")
        for (name, value) in shown { #expect(answer["inspectionData"]?[name]?.string == value, "\(name)") }
    }

    @Test("reader data that cannot be read fails the state")
    func unreadable() async throws {
        let host = try await MachineHost()
        let answer = try await host.call(
            "TestState",
            [
                "definition": .string(Self.map(Self.reader)), "mock": ["result": "[]"],
                "stateConfiguration": ["mapItemReaderData": #"{"m":[]}"#],
            ])
        #expect(answer["error"] == "States.ItemReaderFailed")
    }

    @Test("an error comes from a state within", arguments: [("I", true), ("Elsewhere", false)])
    func origin(name: String, isThere: Bool) async throws {
        let host = try await MachineHost()
        let input: JSON = [
            "definition": .string(Self.map("")), "input": "[1]", "mock": ["errorOutput": ["error": "E", "cause": "C"]],
            "stateConfiguration": ["errorCausedByState": .string(name)],
        ]
        guard isThere else {
            #expect(await host.failure("TestState", input)?.code == "ValidationException")
            return
        }
        #expect(try await host.call("TestState", input) == ["error": "E", "cause": "C", "status": "FAILED"])
    }

    // MARK: Surroundings

    @Test("a state may be anywhere in its machine")
    func nested() async throws {
        let host = try await MachineHost()
        let machine =
            #"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"I","States":"#
            + #"{"I":{"Type":"Pass","Result":5,"End":true}}}]}}}"#
        let answer = try await host.call("TestState", ["definition": .string(machine), "stateName": "I"])
        #expect(answer["output"] == "5")
    }

    @Test("a task that waits for its token has one")
    func token() async throws {
        let host = try await MachineHost()
        let state =
            #"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","#
            + #""Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},"End":true}"#
        let answer = try await host.call(
            "TestState", ["definition": .string(state), "mock": ["result": #""done""#]])
        #expect(answer["output"] == #""done""#)
    }
}
