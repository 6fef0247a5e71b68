import AWSWire
import BatonCore
import BatonStore

/// Makes a topic, or finds the one that has this name, these attributes and these tags.
///
/// Limits: name of 1–256 letters, digits, `-`, `_`; FIFO topics end with `.fifo`; 50 tags.
/// Errors: InvalidParameter, TagLimitExceeded. Source: API reference, CreateTopic.
enum CreateTopic: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let attributes: [String: String]?
        let tags: [Tag]?
        let dataProtectionPolicy: String?
    }

    struct Output: Encodable, Sendable { let topicArn: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let given = input.attributes ?? [:]
        let isFifo = given["FifoTopic"] == "true"
        try TopicAttributes.checkName(input.name, isFifo: isFifo)
        let tags = input.tags ?? []
        try Tag.check(tags)
        var attributes: [String: String] = [:]
        for (name, value) in given {
            attributes[name] = try TopicAttributes.checked(name, value, isFifo: isFifo, isCreating: true)
        }
        var topic = Topic(
            arn: context.arn("sns", input.name).description, account: context.account, region: context.region,
            name: input.name, attributes: attributes, tags: tags)
        topic.dataProtectionPolicy = input.dataProtectionPolicy ?? ""
        let topics = context.service(SNS.self).topics
        return { [topic] transaction in
            if let existing = try Topic.find(topic.arn, transaction) {
                try check(existing, topic.attributes, tags)
            } else {
                try topic.insert(transaction)
                if !topic.dataProtectionPolicy.isEmpty { try topic.update(transaction) }
                transaction.afterCommit { topics.put(topic) }
            }
            return Output(topicArn: topic.arn)
        }
    }

    /// What is asked for again must be as it is; what is not mentioned may be anything.
    private static func check(_ topic: Topic, _ attributes: [String: String], _ tags: [Tag]) throws(AWSError) {
        for (name, value) in attributes where topic.attributes[name] != value {
            throw SNSError.invalidParameter("Attributes Reason: Topic already exists with different attributes")
        }
        for tag in tags where !topic.tags.contains(tag) {
            throw SNSError.invalidParameter("Tags Reason: Topic already exists with different tags")
        }
    }
}
