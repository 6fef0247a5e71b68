import JSON

/// What a job of Batch is like, as `DescribeJobs` shows it.
struct JobReport: Equatable, Sendable {
    let status: JobStatus
    let reason: String?
}

/// The decisions about a run: which jobs to look at, what their states mean for the whole, what a restart repeats.
extension Schedule {
    /// The ids that Batch has to be asked about. Jobs that are done keep their status: an operator's PASS stays.
    var idsToPoll: [String] { jobs.filter { $0.status?.isLive == true }.compactMap(\.id) }

    /// Takes over what Batch reports. A job that Batch does not know is NOTFOUND.
    mutating func absorb(_ reports: [String: JobReport]) {
        for place in jobs.indices where jobs[place].status?.isLive == true {
            guard let id = jobs[place].id else { continue }
            let report = reports[id]
            jobs[place].status = report?.status ?? .notFound
            if jobs[place].status?.isFailure == true {
                jobs[place].message = report?.reason ?? "AWS Batch does not know job \(id)"
            }
        }
    }

    /// The whole by its parts, once all that was submitted has come to its end: until then a failure waits for its
    /// siblings.
    mutating func conclude() {
        if jobs.contains(where: { $0.status?.isLive == true }) {
            status = .running
        } else if jobs.allSatisfy({ $0.status?.isDone == true }) {
            status = .succeeded
        } else {
            status = .failed
        }
    }

    /// The jobs to be terminated now, by id.
    var idsToTerminate: [String] {
        guard terminatesOnFailure, jobs.contains(where: { $0.status?.isFailure == true }) else { return [] }
        return idsToPoll
    }

    /// Prepares a restart, once ``absorb(_:)`` has told what became of the jobs that were live: what failed is
    /// repeated, and so is what waits for it, since Batch is about to fail that too.
    mutating func reset() {
        var repeated: Set<String> = []
        // A schedule that ran has an order; one that could not run has nothing submitted.
        for place in (try? SubmissionOrder.of(jobs)) ?? Array(jobs.indices) {
            let job = jobs[place]
            let isDoomed = job.status?.isWaiting == true && job.dependencies.contains(where: repeated.contains)
            guard job.status == nil || job.status?.isFailure == true || isDoomed else { continue }
            repeated.insert(job.name)
            jobs[place].reset()
        }
        status = nil
        self[.message] = nil
        restartCount += 1
    }
}
