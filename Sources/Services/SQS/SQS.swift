public import BatonCore
public import BatonStore

/// Amazon SQS: queues, standard and FIFO, with every message a row.
///
/// In memory are only the queues' settings (``Queues``) and the open long polls (``LongPolls``); both are rebuilt.
public final class SQS: Service {
    public static let id = "sqs"

    public static let operations: [any Operation.Type] = [
        AddPermission.self, CancelMessageMoveTask.self, ChangeMessageVisibility.self,
        ChangeMessageVisibilityBatch.self, CreateQueue.self, DeleteMessage.self, DeleteMessageBatch.self,
        DeleteQueue.self, GetQueueAttributes.self, GetQueueUrl.self, ListDeadLetterSourceQueues.self,
        ListMessageMoveTasks.self, ListQueues.self, ListQueueTags.self, PurgeQueue.self, ReceiveMessage.self,
        RemovePermission.self, SendMessage.self, SendMessageBatch.self, SetQueueAttributes.self,
        StartMessageMoveTask.self, TagQueue.self, UntagQueue.self,
    ]

    public static let migrations = [Schema.first]

    let queues = Queues()
    let polls = LongPolls()
    let inFlight = InFlight()
    private let retention = Retention()

    public init() {}

    public func start(_ host: Host) async throws {
        try host.store.read { db in try queues.load(db) }
        polls.start(host.clock)
        host.onDue(LaneSweep.kind) { row, _ in LaneSweep.step(row) }
        host.onDue(MoveTask.kind) { row, context in MoveTask.step(row, context) }
        retention.start(host, queues)
    }

    public func stop() async {
        retention.stop()
        polls.stop()
    }
}

extension Context {
    var sqs: SQS { service(SQS.self) }
}
