import AWSClient
import JSON
import LambdaRuntime
import Logging

/// `BatchScheduleJobPoller`: looks at the jobs and decides whether the run has come to its end.
struct Poller: Sendable {
    let aws: AWSClient
    let logger: Logger

    @Sendable func handle(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        var schedule = Schedule(event)
        let batch = Batch(aws: aws)
        schedule.absorb(try await batch.describe(schedule.idsToPoll))
        let rest = schedule.idsToTerminate
        if !rest.isEmpty {
            logger.info("terminating the rest", metadata: ["jobs": "\(rest.count)"])
            try await batch.terminate(rest, reason: "A job of schedule \(schedule.id) failed")
        }
        schedule.conclude()
        return schedule.json
    }
}
