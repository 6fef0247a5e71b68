import AWSWire
import BatonStore
import BatonTesting
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

@Suite("Jobs and nested executions")
struct JobTaskTests {
    private static let submission: JSON = ["JobName": "n", "JobQueue": "q", "JobDefinition": "d"]

    private static func job(_ status: String) -> Result<JSON, AWSError> {
        .success(["jobs": [["jobId": "j1", "jobName": "n", "jobQueue": "q", "status": .string(status)]]])
    }

    @Test("a Batch job is asked after until it is over")
    func batch() async throws {
        let batch = FakeBatch([
            "SubmitJob": [.success(["jobId": "j1", "jobName": "n", "jobArn": "arn:j1"])],
            "DescribeJobs": [Self.job("RUNNABLE"), Self.job("RUNNING"), Self.job("SUCCEEDED")],
        ])
        let host = try await TaskHost([batch])
        let call = try host.call("batch:submitJob.sync", Self.submission)
        guard case .submitted(let output, then: .poll(let place, let atMs)) = try await host.run(call) else {
            Issue.record("not submitted"); return
        }
        #expect(output["JobId"] == "j1")
        #expect(output["SdkHttpMetadata"] != nil)
        #expect(atMs == host.host.clock.nowMs + 200)
        #expect(place == ["ask": ["Jobs": ["j1"]], "pauseMs": 200])

        var pauses: [Int?] = []
        var next = place
        while case .waiting(.poll(let place, _)) = await host.tasks.poll(call, next, host.host.context()) {
            pauses.append(place["pauseMs"]?.int)
            next = place
            if pauses.count == 2 { break }
        }
        #expect(pauses == [300, 450])
        let end = await host.tasks.poll(call, next, host.host.context())
        #expect(end == .succeeded(["JobId": "j1", "JobName": "n", "JobQueue": "q", "Status": "SUCCEEDED"]))
        #expect(batch.script.calls.last?.input == ["jobs": ["j1"]])
    }

    @Test("a failed job is the cause of the failure")
    func failed() async throws {
        let host = try await TaskHost([FakeBatch(["DescribeJobs": [Self.job("FAILED")]])])
        let call = try host.call("batch:submitJob.sync", Self.submission)
        let end = await host.tasks.poll(call, ["ask": ["Jobs": ["j1"]]], host.host.context())
        #expect(
            end
                == .failed(
                    StatesError(
                        "States.TaskFailed", #"{"JobId":"j1","JobName":"n","JobQueue":"q","Status":"FAILED"}"#)))
    }

    @Test("a question that nobody could answer is asked again")
    func unanswered() async throws {
        let host = try await TaskHost([
            FakeBatch(["DescribeJobs": [.failure(AWSError("ServerException", "down", status: 500))]])
        ])
        let call = try host.call("batch:submitJob.sync", Self.submission)
        guard case .waiting = await host.tasks.poll(call, ["ask": ["Jobs": ["j1"]]], host.host.context()) else {
            Issue.record("given up"); return
        }
    }

    @Test("stopping the execution ends the job")
    func cancel() async throws {
        let batch = FakeBatch(["TerminateJob": [.success([:])]])
        let host = try await TaskHost([batch])
        let call = try host.call("batch:submitJob.sync", Self.submission)
        await host.tasks.cancel(call, .poll(["ask": ["Jobs": ["j1"]]], atMs: 0), host.host.context())
        #expect(batch.script.calls.first?.operation == "TerminateJob")
        #expect(batch.script.calls.first?.input["jobId"] == "j1")
    }

    @Test("without .sync the submission is the result; what Batch refuses bears its name")
    func request() async throws {
        let host = try await TaskHost([
            FakeBatch([
                "SubmitJob": [
                    .success(["jobId": "j1", "jobName": "n"]),
                    .failure(AWSError("ClientException", "JobQueue q not found.")),
                ]
            ])
        ])
        guard case .succeeded(let output) = try await host.run("batch:submitJob", Self.submission) else {
            Issue.record("not done"); return
        }
        #expect(output["JobId"] == "j1")
        let refused = try await host.run("batch:submitJob.sync", Self.submission)
        guard case .submitFailed(let error) = refused else { Issue.record("\(refused)"); return }
        #expect(
            error.stable
                == "Batch.ClientException | JobQueue q not found. (Service: AWSBatch; Status Code: 400; "
                + "Error Code: ClientException; Request ID: <id>; Proxy: null)")
    }

    private static let child = "arn:aws:states:us-east-1:000000000000:execution:C:x"

    @Test("a nested execution is waited for; stopping the parent stops it")
    func nested() async throws {
        let states = FakeStates([
            "StartExecution": [.success(["executionArn": .string(Self.child), "startDate": 1700000000.5])],
            "StopExecution": [.success(["stopDate": 1700000001])],
        ])
        let host = try await TaskHost([states])
        let call = try host.call(
            "states:startExecution.sync:2",
            ["StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:C", "Input": ["a": 1]])
        let answer = try await host.run(call)
        guard case .submitted(let output, then: .execution(Self.child)) = answer else {
            Issue.record("\(answer)"); return
        }
        #expect(
            output.object?.keys == ["ExecutionArn", "SdkHttpMetadata", "SdkResponseMetadata", "StartDate"])
        #expect(output["StartDate"] == 1_700_000_000_500)
        #expect(states.script.calls.first?.input["input"] == #"{"a":1}"#)
        await host.tasks.cancel(call, .execution(arn: Self.child), host.host.context())
        #expect(states.script.calls.last?.operation == "StopExecution")
    }

    @Test(
        "the end of a nested execution as recorded of AWS",
        arguments: [
            (".sync", "SUCCEEDED", #""{}""#, #""{\"Arg1\":\"argument1\"}""#),
            (".sync:2", "SUCCEEDED", "{}", #"{"Arg1":"argument1"}"#),
        ])
    func ended(pattern: String, status: String, input: String, output: String) async throws {
        let host = try await TaskHost()
        let call = try host.call("states:startExecution\(pattern)", [:])
        let answer = host.tasks.childEnded(
            call,
            [
                "executionArn": .string(Self.child), "stateMachineArn": "m", "name": "n", "status": .string(status),
                "startDate": 1, "stopDate": 2, "input": "{}", "inputDetails": ["included": true],
                "output": #"{"Arg1":"argument1"}"#, "outputDetails": ["included": true], "redriveCount": 0,
                "redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": "r",
            ])
        #expect(
            answer.output?.text()
                == #"{"ExecutionArn":"\#(Self.child)","Input":\#(input),"InputDetails":{"Included":true},"Name":"n","#
                + #""Output":\#(output),"OutputDetails":{"Included":true},"RedriveCount":0,"#
                + #""RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"r","StartDate":1000,"#
                + #""StateMachineArn":"m","Status":"SUCCEEDED","StopDate":2000}"#)
    }

    @Test("a nested execution that failed is the cause")
    func childFailed() async throws {
        let host = try await TaskHost()
        let answer = host.tasks.childEnded(
            try host.call("states:startExecution.sync", [:]), ["status": "FAILED", "error": "E", "cause": "C"])
        #expect(
            answer
                == .failed(
                    StatesError("States.TaskFailed", #"{"Cause":"C","Error":"E","Status":"FAILED"}"#)))
    }
}
