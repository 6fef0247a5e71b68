import AWSWire
import BatonCore
import BatonStore
import JSON
import Synchronization

/// Takes up to ten messages and hides them for `VisibilityTimeout` seconds (0–43200; default: the queue's). Without
/// any it waits for `WaitTimeSeconds` (0–20; default: the queue's) until one comes.
///
/// FIFO queues hand out a message group in its order, and nothing of a group while messages of it are in flight. A
/// message that was received `maxReceiveCount` times goes to the dead-letter queue instead.
/// Errors: QueueDoesNotExist, OverLimit (short polls of standard queues with 120,000 messages in flight). Source: SQS
/// API reference, ReceiveMessage.
enum ReceiveMessage: SubmittedOperation {
    struct Input: Decodable, Sendable {
        let queueUrl: String
        let attributeNames: [String]?
        let messageSystemAttributeNames: [String]?
        let messageAttributeNames: [String]?
        let maxNumberOfMessages: Int?
        let visibilityTimeout: Int?
        let waitTimeSeconds: Int?
        let receiveRequestAttemptId: String?
    }
    /// What was taken; its form is made where the answer is encoded, not in the transaction.
    struct Output: Encodable, Sendable {
        let taken: [StoredMessage]
        let input: Input

        private enum CodingKeys: CodingKey { case messages }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            if !taken.isEmpty { try container.encode(taken.map { ReceivedMessage($0, input) }, forKey: .messages) }
        }
    }

    /// The first look. Only when it finds nothing, and the caller waits, a task goes on.
    static func submission(_ input: Input, _ context: Context) throws(AWSError) -> Submission<Output>? {
        let sqs = context.sqs
        let queue = try sqs.queues.find(input.queueUrl, context)
        try check(input, queue)
        let waits = input.waitTimeSeconds ?? queue.settings.receiveMessageWaitTimeSeconds > 0
        let count = input.maxNumberOfMessages ?? 1
        return Submission(needsSavepoint: queue.isFifo || count > 1) { tx in
            var receiving = Receiving(
                sqs, try sqs.queues.current(queue.id), count: count, visibilitySeconds: input.visibilityTimeout,
                attempt: input.receiveRequestAttemptId, tx)
            let taken = try receiving.run(isShortPoll: !waits)
            return taken.isEmpty && waits ? nil : Output(taken: taken, input: input)
        }
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let queue = try context.sqs.queues.find(input.queueUrl, context)
        try check(input, queue)
        let waitMs = Int64(input.waitTimeSeconds ?? queue.settings.receiveMessageWaitTimeSeconds) * 1000
        let caller = Caller()
        let result: Result<[StoredMessage], AWSError> = await withTaskCancellationHandler {
            do throws(AWSError) {
                return .success(try await receive(input, queue, waitMs, caller, context))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            caller.leave()
        }
        return Output(taken: try result.get(), input: input)
    }

    /// Whether somebody still waits for the answer.
    private final class Caller: Sendable {
        private let hasLeft = Mutex(false)
        var isGone: Bool { hasLeft.withLock { $0 } }
        func leave() { hasLeft.withLock { $0 = true } }
    }

    private static func receive(
        _ input: Input, _ queue: Queue, _ waitMs: Int64, _ caller: Caller, _ context: Context
    ) async throws(AWSError) -> [StoredMessage] {
        let sqs = context.sqs
        let untilMs = context.nowMs + waitMs
        let ticket = waitMs > 0 ? sqs.polls.join(queue.id) : nil
        defer { if let ticket { sqs.polls.leave(ticket) } }
        while true {
            if let ticket { sqs.polls.look(ticket) }
            // Read before looking, so that the last look comes after the end of the wait.
            let isLast = ticket == nil || context.nowMs >= untilMs
            let taken = try await look(input, queue, isShortPoll: waitMs == 0, caller, context)
            guard taken.isEmpty, !isLast, !caller.isGone, let ticket, sqs.polls.isOpen else { return taken }
            await sqs.polls.wait(ticket, untilMs: untilMs)
        }
    }

    private static func look(
        _ input: Input, _ queue: Queue, isShortPoll: Bool, _ caller: Caller, _ context: Context
    ) async throws(AWSError) -> [StoredMessage] {
        let sqs = context.sqs
        // The signal that made this receiver look is used up: if it cannot take the message, another one should.
        var passesOn = true
        defer { if passesOn { sqs.polls.wake(queue.id) } }
        let taken = try await context.write { tx -> [StoredMessage] in
            // A message taken for a client that has gone would stay hidden for nothing.
            guard !caller.isGone else { return [] }
            var receiving = Receiving(
                sqs, try sqs.queues.current(queue.id), count: input.maxNumberOfMessages ?? 1,
                visibilitySeconds: input.visibilityTimeout, attempt: input.receiveRequestAttemptId, tx)
            return try receiving.run(isShortPoll: isShortPoll)
        }
        passesOn = taken.isEmpty && caller.isGone
        return taken
    }

    private static let systemAttributes: Set<String> = [
        "All", "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp",
        "SequenceNumber", "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn",
    ]

    private static func check(_ input: Input, _ queue: Queue) throws(AWSError) {
        if let count = input.maxNumberOfMessages, !Limits.messagesPerReceive.contains(count) {
            throw SQSError.invalid("MaxNumberOfMessages", count, "Must be between 1 and 10, if provided.")
        }
        if let seconds = input.waitTimeSeconds, !Limits.waitSeconds.contains(seconds) {
            throw SQSError.invalid("WaitTimeSeconds", seconds, "Must be >= 0 and <= 20, if provided.")
        }
        if let seconds = input.visibilityTimeout { try SQS.checkVisibility(seconds) }
        let names = (input.attributeNames ?? []) + (input.messageSystemAttributeNames ?? [])
        if let unknown = names.first(where: { !systemAttributes.contains($0) }) {
            throw SQSError.unknownAttribute(unknown)
        }
        if let attempt = input.receiveRequestAttemptId, !attempt.isEmpty {
            guard queue.isFifo else { throw SQSError.notForThisQueueType("ReceiveRequestAttemptId", attempt) }
            guard MessageText.isId(attempt) else {
                throw SQSError.invalid(
                    "ReceiveRequestAttemptId", attempt,
                    "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. "
                        + "1 to 128 in length.")
            }
        }
    }
}

/// A message as a receiver gets it.
struct ReceivedMessage: Encodable, Sendable {
    let messageId: String
    let receiptHandle: String
    let md5OfBody: String
    let body: String
    let attributes: [String: String]?
    let md5OfMessageAttributes: String?
    let messageAttributes: JSON?

    init(_ message: StoredMessage, _ input: ReceiveMessage.Input) {
        let row = message.row
        messageId = row.messageId
        receiptHandle = message.handle.text
        md5OfBody = Digest.md5(row.body)
        body = row.body
        let extra = MessageExtra(row.extra)
        let names = Set((input.attributeNames ?? []) + (input.messageSystemAttributeNames ?? []))
        var attributes = names.isEmpty ? [:] : Self.systemAttributes(message, extra)
        if !names.contains("All") { attributes = attributes.filter { names.contains($0.key) } }
        self.attributes = attributes.isEmpty ? nil : attributes
        let selected = MessageAttributes.select(extra.attributes, input.messageAttributeNames ?? [])
        md5OfMessageAttributes = selected.isEmpty ? nil : MessageAttributes.md5(selected)
        messageAttributes = selected.isEmpty ? nil : .object(selected)
    }

    private static func systemAttributes(_ message: StoredMessage, _ extra: MessageExtra) -> [String: String] {
        var attributes = [
            "SenderId": message.row.sender,
            "SentTimestamp": String(message.row.sentMs),
            "ApproximateReceiveCount": String(message.receives),
            "ApproximateFirstReceiveTimestamp": String(message.firstMs),
        ]
        attributes["MessageGroupId"] = message.row.group
        attributes["MessageDeduplicationId"] = extra.deduplicationId
        attributes["SequenceNumber"] = message.row.sequence.map(SequenceNumber.text)
        attributes["AWSTraceHeader"] = extra.traceHeader
        attributes["DeadLetterQueueSourceArn"] = extra.source
        return attributes
    }
}
