import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Cancels a job that has not progressed to STARTING; of an array, all children that have not. Others go on.
/// Errors: ClientException. Source: Batch API reference, CancelJob.
enum CancelJob: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable {
        let jobId: String
        let reason: String
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try StopJob.prepare(input.jobId, .cancel(reason: input.reason), context)
    }
}

/// What CancelJob and TerminateJob share.
enum StopJob {
    static func prepare(
        _ id: String, _ event: JobLifecycle.Event, _ context: Context
    ) throws(AWSError) -> Write<Nothing> {
        let batch = context.service(Batch.self)
        let id = ResourceKind.job.name(id)
        return { transaction in
            let row = try transaction.row(
                "SELECT seq FROM batch_job WHERE id = ? AND account = ? AND region = ?", id, context.account,
                context.region)
            guard let seq = row?["seq"] as Int64? else {
                throw BatchError.executing("Job \(id) does not exist", context)
            }
            try JobLedger.run(transaction, batch) { $0.tell(seq, event) }
            return Nothing()
        }
    }
}
