import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging

/// Sends one message to all subscribers of a topic whose filter policies accept it, in one transaction.
///
/// `TargetArn` may name the topic as well. A phone number is accepted, and nothing is sent to it.
/// Errors: InvalidParameter, ParameterValueInvalid, NotFound. Source: API reference, Publish.
enum Publish: WriteOperation {
    struct Input: Decodable, Sendable {
        let topicArn: String?
        let targetArn: String?
        let phoneNumber: String?
        let published: PublishedMessage

        private enum CodingKeys: CodingKey { case topicArn, targetArn, phoneNumber }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            topicArn = try members.decodeIfPresent(String.self, forKey: .topicArn)
            targetArn = try members.decodeIfPresent(String.self, forKey: .targetArn)
            phoneNumber = try members.decodeIfPresent(String.self, forKey: .phoneNumber)
            published = try PublishedMessage(from: decoder)
        }
    }

    struct Output: Encodable, Sendable {
        let messageId: String
        let sequenceNumber: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        if let number = input.phoneNumber { return try text(number, input, context) }
        let (publication, entry) = try publication(input, context)
        return output(try await Publishing.publish([publication], entry, context))
    }

    /// In the hope that every subscriber takes its message.
    static func submission(_ input: Input, _ context: Context) throws(AWSError) -> Submission<Output>? {
        guard input.phoneNumber == nil else { return nil }
        let (publication, entry) = try publication(input, context)
        guard let hopeful = Publishing.submission([publication], entry, context) else { return nil }
        return Submission(needsSavepoint: hopeful.needsSavepoint, isTentative: true) {
            try hopeful.write($0).map(output)
        }
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        if let number = input.phoneNumber {
            let output = try text(number, input, context)
            return { _ in output }
        }
        let (publication, entry) = try publication(input, context)
        let write = Publishing.write([publication], entry, context)
        return { output(try write($0)) }
    }

    private static func output(_ receipts: [Publishing.Receipt]) -> Output {
        Output(messageId: receipts.first?.messageId ?? "", sequenceNumber: receipts.first?.sequenceNumber)
    }

    private static func publication(
        _ input: Input, _ context: Context
    ) throws(AWSError) -> (Publication, Topics.Entry) {
        let arn = try topicArn(input, context)
        guard let entry = context.service(SNS.self).topics[arn] else { throw SNSError.topicNotFound }
        var publication = try input.published.publication(
            to: entry.topic, messageId: context.random.uuid(), nowMs: context.nowMs)
        publication.traceHeader = context.request?.headers["x-amzn-trace-id"]
        return (publication, entry)
    }

    private static func topicArn(_ input: Input, _ context: Context) throws(AWSError) -> String {
        if let arn = input.topicArn { return try ResourceName.topic(arn, region: context.region) }
        guard let arn = input.targetArn else {
            throw SNSError.invalidParameter("TopicArn or TargetArn Reason: no value for required parameter")
        }
        if ARN(arn)?.resource.hasPrefix("endpoint/") ?? false {
            throw SNSError.invalidParameter("TargetArn Reason: No endpoint found for the target arn specified")
        }
        return try ResourceName.topic(arn, region: context.region, parameter: "TargetArn")
    }

    private static func text(_ number: String, _ input: Input, _ context: Context) throws(AWSError) -> Output {
        // Assumed: the text.
        guard input.topicArn == nil, input.targetArn == nil else {
            throw SNSError.invalidParameter(
                "PhoneNumber Reason: only one of TopicArn, TargetArn and PhoneNumber may be given")
        }
        guard !input.published.message.isEmpty else { throw SNSError.invalidParameter("Empty message") }
        guard Endpoint.isPhoneNumber(number) else {
            throw SNSError.invalidParameter("PhoneNumber Reason: \(number) is not valid to publish to")
        }
        context.logger.notice("text messages are accepted and not sent")
        return Output(messageId: context.random.uuid(), sequenceNumber: nil)
    }
}
