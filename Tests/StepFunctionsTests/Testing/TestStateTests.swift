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
}
