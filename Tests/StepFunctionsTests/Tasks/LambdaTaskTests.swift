import AWSWire
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

@Suite("Lambda functions")
struct LambdaTaskTests {
    private static let arn = "arn:aws:lambda:us-east-1:000000000000:function:f"

    private func plain(_ answer: Result<JSON, AWSError>, _ input: JSON) async throws -> (TaskAnswer, Script) {
        let lambda = FakeLambda(answer)
        let host = try await TaskHost([lambda])
        var call = try host.call("lambda:invoke", input)
        call.resource = try TaskResource(Self.arn)
        return (try await host.run(call), lambda.script)
    }

    @Test(
        "what the function returns is the result",
        arguments: [
            (#"{"a":1}"#, ["a": 1]), (#""text""#, "text"), ("null", nil), ("", nil), ("[1,2]", [1, 2]),
        ] as [(String, JSON)])
    func result(payload: String, result: JSON) async throws {
        let answer: JSON = ["StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": .bytes(Array(payload.utf8))]
        let (got, script) = try await plain(.success(answer), ["in": 1])
        #expect(got == .succeeded(result))
        #expect(script.calls.first?.input["FunctionName"] == .string(Self.arn))
        #expect(script.calls.first?.input["Payload"]?.bytes == Array(#"{"in":1}"#.utf8))
    }

    @Test(
        "what the function raises is the error",
        arguments: [
            (
                #"{"errorMessage":"no","errorType":"ValueError"}"#,
                StatesError("ValueError", #"{"errorMessage":"no","errorType":"ValueError"}"#)
            ),
            (
                #"{"errorMessage":"Task timed out after 3.00 seconds"}"#,
                StatesError(
                    "Lambda.Unknown",
                    "The cause could not be determined because Lambda did not return an error type. Returned payload: "
                        + #"{"errorMessage":"Task timed out after 3.00 seconds"}"#)
            ),
        ])
    func raised(payload: String, error: StatesError) async throws {
        let (got, _) = try await plain(
            .success(["StatusCode": 200, "FunctionError": "Unhandled", "Payload": .bytes(Array(payload.utf8))]), [:])
        #expect(got == .failed(error))
    }

    @Test(
        "what Lambda refuses is an error of Lambda",
        arguments: [
            (
                AWSError("ResourceNotFoundException", "Function not found: arn:f", status: 404),
                "Lambda.ResourceNotFoundException | Function not found: arn:f (Service: Lambda, Status Code: 404, "
                    + "Request ID: <id>)"
            ),
            (
                AWSError("TooManyRequestsException", "Rate Exceeded.", status: 429),
                "Lambda.TooManyRequestsException | Rate Exceeded. (Service: Lambda, Status Code: 429, Request ID: <id>)"
            ),
            (
                AWSError("EC2ThrottledException", "Slow.", status: 502),
                "Lambda.Ec2ThrottledException | Slow. (Service: Lambda, Status Code: 502, Request ID: <id>)"
            ),
        ])
    func refused(refusal: AWSError, error: String) async throws {
        #expect(try await plain(.failure(refusal), [:]).0.error?.stable == error)
    }

    @Test("lambda:invoke shows the call's answer as recorded of AWS")
    func invoke() async throws {
        let lambda = FakeLambda(
            .success([
                "StatusCode": 200, "ExecutedVersion": "$LATEST",
                "Payload": .bytes(Array(#"{"body":"string body"}"#.utf8)),
            ]))
        let host = try await TaskHost([lambda])
        var output = try #require(
            try await host.run("lambda:invoke", ["FunctionName": "f", "Payload": ["body": "string body"]]).output)
        let headers = output["SdkHttpMetadata"]?["HttpHeaders"]
        #expect(
            headers?.object.map { Set($0.keys) }
                == [
                    "Connection", "Content-Length", "Content-Type", "Date", "X-Amz-Executed-Version",
                    "x-amzn-Remapped-Content-Length", "x-amzn-RequestId", "X-Amzn-Trace-Id",
                ])
        #expect(headers?["Content-Length"] == "22")
        output["SdkHttpMetadata"] = nil
        output["SdkResponseMetadata"] = nil
        #expect(
            output == ["ExecutedVersion": "$LATEST", "Payload": ["body": "string body"], "StatusCode": 200])
    }

    @Test("with a token the call is submitted; a refused one is a failed submission")
    func token() async throws {
        let lambda = FakeLambda(
            .success(["StatusCode": 200, "Payload": .bytes(Array("1".utf8))]),
            .failure(AWSError("ResourceNotFoundException", "none", status: 404)))
        let host = try await TaskHost([lambda])
        guard
            case .submitted(_, then: .token) = try await host.run(
                "lambda:invoke.waitForTaskToken", ["FunctionName": "f"])
        else { Issue.record("not submitted"); return }
        guard case .submitFailed = try await host.run("lambda:invoke.waitForTaskToken", ["FunctionName": "f"])
        else { Issue.record("not a failed submission"); return }
    }
}
