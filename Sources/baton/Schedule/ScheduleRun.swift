import AWSClient
import JSON

/// One row of the universal scheduler's history, or a schedule that has not run: what people want to see of it.
struct ScheduleRun: Sendable {
    struct Job: Sendable {
        let name: String
        let dependencies: [String]
        var status: String
        var id: String?
        let message: String?
        /// Of the latest attempt, epoch milliseconds, where Batch has told.
        var startedMs: Int64?
        var stoppedMs: Int64?

        var isDone: Bool { ["SUCCEEDED", "PASS", "SKIP"].contains(status) }
        var isFailed: Bool { ["FAILED", "NOTFOUND"].contains(status) }
        var isLive: Bool { !isDone && !isFailed && !status.isEmpty }
    }

    let document: JSON
    let scheduleId: String
    let started: String
    let status: String
    let message: String?
    let executionArn: String?
    var jobs: [Job]

    /// - Parameter item: with DynamoDB's types.
    init(item: JSON) {
        document = DynamoItem.plain(item: item)
        func text(_ json: JSON?) -> String { (json?.string ?? "").contains { $0 != " " } ? json?.string ?? "" : "" }
        scheduleId = text(document["scheduleId"])
        started = text(document["startDateTime"])
        status = text(document["scheduleStatus"])
        let said = text(document["scheduleMessage"])
        message = said.isEmpty ? nil : said
        executionArn = document["executionArn"]?.string
        jobs = (document["jobList"]?.array ?? []).map { job in
            let id = text(job["jobId"]?["jobId"] ?? job["jobId"])
            let message = text(job["jobMessage"])
            return Job(
                name: text(job["jobName"]), dependencies: (job["jobDependencies"]?.array ?? []).compactMap(\.string),
                status: text(job["jobStatus"]), id: id.isEmpty ? nil : id, message: message.isEmpty ? nil : message)
        }
    }

    var isOver: Bool { status == "SUCCEEDED" || status == "FAILED" }

    /// What Batch knows now, which is newer than the row. An operator's word stays.
    mutating func take(_ reports: [String: JSON]) {
        for place in jobs.indices {
            guard let id = jobs[place].id, let report = reports[id] else { continue }
            if jobs[place].isLive { jobs[place].status = report["status"]?.string ?? jobs[place].status }
            jobs[place].startedMs = report["startedAt"]?.int.map(Int64.init)
            jobs[place].stoppedMs = report["stoppedAt"]?.int.map(Int64.init)
        }
    }
}

/// A run's jobs as lines of text: each under the dependency that lies deepest.
struct JobTree {
    let isColoured: Bool

    func lines(_ run: ScheduleRun, nowMs: Int64) -> [String] {
        let places = Dictionary(run.jobs.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var children: [Int: [Int]] = [:]
        var roots: [Int] = []
        let depths = depths(run.jobs, places)
        for (place, job) in run.jobs.enumerated() {
            let parent = job.dependencies.compactMap { places[$0] }.filter { depths[$0] < depths[place] }
                .max { depths[$0] < depths[$1] }
            if let parent { children[parent, default: []].append(place) } else { roots.append(place) }
        }
        var lines: [String] = []
        func add(_ jobs: [Int], _ indent: String) {
            for (position, place) in jobs.enumerated() {
                let isLast = position == jobs.count - 1
                lines.append(indent + (isLast ? "└─ " : "├─ ") + line(run.jobs[place], nowMs))
                add(children[place] ?? [], indent + (isLast ? "   " : "│  "))
            }
        }
        add(roots, "")
        return lines
    }

    /// The longest way from a job without dependencies; what lies in a cycle has depth 0.
    private func depths(_ jobs: [ScheduleRun.Job], _ places: [String: Int]) -> [Int] {
        var depths = [Int](repeating: 0, count: jobs.count)
        var open = jobs.map { $0.dependencies.count { places[$0] != nil } }
        var dependants = [[Int]](repeating: [], count: jobs.count)
        for (place, job) in jobs.enumerated() {
            for name in job.dependencies { if let other = places[name] { dependants[other].append(place) } }
        }
        var ready = jobs.indices.filter { open[$0] == 0 }
        while let place = ready.popLast() {
            for dependant in dependants[place] {
                depths[dependant] = max(depths[dependant], depths[place] + 1)
                open[dependant] -= 1
                if open[dependant] == 0 { ready.append(dependant) }
            }
        }
        return depths
    }

    func line(_ job: ScheduleRun.Job, _ nowMs: Int64) -> String {
        let (sign, colour) =
            switch job.status {
            case "SUCCEEDED": ("✔", 32)
            case "PASS", "SKIP": ("↷", 33)
            case "FAILED", "NOTFOUND": ("✘", 31)
            case "RUNNING", "STARTING": ("●", 36)
            default: ("○", 37)
            }
        var words = [isColoured ? "\u{1B}[\(colour)m\(sign)\u{1B}[0m" : sign, job.name]
        words.append(job.status.isEmpty ? "not submitted" : job.status)
        if let started = job.startedMs { words.append(TreeText.duration((job.stoppedMs ?? nowMs) - started)) }
        if job.dependencies.count > 1 { words.append("after \(job.dependencies.joined(separator: ", "))") }
        if job.isFailed, let message = job.message { words.append(message) }
        return words.joined(separator: "  ")
    }
}
