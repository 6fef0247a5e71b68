import GRDB
import AWSWire
import BatonCore
import BatonStore

/// Creates a queue; one that exists with the same values of the given attributes is returned as it is.
///
/// The name of a FIFO queue ends in `.fifo`, and its attribute `FifoQueue` is `true`.
/// Errors: QueueNameExists, InvalidAttributeName, InvalidAttributeValue. Source: SQS API reference, CreateQueue.
enum CreateQueue: WriteOperation {
    struct Input: Decodable, Sendable {
        let queueName: String
        let attributes: [String: String]?
        let tags: [String: String]?
    }
    struct Output: Encodable, Sendable { let queueUrl: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let given = input.attributes ?? [:]
        let isFifo = try checkName(input.queueName, given)
        let attributes = try QueueAttributes.merge(given, into: nil, isFifo: isFifo)
        let key = QueueKey(account: context.account, region: context.region, name: input.queueName)
        let tags = input.tags ?? [:]
        try QueueTags.check(tags, of: key)
        let queues = context.sqs.queues
        let output = Output(queueUrl: key.url(context))
        return { tx in
            if let queue = try Queue.find(key, tx.db) {
                if let name = queue.settings.difference(given) { throw SQSError.queueNameExists(name) }
                return output
            }
            try RedrivePolicy.check(given, for: key, isFifo: isFifo, queues)
            try tx.execute(
                """
                INSERT INTO sqs_queues (lane, account, region, name, attributes, tags, created_ms, modified_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, try tx.newLane(), key.account, key.region, key.name, StringMap.text(attributes),
                StringMap.text(tags), tx.nowMs, tx.nowMs)
            try tx.changeQueue(tx.db.lastInsertedRowID, queues) { _ in }
            return output
        }
    }

    /// - Returns: whether it is to be a FIFO queue.
    private static func checkName(_ name: String, _ given: [String: String]) throws(AWSError) -> Bool {
        let isFifo = given["FifoQueue"] == "true"
        guard isFifo else {
            guard MessageText.isName(name) else {
                throw SQSError.invalid(
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
            }
            return false
        }
        guard name.hasSuffix(".fifo"), name.utf8.count <= Limits.queueNameLength,
            MessageText.isName(name.dropLast(5))
        else {
            throw SQSError.invalid(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
                    + "must end with .fifo suffix and be 1 to 80 in length.")
        }
        return true
    }
}
