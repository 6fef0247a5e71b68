import AWSClient
import JSON
import LambdaRuntime

/// `BatchScheduleReset`: prepares a restart. Jobs that still run go on; what failed is submitted again.
struct Resetter: Sendable {
    let aws: AWSClient

    @Sendable func handle(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        var schedule = Schedule(event)
        schedule.absorb(try await Batch(aws: aws).describe(schedule.idsToPoll))
        schedule.reset()
        return schedule.json
    }
}
