import AWSWire
import BatonCore
import Crypto
import JSON

/// One published message on its way to the subscribers of a topic.
///
/// Limits: 256 KB for text and attributes together, subject of 1–100 printable characters. Source: API reference,
/// Publish.
struct Publication: Codable, Sendable {
    let messageId: String
    let topicArn: String
    let subject: String?
    /// As it was published.
    let message: String
    /// With `MessageStructure=json`: the texts by protocol.
    let texts: [String: String]?
    let timestampMs: Int64
    let attributes: [MessageAttribute]
    let groupId: String?
    let deduplicationId: String?
    var sequenceNumber: String?
    let signatureVersion: String
    var traceHeader: String?

    static let maxBytes = 262_144

    /// The text for subscribers of a protocol.
    func text(for transport: String) -> String { texts.map { $0[transport] ?? $0["default"] ?? "" } ?? message }

    /// What the message counts towards the limit.
    var size: Int { message.utf8.count + attributes.reduce(0) { $0 + $1.size } }

    /// Numbers have 20 digits and grow with each message of a topic.
    static func sequenceNumber(_ sequence: Int64) -> String {
        let digits = String(sequence * 1000)
        return "1" + String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
    }
}

/// What callers send, once for `Publish` and up to ten times for `PublishBatch`.
struct PublishedMessage: Decodable, Sendable {
    let message: String
    let subject: String?
    let messageStructure: String?
    let messageAttributes: JSON?
    let messageDeduplicationId: String?
    let messageGroupId: String?

    /// - Throws: InvalidParameter, ParameterValueInvalid.
    func publication(
        to topic: Topic, messageId: String, nowMs: Int64
    ) throws(AWSError) -> Publication {
        guard !message.isEmpty else { throw SNSError.invalidParameter("Empty message") }
        if let subject { try Self.check(subject: subject) }
        let attributes = try MessageAttribute.list(messageAttributes)
        try checkGroup(of: topic)
        let publication = Publication(
            messageId: messageId, topicArn: topic.arn, subject: subject, message: message, texts: try texts(),
            timestampMs: nowMs, attributes: attributes, groupId: messageGroupId,
            deduplicationId: topic.isFifo ? messageDeduplicationId ?? Self.hash(message) : nil,
            signatureVersion: topic.signatureVersion)
        guard publication.size <= Publication.maxBytes else { throw SNSError.invalidParameter("Message too long") }
        return publication
    }

    private func checkGroup(of topic: Topic) throws(AWSError) {
        guard topic.isFifo else {
            guard messageDeduplicationId == nil else {
                throw SNSError.invalidParameter(
                    "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is "
                        + "not valid for this topic type")
            }
            return
        }
        guard messageGroupId?.isEmpty == false else {
            throw SNSError.invalidParameter("The MessageGroupId parameter is required for FIFO topics")
        }
        guard messageDeduplicationId != nil || topic.deduplicatesByContent else {
            throw SNSError.invalidParameter(
                "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                    + "explicitly")
        }
    }

    private static func hash(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private static func check(subject: String) throws(AWSError) {
        let isPrintable = subject.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard !subject.isEmpty, subject.count <= 100, isPrintable, subject.first != " " else {
            throw SNSError.invalidParameter("Subject")
        }
    }

    /// The texts by protocol of `MessageStructure=json`; members that are no text are not there.
    private func texts() throws(AWSError) -> [String: String]? {
        guard let messageStructure, !messageStructure.isEmpty else { return nil }
        guard messageStructure == "json" else { throw SNSError.invalidParameter("MessageStructure") }
        guard case .object(let object) = try? JSON.parse(message) else {
            throw SNSError.invalidParameter("Message Structure - JSON message body failed to parse")
        }
        guard object["default"]?.string != nil else {
            throw SNSError.invalidParameter("Message Structure - No default entry in JSON message body")
        }
        return Dictionary(object.members.compactMap { key, value in value.string.map { (key, $0) } }) { $1 }
    }
}
