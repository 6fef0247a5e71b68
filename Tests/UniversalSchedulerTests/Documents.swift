import JSON

@testable import UniversalScheduler

/// Documents of tests: `job2 < job1` is a job that waits for another, `job2 < job1 = FAILED` one whose status is known.
func schedule(_ lines: String..., onFailure: String? = nil) -> Schedule {
    var document: JSON.Object = ["scheduleId": "nightly", "jobList": .array(lines.map(job))]
    document["onFailure"] = onFailure.map(JSON.string)
    return Schedule(.object(document))
}

private func job(_ line: String) -> JSON {
    let halves = line.split(separator: "=").map { $0.trimmed }
    let names = (halves.first ?? "").split(separator: "<").map { $0.trimmed }
    let dependencies = names.count > 1 ? names[1].split(separator: ",").map { JSON.string($0.trimmed) } : []
    var job: JSON.Object = [
        "jobName": .string(names.first ?? ""), "jobDefinition": "definition", "jobQueue": "queue",
        "jobDependencies": .array(dependencies), "jobStatus": " ", "jobId": " ",
    ]
    if halves.count > 1 {
        job["jobStatus"] = .string(halves[1])
        job["jobId"] = ["jobId": .string("id of \(names.first ?? "")")]
    }
    return .object(job)
}

extension StringProtocol {
    var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}

extension Schedule {
    /// What became of the jobs, as in the lines that made them.
    var states: [String] { jobs.map { "\($0.name) = \($0.status?.rawValue ?? "unset")" } }
}
