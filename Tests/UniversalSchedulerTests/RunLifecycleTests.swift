import JSON
import Testing

@testable import UniversalScheduler

@Suite("A run")
struct RunLifecycleTests {
    @Test("asks Batch only about jobs that are not done: an operator's PASS stays")
    func idsToPoll() {
        let run = schedule("a = SUCCEEDED", "b = PASS", "c = SKIP", "d = FAILED", "e = RUNNING", "f = PENDING", "g")
        #expect(run.idsToPoll == ["id of e", "id of f"])
    }

    @Test("takes over what Batch reports; an unknown job is NOTFOUND")
    func absorb() {
        var run = schedule("a = SUBMITTED", "b = RUNNING", "c = RUNNING", "d = PASS")
        run.absorb([
            "id of a": JobReport(status: .succeeded, reason: nil),
            "id of b": JobReport(status: .failed, reason: "Essential container in task exited"),
            "id of d": JobReport(status: .failed, reason: nil),
        ])
        #expect(run.states == ["a = SUCCEEDED", "b = FAILED", "c = NOTFOUND", "d = PASS"])
        #expect(run.jobs[1].message == "Essential container in task exited")
        #expect(run.jobs[2].message == "AWS Batch does not know job id of c")
    }

    @Test(
        "ends when all that was submitted has ended",
        arguments: [
            (schedule("a = SUCCEEDED", "b = SUCCEEDED"), .succeeded),
            (schedule("a = SUCCEEDED", "b = PASS", "c = SKIP"), .succeeded),
            (schedule("a = FAILED", "b = RUNNING"), .running),
            (schedule("a = FAILED", "b = SUCCEEDED"), .failed),
            (schedule("a = NOTFOUND", "b = SUCCEEDED"), .failed),
            (schedule("a = FAILED", "b < a"), .failed),
            (schedule("a = SUCCEEDED", "b < a = PENDING"), .running),
            (schedule(), .succeeded),
        ] as [(Schedule, ScheduleStatus)])
    func conclude(_ run: Schedule, status: ScheduleStatus) {
        var run = run
        run.conclude()
        #expect(run.status == status)
    }

    @Test("terminates its other jobs at the first failure only where the document says so")
    func terminate() {
        #expect(schedule("a = FAILED", "b = RUNNING").idsToTerminate == [])
        #expect(schedule("a = FAILED", "b = RUNNING", onFailure: "drain").idsToTerminate == [])
        #expect(schedule("a = FAILED", "b = RUNNING", onFailure: "terminate").idsToTerminate == ["id of b"])
        #expect(schedule("a = SUCCEEDED", "b = RUNNING", onFailure: "terminate").idsToTerminate == [])
    }

    @Test(
        "is restarted: what failed, and what waits for it, is repeated; what is done or still runs is not",
        arguments: [
            (
                schedule("a = SUCCEEDED", "b < a = FAILED", "c < b = FAILED"),
                ["a = SUCCEEDED", "b = unset", "c = unset"]
            ),
            (schedule("a = PASS", "b < a = FAILED"), ["a = PASS", "b = unset"]),
            (schedule("a = RUNNING", "b < a = PENDING"), ["a = RUNNING", "b = PENDING"]),
            (schedule("a = FAILED", "b < a = PENDING", "c < b = PENDING"), ["a = unset", "b = unset", "c = unset"]),
            (schedule("b < a = PENDING", "a = NOTFOUND"), ["b = unset", "a = unset"]),
            (schedule("a = SUCCEEDED", "b = SUCCEEDED"), ["a = SUCCEEDED", "b = SUCCEEDED"]),
        ])
    func reset(_ run: Schedule, states: [String]) {
        var run = run
        run.status = .restart
        run.reset()
        #expect(run.states == states)
        #expect(run.status == nil)
        #expect(run.restartCount == 1)
        #expect(run.jobs.allSatisfy { $0.status != nil || $0.id == nil })
    }

    @Test("tells people how it ended, and how to restart it when it failed")
    func report() throws {
        var run = schedule("job3 = FAILED", "job4 = SUCCEEDED", "job5 < job3 = FAILED")
        run[.started] = "2018-09-22T19:57:28.446117"
        run.status = .failed
        let report = RunReport(run)
        #expect(report.subject == "Batch schedule: nightly FAILED")
        #expect(
            report.body.split(separator: "\n").prefix(3) == [
                "Batch schedule nightly (nightly), started 2018-09-22T19:57:28.446117, status FAILED.",
                "Failed job: job3", "Failed job: job5",
            ])
        #expect(report.body.contains(#""startDateTime":"2018-09-22T19:57:28.446117","scheduleStatus":"RESTART""#))
        #expect(!report.body.contains("job4"))
        run.status = .succeeded
        #expect(!RunReport(run).body.contains("RESTART"))
    }

    @Test("has a subject of at most 100 characters")
    func longSubject() {
        let run = Schedule(["scheduleId": .string(String(repeating: "x", count: 200))])
        #expect(RunReport(run).subject.count == 100)
    }
}
