import AWSWire
import BatonCore
import BatonProcess
import BatonStore
import BatonTesting
import JSON
import Synchronization
import Testing

@testable import Batch

/// Programs that only exist in the test: what starts is kept until the test lets it end.
final class FakeEngine: JobEngine {
    struct Running: Sendable {
        let launch: JobLaunch
        let handlers: JobProcesses.Handlers
    }
    private let running = Mutex<[Running]>([])
    private let asked = Mutex<[String]>([])

    func prepare() {}
    func start(_ launch: JobLaunch, _ handlers: JobProcesses.Handlers) {
        running.withLock { $0.append(Running(launch: launch, handlers: handlers)) }
        handlers.started()
    }
    func attach(_ folder: JobFolder, mark: String, _ handlers: JobProcesses.Handlers) -> Bool { false }
    func terminate(_ folder: JobFolder) { asked.withLock { $0.append(folder.path) } }
    func stop() {}

    var count: Int { running.withLock { $0.count } }
    var terminated: Int { asked.withLock { $0.count } }
    var launches: [JobLaunch] { running.withLock { $0.map(\.launch) } }

    /// Ends the one that has run longest.
    func end(_ ending: JobExit.Ending? = .exited(code: 0)) {
        let first = running.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        first?.handlers.ended(ending.map { JobExit($0, startedMs: 0, stoppedMs: 1000) })
    }
}

/// A Batch with one queue `q` on an unmanaged environment of a machine with four processors.
struct Account {
    let engine = FakeEngine()
    let test: TestHost

    init() async throws {
        test = try await TestHost([
            Batch(engine: engine, machine: Needs(vcpus: 4000, memory: 4096, gpus: 0))
        ])
        try await test.call(
            "batch", "CreateComputeEnvironment", ["computeEnvironmentName": "ce", "type": "UNMANAGED"])
        try await queue("q")
    }

    func queue(_ name: String, priority: JSON = 1, more: JSON = [:]) async throws {
        var input: JSON = [
            "jobQueueName": .string(name), "priority": priority,
            "computeEnvironmentOrder": [["order": 1, "computeEnvironment": "ce"]],
        ]
        for (key, value) in more.object ?? [:] { input[key] = value }
        try await test.call("batch", "CreateJobQueue", input)
    }

    func define(_ name: String = "d", more: JSON = [:]) async throws {
        var input: JSON = [
            "jobDefinitionName": .string(name), "type": "container",
            "containerProperties": ["image": "host", "command": ["run", "Ref::what"], "vcpus": 1, "memory": 128],
        ]
        for (key, value) in more.object ?? [:] { input[key] = value }
        try await test.call("batch", "RegisterJobDefinition", input)
    }

    func submit(_ definition: String = "d", queue: String = "q", more: JSON = [:]) async throws -> String {
        var input: JSON = ["jobName": "job", "jobQueue": .string(queue), "jobDefinition": .string(definition)]
        for (key, value) in more.object ?? [:] { input[key] = value }
        return try await test.call("batch", "SubmitJob", input)["jobId"]?.string ?? ""
    }

    func job(_ id: String) async throws -> JSON {
        try await test.call("batch", "DescribeJobs", ["jobs": [.string(id)]])["jobs"]?[0] ?? .null
    }

    func status(_ id: String) async throws -> String { try await job(id)["status"]?.string ?? "GONE" }

    /// Lets everybody else go on until it is so.
    func until(_ what: Comment, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<200_000 {
            if try await condition() { return }
            await Task.yield()
        }
        Issue.record(what)
    }

    func until(_ id: String, is status: String) async throws {
        try await until("\(id) is not \(status)") { try await self.status(id) == status }
    }
}

@Suite("Batch jobs")
struct BatchTests {
    @Test("a job goes through its states and tells how it ended")
    func life() async throws {
        let account = try await Account()
        try await account.define()
        let id = try await account.submit(more: ["parameters": ["what": "this"]])
        try await account.until(id, is: "RUNNING")
        #expect(account.engine.launches.first?.command == ["run", "this"])
        account.engine.end(.exited(code: 3))
        try await account.until(id, is: "FAILED")
        let job = try await account.job(id)
        #expect(job["statusReason"] == "Essential container in task exited")
        #expect(job["container"]?["exitCode"] == 3)
        #expect(job["attempts"]?.array?.count == 1)
    }

    @Test("a time-out stops an attempt and is not retried")
    func timeout() async throws {
        let account = try await Account()
        try await account.define(more: ["timeout": ["attemptDurationSeconds": 60], "retryStrategy": ["attempts": 3]])
        let id = try await account.submit()
        try await account.until(id, is: "RUNNING")
        await account.test.advance(byMs: 59_999)
        #expect(account.engine.terminated == 0)
        await account.test.advance(byMs: 1)
        try await account.until("nobody was stopped") { account.engine.terminated > 0 }
        account.engine.end(.signaled(15))
        try await account.until(id, is: "FAILED")
        let job = try await account.job(id)
        #expect(job["statusReason"] == "Job attempt duration exceeded timeout")
        #expect(job["container"]?["exitCode"] == 143)
    }

    @Test("a lost runner is a failed attempt that strategies for lost machines retry")
    func lost() async throws {
        let account = try await Account()
        let strategy: JSON = [
            "attempts": 2,
            "evaluateOnExit": [
                ["onStatusReason": "Host EC2*", "action": "RETRY"], ["onReason": "*", "action": "EXIT"],
            ],
        ]
        try await account.define(more: ["retryStrategy": strategy])
        let id = try await account.submit()
        try await account.until(id, is: "RUNNING")
        account.engine.end(nil)
        try await account.until("no second attempt") { account.engine.count == 1 }
        account.engine.end()
        try await account.until(id, is: "SUCCEEDED")
        let attempts = try await account.job(id)["attempts"]
        #expect(attempts?[0]?["statusReason"]?.string?.hasPrefix("Host EC2") == true)
        #expect(attempts?[1]?["container"]?["exitCode"] == 0)
    }

    @Test("an array of 10,000 children starts no more than fit, and ends with the last")
    func largeArray() async throws {
        let account = try await Account()
        try await account.define()
        let id = try await account.submit(more: ["arrayProperties": ["size": 10_000]])
        let after = try await account.submit(more: ["dependsOn": [["jobId": .string(id)]]])
        try await account.until("four do not run") { account.engine.count == 4 }
        #expect(try await account.status(id) == "PENDING")
        #expect(try await account.job(id)["arrayProperties"]?["size"] == 10_000)
        #expect(try await account.job("\(id):9999")["status"] == "RUNNABLE")
        try await account.test.call("batch", "TerminateJob", ["jobId": .string(id), "reason": "enough"])
        for _ in 0..<4 { account.engine.end(.signaled(15)) }
        try await account.until(id, is: "FAILED")
        let array = try await account.job(id)
        #expect(array["arrayProperties"]?["statusSummary"]?["FAILED"] == 10_000)
        #expect(array["statusReason"] == "enough")
        #expect(try await account.job(after)["statusReason"] == "Dependent Job failed")
    }

    @Test("jobs are remembered for seven days")
    func history() async throws {
        let account = try await Account()
        try await account.define()
        let id = try await account.submit()
        try await account.until(id, is: "RUNNING")
        account.engine.end()
        try await account.until(id, is: "SUCCEEDED")
        await account.test.advance(byMs: 7 * 86_400_000)
        #expect(try await account.status(id) == "SUCCEEDED")
        await account.test.advance(byMs: 3_600_001)
        try await account.until(id, is: "GONE")
    }

    @Test("a queue may cancel what stays RUNNABLE too long")
    func timeLimit() async throws {
        let account = try await Account()
        let action: JSON = [
            "reason": "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY", "state": "RUNNABLE", "maxTimeSeconds": 600,
            "action": "CANCEL",
        ]
        try await account.queue("limited", more: ["jobStateTimeLimitActions": [action]])
        try await account.define(
            "large", more: ["containerProperties": ["command": ["x"], "vcpus": 4, "memory": 128]])
        let first = try await account.submit("large", queue: "limited")
        let second = try await account.submit("large", queue: "limited")
        try await account.until(first, is: "RUNNING")
        await account.test.advance(byMs: 600_000)
        try await account.until(second, is: "FAILED")
        #expect(try await account.job(second)["statusReason"] == "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY")
        #expect(try await account.status(first) == "RUNNING")
    }

    @Test("a job that is too large for its queue says so and waits")
    func misfit() async throws {
        let account = try await Account()
        let resources: JSON = ["type": "FARGATE", "maxvCpus": 2, "subnets": ["s"]]
        try await account.test.call(
            "batch", "CreateComputeEnvironment",
            ["computeEnvironmentName": "small", "type": "MANAGED", "computeResources": resources])
        try await account.queue(
            "small", more: ["computeEnvironmentOrder": [["order": 1, "computeEnvironment": "small"]]])
        try await account.define(
            "large", more: ["containerProperties": ["command": ["x"], "vcpus": 4, "memory": 128]])
        let id = try await account.submit("large", queue: "small")
        let job = try await account.job(id)
        #expect(job["status"] == "RUNNABLE")
        #expect(job["statusReason"]?.string?.hasPrefix("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT") == true)
    }

    @Test("a retry gives back what the attempt had booked")
    func bookings() async throws {
        let account = try await Account()
        try await account.define(
            "large",
            more: [
                "containerProperties": ["command": ["x"], "vcpus": 4, "memory": 128], "retryStrategy": ["attempts": 5],
            ])
        let id = try await account.submit("large")
        for _ in 0..<4 {
            try await account.until("nothing runs") { account.engine.count == 1 }
            account.engine.end(.exited(code: 1))
        }
        try await account.until("no fifth attempt") { account.engine.count == 1 }
        account.engine.end()
        try await account.until(id, is: "SUCCEEDED")
        let next = try await account.submit("large")
        try await account.until(next, is: "RUNNING")
    }

    @Test("a queue with a fair-share policy lets shares take turns")
    func fairShare() async throws {
        let account = try await Account()
        let policy = try await account.test.call(
            "batch", "CreateSchedulingPolicy",
            [
                "name": "p",
                "fairsharePolicy": ["shareDistribution": [["shareIdentifier": "A"], ["shareIdentifier": "B"]]],
            ])
        try await account.queue("fair", more: ["schedulingPolicyArn": policy["arn"] ?? ""])
        try await account.define()
        var ids: [String] = []
        for share in ["A", "A", "A", "A", "A", "B", "B"] {
            ids.append(try await account.submit(queue: "fair", more: ["shareIdentifier": .string(share)]))
        }
        try await account.until("four do not run") { account.engine.count == 4 }
        account.engine.end()
        let b = ids[5]
        try await account.until(b, is: "RUNNING")
        let error = await account.test.failure(
            "batch", "SubmitJob", ["jobName": "x", "jobQueue": "fair", "jobDefinition": "d"])
        #expect(error?.message.contains("shareIdentifier") == true)
    }
}
