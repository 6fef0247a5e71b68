import AWSWire
import BatonCore
import BatonStore
import GRDB

/// The transaction of a publish: deduplication and sequence numbers of FIFO topics, then all deliveries.
struct Publishing: Sendable {
    /// What the publisher learns of one message.
    struct Receipt: Sendable {
        let messageId: String
        let sequenceNumber: String?
    }

    /// Another publish to the topic was committed first with a higher number; take a new one.
    private struct Outrun: Error {}

    /// A message is the same as an earlier one for five minutes. Source: SNS developer guide, FIFO deduplication.
    static let deduplicationMs: Int64 = 300_000

    private let topic: Topic
    private let messages: [(publication: Publication, sequence: Int64, fanOut: FanOut)]

    private let isCareful: Bool

    private init(_ publications: [Publication], _ entry: Topics.Entry, isCareful: Bool, _ context: Context) {
        let topics = context.service(SNS.self).topics
        self.isCareful = isCareful
        topic = entry.topic
        messages = publications.map { publication in
            guard entry.topic.isFifo else {
                return (publication, 0, FanOut(publication, entry, isCareful: isCareful, context))
            }
            let sequence = topics.nextSequence(entry.topic.arn)
            var numbered = publication
            numbered.sequenceNumber = Publication.sequenceNumber(sequence)
            return (numbered, sequence, FanOut(numbered, entry, isCareful: isCareful, context))
        }
    }

    /// Publishes all messages in one transaction.
    static func publish(
        _ publications: [Publication], _ entry: Topics.Entry, _ context: Context
    ) async throws(AWSError) -> [Receipt] {
        var isCareful = false
        while true {
            let publishing = Publishing(publications, entry, isCareful: isCareful, context)
            // Nobody listens: there is nothing to commit.
            guard entry.topic.isFifo || publishing.messages.contains(where: { !$0.fanOut.isEmpty }) else {
                return publishing.receipts
            }
            do {
                return try await context.store.write { try publishing.commit($0, isStrict: true) }
            } catch is Outrun {
                continue
            } catch {
                // A subscriber refused its message, which undid all: once more, each delivery on its own.
                guard !isCareful, error is AWSError else { throw context.host.awsError(of: error) }
                isCareful = true
            }
        }
    }

    /// The same in the hope that no subscriber refuses its message; ``publish(_:_:_:)`` knows what to do otherwise.
    /// nil when there is nothing to commit.
    static func submission(
        _ publications: [Publication], _ entry: Topics.Entry, _ context: Context
    ) -> Submission<[Receipt]>? {
        let publishing = Publishing(publications, entry, isCareful: false, context)
        let deliveries = publishing.messages.reduce(0) { $0 + $1.fanOut.count }
        guard entry.topic.isFifo || deliveries > 0 else { return nil }
        // One delivery keeps itself whole.
        return Submission(needsSavepoint: entry.topic.isFifo || deliveries > 1, isTentative: true) {
            try publishing.commit($0, isStrict: true)
        }
    }

    /// The same as a part of another service's transaction.
    static func write(_ publications: [Publication], _ entry: Topics.Entry, _ context: Context) -> Write<[Receipt]> {
        let publishing = Publishing(publications, entry, isCareful: true, context)
        return { try publishing.commit($0, isStrict: false) }
    }

    private var receipts: [Receipt] { messages.map { Self.receipt($0.publication) } }

    private static func receipt(_ publication: Publication) -> Receipt {
        Receipt(messageId: publication.messageId, sequenceNumber: publication.sequenceNumber)
    }

    private func commit(_ transaction: Transaction, isStrict: Bool) throws -> [Receipt] {
        if topic.isFifo { try claimSequence(transaction, isStrict: isStrict) }
        return try messages.map { publication, sequence, fanOut in
            if topic.isFifo, let earlier = try remember(publication, sequence, transaction) { return earlier }
            if isCareful { try fanOut.commitCarefully(transaction) } else { try fanOut.commit(transaction) }
            return Self.receipt(publication)
        }
    }

    /// Sequence numbers are taken before the transaction, because the messages contain them; here their order is
    /// made sure of.
    private func claimSequence(_ transaction: Transaction, isStrict: Bool) throws {
        guard let first = messages.first?.sequence, let last = messages.last?.sequence else { return }
        let row = try transaction.row("SELECT sequence FROM sns_topic WHERE arn = ?", topic.arn)
        guard let row else { throw SNSError.topicNotFound }
        let committed: Int64 = row["sequence"]
        guard first > committed || !isStrict else { throw Outrun() }
        try transaction.execute(
            "UPDATE sns_topic SET sequence = ? WHERE arn = ?", max(last, committed), topic.arn)
    }

    /// The receipt of an equal message of the last five minutes, if there is one.
    private func remember(
        _ publication: Publication, _ sequence: Int64, _ transaction: Transaction
    ) throws -> Receipt? {
        let id = publication.deduplicationId ?? ""
        let isByGroup = topic.attributes["FifoThroughputScope"] == "MessageGroup"
        let key = isByGroup ? "\(publication.groupId ?? "")\u{1F}\(id)" : id
        let oldest = transaction.nowMs - Self.deduplicationMs
        try transaction.execute("DELETE FROM sns_deduplication WHERE at_ms <= ?", oldest)
        let row = try transaction.row(
            "SELECT message_id, sequence FROM sns_deduplication WHERE topic_arn = ? AND key = ?", topic.arn, key)
        if let row {
            return Receipt(
                messageId: row["message_id"], sequenceNumber: Publication.sequenceNumber(row["sequence"]))
        }
        try transaction.execute(
            "INSERT INTO sns_deduplication (topic_arn, key, at_ms, message_id, sequence) VALUES (?, ?, ?, ?, ?)",
            topic.arn, key, transaction.nowMs, publication.messageId, sequence)
        return nil
    }
}
