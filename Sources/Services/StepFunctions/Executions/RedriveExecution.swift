import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// Goes on with an execution that failed, timed out or was stopped in the last 14 days, from where that happened.
/// Errors: InvalidArn, ExecutionDoesNotExist, ExecutionNotRedrivable.
/// Source: Step Functions API reference, RedriveExecution.
enum RedriveExecution: Operation {
    struct Input: Decodable, Sendable {
        let executionArn: String
        let clientToken: String?
    }
    struct Output: Encodable, Sendable { let redriveDate: Double }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let nowMs = context.nowMs
        let record = try context.read { db in
            let record = try ExecutionRecord.existing(input.executionArn, db)
            if let reason = record.redriveHindrance(nowMs: nowMs, events: try record.events(db)) {
                throw StepFunctionsError.notRedrivable(reason)
            }
            return record
        }
        guard try await context.happen(record.id, .redrive) else {
            throw StepFunctionsError.notRedrivable("Execution is RUNNING and cannot be redriven")
        }
        return Output(redriveDate: nowMs.seconds)
    }
}
