import AWSWire
import BatonCore
import BatonStore
import JSON

/// Sends up to ten messages to a topic, in order and in one transaction.
///
/// Limits: 1–10 entries with different ids (1–80 letters, digits, `-`, `_`), 256 KB together.
/// Errors: EmptyBatchRequest, TooManyEntriesInBatchRequest, BatchEntryIdsNotDistinct, InvalidBatchEntryId,
/// BatchRequestTooLong, those of Publish. Source: API reference, PublishBatch.
///
/// Assumed: an empty message or a bad subject fails its entry only; everything else fails the request, as on AWS.
enum PublishBatch: Operation {
    struct Entry: Decodable, Sendable {
        let id: String
        let published: PublishedMessage

        private enum CodingKeys: CodingKey { case id }

        init(from decoder: any Decoder) throws {
            id = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .id)
            published = try PublishedMessage(from: decoder)
        }
    }

    struct Input: Decodable, Sendable {
        let topicArn: String
        let publishBatchRequestEntries: [Entry]
    }

    struct Success: Encodable, Sendable {
        let id: String
        let messageId: String
        let sequenceNumber: String?
    }

    struct Failure: Encodable, Sendable {
        let id: String
        let code: String
        let message: String
        let senderFault: Bool
    }

    struct Output: Encodable, Sendable {
        let successful: [Success]
        let failed: [Failure]
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let entries = input.publishBatchRequestEntries
        let arn = try ResourceName.topic(input.topicArn, region: context.region)
        guard let entry = context.service(SNS.self).topics[arn] else { throw SNSError.topicNotFound }
        try check(entries)
        var publications: [Publication] = []
        var ids: [String] = []
        var failed: [Failure] = []
        for one in entries {
            do {
                var publication = try one.published.publication(
                    to: entry.topic, messageId: context.random.uuid(), nowMs: context.nowMs)
                publication.traceHeader = context.request?.headers["x-amzn-trace-id"]
                publications.append(publication)
                ids.append(one.id)
            } catch {
                guard isOfEntry(error) else { throw error }
                failed.append(Failure(id: one.id, code: error.code, message: error.message, senderFault: true))
            }
        }
        guard publications.reduce(0, { $0 + $1.size }) <= Publication.maxBytes else { throw SNSError.batchTooLong }
        let receipts = try await Publishing.publish(publications, entry, context)
        let successful = zip(ids, receipts).map {
            Success(id: $0, messageId: $1.messageId, sequenceNumber: $1.sequenceNumber)
        }
        return Output(successful: successful, failed: failed)
    }

    private static func isOfEntry(_ error: AWSError) -> Bool {
        error == SNSError.invalidParameter("Empty message") || error == SNSError.invalidParameter("Subject")
    }

    private static func check(_ entries: [Entry]) throws(AWSError) {
        guard !entries.isEmpty else { throw SNSError.emptyBatch }
        guard entries.count <= 10 else { throw SNSError.tooManyEntries }
        guard Set(entries.map(\.id)).count == entries.count else { throw SNSError.idsNotDistinct }
        for entry in entries {
            let isValid = entry.id.utf8.allSatisfy { byte in
                switch Character(Unicode.Scalar(byte)) {
                case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
                default: false
                }
            }
            guard isValid, (1...80).contains(entry.id.utf8.count) else { throw SNSError.invalidEntryId }
        }
        let size = entries.reduce(0) { $0 + $1.published.message.utf8.count }
        guard size <= Publication.maxBytes else { throw SNSError.batchTooLong }
    }
}
