/// The quotas of SQS. Source: SQS API reference and developer guide ("Amazon SQS quotas").
///
/// Not kept, on purpose: a queue can be created again at once after it was deleted (AWS: `QueueDeletedRecently` for
/// 60 seconds), and there are no quotas on requests per second.
enum Limits {
    /// Bytes of one message with its attributes, and of all messages of one batch.
    static let messageBytes = 1_048_576
    static let messageAttributes = 10
    static let attributeNameLength = 256
    static let batchEntries = 10
    static let batchEntryIdLength = 80
    static let queueNameLength = 80
    /// Characters of `MessageGroupId`, `MessageDeduplicationId` and `ReceiveRequestAttemptId`.
    static let idLength = 128
    static let messagesPerReceive = 1...10
    static let waitSeconds = 0...20
    static let delaySeconds = 0...900
    static let visibilitySeconds = 0...43_200
    /// Messages of one queue that are received and not deleted.
    static let inFlight = 120_000
    static let deduplicationMs: Int64 = 300_000
    /// How long a `ReceiveRequestAttemptId` returns the same messages.
    static let attemptMs: Int64 = 300_000
    static let purgeIntervalMs: Int64 = 60_000
    static let maxReceiveCount = 1...1000
    static let redriveSources = 10
    static let tags = 50
    static let permissionActions = 7
    static let movesPerSecond = 1...500
    static let listedMoveTasks = 1...10
    static let listedQueues = 1...1000
}
