import AWSWire
import BatonCore
import JSON

/// The attributes that callers may set on a topic. Source: API reference, CreateTopic and SetTopicAttributes.
enum TopicAttributes {
    private static let plain: Set<String> = ["DisplayName", "KmsMasterKeyId"]
    private static let feedback: Set<String> = Set(
        ["HTTP", "Firehose", "Lambda", "Application", "SQS"].flatMap { service in
            ["SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn"].map { service + $0 }
        })

    /// The value to keep; nil removes the attribute.
    static func checked(
        _ name: String, _ value: String, isFifo: Bool, isCreating: Bool
    ) throws(AWSError) -> String? {
        func invalid(_ detail: String) -> AWSError { SNSError.invalidAttribute(detail, isCreating: isCreating) }
        switch name {
        case "FifoTopic" where isCreating: return value == "true" ? value : nil
        case "ContentBasedDeduplication":
            guard isFifo || value == "false" else {
                // Assumed: the text.
                throw invalid("Content-based deduplication can only be set for FIFO topics")
            }
            return try oneOf(["true", "false"], name, value, invalid).flatMap { isFifo ? $0 : nil }
        // Assumed: the texts of these two.
        case "FifoThroughputScope", "ArchivePolicy":
            guard isFifo else { throw invalid("\(name): can only be set for FIFO topics") }
            return name == "ArchivePolicy"
                ? try json(name, value, invalid) : try oneOf(["Topic", "MessageGroup"], name, value, invalid)
        case "DisplayName" where value.count > 100: throw invalid("DisplayName")
        case _ where name.hasSuffix("FeedbackSampleRate") && feedback.contains(name):
            guard value.isEmpty || Int(value).map((0...100).contains) == true else {
                throw invalid("\(name): Invalid value [\(value)]. Must be an integer between 0 and 100.")
            }
            return value.isEmpty ? nil : value
        case "TracingConfig": return try oneOf(["PassThrough", "Active"], name, value, invalid)
        case "SignatureVersion": return try oneOf(["1", "2"], name, value, invalid)
        case "Policy":
            guard !value.isEmpty, (try? JSON.parse(value))?.object != nil else {
                throw SNSError.invalidParameter("Policy Error: null")
            }
            return value
        case "DeliveryPolicy":
            guard !value.isEmpty else { return nil }
            do {
                return try DeliveryPolicy.normalized(topic: value)
            } catch {
                throw invalid("DeliveryPolicy: \(error.message)")
            }
        default:
            guard plain.contains(name) || feedback.contains(name) else {
                throw isCreating
                    ? invalid("Unknown attribute \(name)") : SNSError.invalidParameter("AttributeName")
            }
            return value.isEmpty ? nil : value
        }
    }

    private static func oneOf(
        _ values: [String], _ name: String, _ value: String, _ invalid: (String) -> AWSError
    ) throws(AWSError) -> String? {
        guard values.contains(value) else {
            throw invalid("\(name): Invalid value [\(value)]. Must be \(values.joined(separator: " or ")).")
        }
        return value
    }

    private static func json(
        _ name: String, _ value: String, _ invalid: (String) -> AWSError
    ) throws(AWSError) -> String? {
        guard !value.isEmpty else { return nil }
        do {
            let parsed = try JSON.parse(value)
            return parsed == [:] ? nil : value
        } catch {
            throw invalid("\(name): \(PatternError(error, in: value).message)")
        }
    }

    /// Letters, digits, `-` and `_`, 1–256 characters, with `.fifo` at the end for FIFO topics and only for them.
    static func checkName(_ name: String, isFifo: Bool) throws(AWSError) {
        let hasSuffix = name.hasSuffix(".fifo")
        let base = hasSuffix && isFifo ? name.dropLast(5) : name[...]
        let isValid =
            !base.isEmpty && name.utf8.count <= 256
            && base.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
                default: false
                }
            }
        guard isValid, hasSuffix == isFifo else {
            guard isFifo else { throw SNSError.invalidParameter("Topic Name") }
            throw SNSError.invalidParameter(
                "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII "
                    + "letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.")
        }
    }

    /// Everything that `GetTopicAttributes` answers.
    static func all(of topic: Topic, pending: Int, confirmed: Int) -> JSON {
        var answer = JSON.Object()
        answer["Policy"] = .string(topic.policy)
        answer["Owner"] = .string(topic.account)
        answer["SubscriptionsPending"] = .string(String(pending))
        answer["TopicArn"] = .string(topic.arn)
        answer["EffectiveDeliveryPolicy"] = topic.deliveryPolicy.map { .string($0.effectiveOfTopic) }
        answer["SubscriptionsConfirmed"] = .string(String(confirmed))
        answer["DisplayName"] = ""
        answer["SubscriptionsDeleted"] = .string(String(topic.unsubscribed))
        if topic.isFifo { answer["ContentBasedDeduplication"] = "false" }
        for (name, value) in topic.attributes.sorted(by: { $0.key < $1.key }) { answer[name] = .string(value) }
        return .object(answer)
    }
}
