import AWSWire
import BatonCore
import BatonStore

/// Ends a running move task; what it has moved stays moved.
/// Errors: ResourceNotFoundException, UnsupportedOperation. Source: SQS API reference, CancelMessageMoveTask.
enum CancelMessageMoveTask: WriteOperation {
    struct Input: Decodable, Sendable { let taskHandle: String }
    struct Output: Encodable, Sendable { let approximateNumberOfMessagesMoved: Int }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let (id, source) = try MoveTask.parse(input.taskHandle)
        _ = try context.sqs.queues.named(source, "SourceArn")
        return { tx in
            guard let task = try MoveTask.find(id, tx.db), task.source == source else {
                throw SQSError.notFound("Task does not exist.")
            }
            // Assumed: code and message.
            guard task.status == MoveTask.Status.running.rawValue else {
                throw SQSError.unsupported("Only active tasks can be cancelled.")
            }
            try tx.execute(
                "UPDATE sqs_move_tasks SET status = ? WHERE id = ?", MoveTask.Status.cancelled.rawValue, id)
            try tx.cancelDue(kind: MoveTask.kind, key: id)
            return Output(approximateNumberOfMessagesMoved: task.moved)
        }
    }
}
