import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Deletes a compute environment that is DISABLED and that no queue names.
/// Errors: ClientException. Source: Batch API reference, DeleteComputeEnvironment.
enum DeleteComputeEnvironment: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable { let computeEnvironment: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let batch = context.service(Batch.self)
        return { transaction in
            guard let record = try EnvironmentRecord.find(input.computeEnvironment, context, transaction.db) else {
                throw BatchError.missing(input.computeEnvironment)
            }
            guard record.state == "DISABLED" else {
                throw BatchError.client("Cannot delete, compute environment must be in the DISABLED state")
            }
            let queues = try transaction.rows(
                "SELECT * FROM batch_queue WHERE account = ? AND region = ?", context.account, context.region
            ).map(QueueRecord.init)
            guard !queues.contains(where: { $0.environments.contains(record.arn) }) else {
                throw BatchError.client("Cannot delete, found existing JobQueue relationship")
            }
            try transaction.execute("DELETE FROM batch_environment WHERE id = ?", record.id)
            batch.changed(nil as EnvironmentRecord?, id: record.id, transaction)
            return Nothing()
        }
    }
}
