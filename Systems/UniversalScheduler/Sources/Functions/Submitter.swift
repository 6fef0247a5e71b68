import AWSClient
import JSON
import LambdaRuntime
import Logging

/// `BatchSchedulerJobSubmitter`: hands every job that is not done to AWS Batch, with Batch's own dependencies.
///
/// A platform may call a function again whose answer it has lost. So a submission begins with its mark in the history
/// row, and every job carries the mark: the second call finds what the first has submitted.
struct Submitter: Sendable {
    let settings: Settings
    let aws: AWSClient
    let logger: Logger

    /// Gets the document with `submission`, which is the same in every call for one submission.
    @Sendable func handle(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        var schedule = Schedule(event)
        schedule[.started] = schedule[.started] ?? Moment.text(epochMs: aws.surroundings.nowMs())
        let order: [Int]
        do { order = try SubmissionOrder.of(schedule.jobs) } catch {
            schedule.fail(error.description)
            return schedule.json
        }
        schedule.status = .running
        let history = HistoryTable(name: try settings.value(.historyTable), aws: aws)
        let isFirst = try await history.begin(schedule)
        for place in order { await submit(place, of: &schedule, looksForEarlier: !isFirst) }
        return schedule.json
    }

    private func submit(_ place: Int, of schedule: inout Schedule, looksForEarlier: Bool) async {
        let job = schedule.jobs[place]
        guard job.status == nil else { return }
        let waited = job.dependencies.compactMap { name in schedule.jobs.first { $0.name == name } }
        // A dependency that could not be submitted leaves its dependants unset.
        guard waited.allSatisfy({ $0.status != nil && $0.status?.isFailure == false }) else { return }
        let ids = waited.filter { $0.status?.isLive == true }.compactMap(\.id)
        let submission = schedule[.submission] ?? Schedule.unset
        do {
            let batch = Batch(aws: aws)
            var id: String?
            if looksForEarlier { id = try await batch.find(job, submission: submission) }
            if id == nil { id = try await batch.submit(job.request(dependsOn: ids, submission: submission)) }
            schedule.jobs[place].id = id
            schedule.jobs[place].status = .submitted
            logger.info("submitted", metadata: ["job": "\(job.name)", "jobId": "\(id ?? "")"])
        } catch {
            schedule.jobs[place].status = .failed
            schedule.jobs[place].message = "\(error.code): \(error.message)"
            logger.error("not submitted", metadata: ["job": "\(job.name)", "error": "\(error)"])
        }
    }
}
