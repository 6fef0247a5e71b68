import JSON
import Testing

@testable import baton

@Suite("A schedule's run")
struct JobTreeTests {
    /// `job4 < job1, job2 = RUNNING`
    private func run(_ lines: String...) -> ScheduleRun {
        let jobs = lines.map { line -> JSON in
            let halves = line.split(separator: "=").map { $0.split(separator: " ").joined(separator: " ") }
            let names = halves[0].split(separator: "<").map { $0.split(separator: " ").joined() }
            let dependencies =
                names.count > 1 ? names[1].split(separator: ",").map { ["S": JSON.string(String($0))] as JSON } : []
            return [
                "M": [
                    "jobName": ["S": .string(names[0])], "jobDependencies": ["L": .array(dependencies)],
                    "jobStatus": ["S": .string(halves.count > 1 ? halves[1] : " ")],
                    "jobId": ["M": ["jobId": ["S": .string("id of \(names[0])")]]],
                ]
            ]
        }
        return ScheduleRun(item: ["scheduleId": ["S": "nightly"], "jobList": ["L": .array(jobs)]])
    }

    @Test("shows each job under the dependency that lies deepest")
    func tree() {
        let run = run(
            "job1 = SUCCEEDED", "job2 < job1 = FAILED", "job3 < job1 = PASS", "job4 < job1, job2 = RUNNING",
            "job5 < job2, job3, job4")
        #expect(
            JobTree(isColoured: false).lines(run, nowMs: 0) == [
                "└─ ✔  job1  SUCCEEDED", "   ├─ ✘  job2  FAILED", "   │  └─ ●  job4  RUNNING  after job1, job2",
                "   │     └─ ○  job5  not submitted  after job2, job3, job4", "   └─ ↷  job3  PASS",
            ])
    }

    @Test("shows what cannot run, too")
    func cycle() {
        #expect(
            JobTree(isColoured: false).lines(run("a < b", "b < a", "c < ghost"), nowMs: 0)
                == ["├─ ○  a  not submitted", "├─ ○  b  not submitted", "└─ ○  c  not submitted"])
    }

    @Test("knows what Batch says now, but for what an operator has said")
    func reports() {
        var run = run("a = RUNNING", "b = PASS")
        let report: JSON = ["status": "FAILED", "startedAt": 1000, "stoppedAt": 4000]
        run.take(["id of a": report, "id of b": report])
        #expect(
            JobTree(isColoured: false).lines(run, nowMs: 0) == ["├─ ✘  a  FAILED  3.0 s", "└─ ↷  b  PASS  3.0 s"])
    }
}
