import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Deletes a job queue that is DISABLED; jobs that are still in it are terminated.
/// Errors: ClientException. Source: Batch API reference, DeleteJobQueue.
enum DeleteJobQueue: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable { let jobQueue: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let batch = context.service(Batch.self)
        return { transaction in
            guard let record = try QueueRecord.find(input.jobQueue, context, transaction.db) else {
                throw BatchError.missing(input.jobQueue)
            }
            guard record.state == "DISABLED" else {
                throw BatchError.client("Cannot delete, job queue must be in the DISABLED state")
            }
            try JobLedger.run(transaction, batch) { ledger in
                let rows = try transaction.rows(
                    "SELECT seq FROM batch_job WHERE queue_id = ? AND parent IS NULL AND status < 5", record.id)
                for row in rows { ledger.tell(row["seq"], .terminate(reason: "Job queue deleted")) }
            }
            try transaction.execute("DELETE FROM batch_queue WHERE id = ?", record.id)
            try batch.changed(nil as QueueRecord?, id: record.id, transaction)
            return Nothing()
        }
    }
}
