import BatonCore
import BatonStore
import JSON

/// `Batch Job State Change` events on the default event bus.
enum JobEvents {
    /// A job that has just been submitted: it was SUBMITTED before it was anything else.
    static func submitted(_ job: JobRecord, _ transaction: Transaction, _ batch: Batch) throws {
    }

    static func note(_ job: JobRecord, was: JobStatus, _ transaction: Transaction, _ batch: Batch) throws {
    }
}
