import BatonStore
import AWSWire
import BatonCore
import JSON

/// What SendMessage and an entry of SendMessageBatch have in common.
protocol MessageInput: Sendable {
    var messageBody: String { get }
    var delaySeconds: Int? { get }
    var messageAttributes: MessageAttributes.Map? { get }
    var messageSystemAttributes: MessageAttributes.Map? { get }
    var messageDeduplicationId: String? { get }
    var messageGroupId: String? { get }
}

/// A message that has passed all checks, with everything computed that needs no transaction.
struct OutgoingMessage: Sendable {
    let messageId: String
    let sender: String
    let body: String
    let md5OfBody: String
    let md5OfAttributes: String?
    let md5OfSystemAttributes: String?
    let group: String?
    /// FIFO only.
    let deduplicationId: String?
    let delayMs: Int64
    let extra: String?
    let bytes: Int

    /// - Throws: the error of SendMessage or of the batch's entry.
    init(_ input: some MessageInput, to queue: Queue, _ context: Context) throws(AWSError) {
        let attributes = input.messageAttributes ?? [:]
        let systemAttributes = input.messageSystemAttributes ?? [:]
        guard !input.messageBody.isEmpty else { throw SQSError.missing("MessageBody") }
        bytes = Self.bytes(input)
        guard bytes <= queue.settings.maximumMessageSize else {
            throw SQSError.tooLong(queue.settings.maximumMessageSize)
        }
        guard MessageText.isValid(input.messageBody) else { throw SQSError.invalidCharacters }
        if !attributes.isEmpty { try MessageAttributes.check(attributes) }
        if !systemAttributes.isEmpty { try MessageAttributes.checkSystem(systemAttributes) }
        delayMs = try Self.delayMs(input, queue)
        group = try Self.group(input, queue)
        deduplicationId = try Self.deduplicationId(input, queue)

        messageId = context.random.uuid()
        sender = context.account
        body = input.messageBody
        md5OfBody = Digest.md5(input.messageBody)
        md5OfAttributes = attributes.isEmpty ? nil : MessageAttributes.md5(attributes)
        md5OfSystemAttributes = systemAttributes.isEmpty ? nil : MessageAttributes.md5(systemAttributes)
        guard !attributes.isEmpty || !systemAttributes.isEmpty || deduplicationId != nil else {
            extra = nil
            return
        }
        var extra = MessageExtra()
        extra.attributes = MessageAttributes.stored(attributes).object ?? [:]
        extra.traceHeader = systemAttributes["AWSTraceHeader"]?.stringValue
        extra.deduplicationId = deduplicationId
        self.extra = extra.text
    }

    /// The body and the attributes; system attributes do not count.
    static func bytes(_ input: some MessageInput) -> Int {
        input.messageBody.utf8.count + MessageAttributes.bytes(input.messageAttributes ?? [:])
    }

    /// A FIFO queue delays all its messages alike.
    private static func delayMs(_ input: some MessageInput, _ queue: Queue) throws(AWSError) -> Int64 {
        guard let seconds = input.delaySeconds else { return Int64(queue.settings.delaySeconds) * 1000 }
        guard Limits.delaySeconds.contains(seconds) else {
            throw SQSError.invalid("DelaySeconds", seconds, "DelaySeconds must be >= 0 and <= 900.")
        }
        guard queue.isFifo else { return Int64(seconds) * 1000 }
        guard seconds == 0 else { throw SQSError.notForThisQueueType("DelaySeconds", seconds) }
        return Int64(queue.settings.delaySeconds) * 1000
    }

    /// Standard queues take a group too, for fair queues; Baton keeps and returns it.
    private static func group(_ input: some MessageInput, _ queue: Queue) throws(AWSError) -> String? {
        guard let group = input.messageGroupId, !group.isEmpty else {
            guard queue.isFifo else { return nil }
            throw SQSError.missing("MessageGroupId")
        }
        guard MessageText.isId(group) else {
            throw SQSError.invalid(
                "MessageGroupId", group,
                "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.")
        }
        return group
    }

    private static func deduplicationId(_ input: some MessageInput, _ queue: Queue) throws(AWSError) -> String? {
        guard let id = input.messageDeduplicationId, !id.isEmpty else {
            guard queue.isFifo else { return nil }
            guard queue.settings.contentBasedDeduplication else { throw SQSError.noDeduplicationId }
            return Digest.sha256(input.messageBody)
        }
        guard queue.isFifo else { throw SQSError.notForThisQueueType("MessageDeduplicationId", id) }
        guard MessageText.isId(id) else {
            throw SQSError.invalid(
                "MessageDeduplicationId", id,
                "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.")
        }
        return id
    }
}
