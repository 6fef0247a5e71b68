import AWSClient
import JSON

/// What the functions ask AWS Batch.
struct Batch: Sendable {
    let aws: AWSClient
    /// Of `DescribeJobs`.
    private static let idsPerCall = 100

    /// Reports by id; jobs that Batch does not know are absent.
    func describe(_ ids: [String]) async throws(AWSError) -> [String: JobReport] {
        var reports: [String: JobReport] = [:]
        for job in try await jobs(ids) {
            guard let id = job["jobId"]?.string, let status = job["status"]?.string.flatMap(JobStatus.init) else {
                continue
            }
            reports[id] = JobReport(status: status, reason: job["statusReason"]?.string)
        }
        return reports
    }

    private func jobs(_ ids: [String]) async throws(AWSError) -> [JSON] {
        var found: [JSON] = []
        for start in stride(from: 0, to: ids.count, by: Self.idsPerCall) {
            let group = ids[start..<min(start + Self.idsPerCall, ids.count)]
            let answer = try await aws.call("batch", "DescribeJobs", ["jobs": .array(group.map(JSON.string))])
            found += answer["jobs"]?.array ?? []
        }
        return found
    }

    /// - Returns: Batch's id of the job.
    func submit(_ request: JSON) async throws(AWSError) -> String {
        try await aws.call("batch", "SubmitJob", request)["jobId"]?.string ?? ""
    }

    /// The id of the job that an earlier attempt of the same submission has left in the queue.
    func find(_ job: Job, submission: String) async throws(AWSError) -> String? {
        let filter: JSON = ["name": "JOB_NAME", "values": [.string(job.name)]]
        var token: JSON?
        repeat {
            var input: JSON.Object = ["jobQueue": .string(job.queue), "filters": [filter]]
            input["nextToken"] = token
            let page = try await aws.call("batch", "ListJobs", .object(input))
            let ids = (page["jobSummaryList"]?.array ?? []).compactMap { $0["jobId"]?.string }
            for candidate in try await jobs(ids)
            where candidate["tags"]?[Job.submissionTag]?.string == submission {
                return candidate["jobId"]?.string
            }
            token = page["nextToken"]
        } while token != nil
        return nil
    }

    /// A job that has ended in the meantime is left alone by Batch.
    func terminate(_ ids: [String], reason: String) async throws(AWSError) {
        for id in ids {
            _ = try await aws.call("batch", "TerminateJob", ["jobId": .string(id), "reason": .string(reason)])
        }
    }
}
