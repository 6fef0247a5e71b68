import AWSClient
import JSON
import LambdaRuntime
import Logging

/// `updateBatchHistory`: writes the run's row.
struct Recorder: Sendable {
    let settings: Settings
    let aws: AWSClient
    let logger: Logger

    /// A row that cannot be written does not end the run: the reason travels on in `scheduleMessage`.
    @Sendable func handle(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        var schedule = Schedule(event)
        let now = Moment.text(epochMs: aws.surroundings.nowMs())
        schedule[.last] = now
        schedule[.started] = schedule[.started] ?? now
        do {
            try await HistoryTable(name: settings.value(.historyTable), aws: aws).put(schedule)
        } catch let error as AWSError {
            logger.error("history not written", metadata: ["error": "\(error)"])
            schedule[.message] = "Error: \(error.message)"
        }
        return schedule.json
    }
}
