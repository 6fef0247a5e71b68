import AWSWire
import JSON

/// The attributes that CreateQueue and SetQueueAttributes accept. Source: SQS API reference, SetQueueAttributes.
enum QueueAttributes {
    struct Number: Sendable {
        let range: ClosedRange<Int>
        let standard: Int
        var isAlwaysShown = true
    }

    static let numbers: [String: Number] = [
        "DelaySeconds": Number(range: Limits.delaySeconds, standard: 0),
        "MaximumMessageSize": Number(range: 1024...Limits.messageBytes, standard: Limits.messageBytes),
        "MessageRetentionPeriod": Number(range: 60...1_209_600, standard: 345_600),
        "ReceiveMessageWaitTimeSeconds": Number(range: Limits.waitSeconds, standard: 0),
        "VisibilityTimeout": Number(range: Limits.visibilitySeconds, standard: 30),
        "KmsDataKeyReusePeriodSeconds": Number(range: 60...86_400, standard: 300, isAlwaysShown: false),
    ]

    private static let words: [String: [String]] = [
        "FifoQueue": ["true"],
        "ContentBasedDeduplication": ["true", "false"],
        "DeduplicationScope": ["messageGroup", "queue"],
        "FifoThroughputLimit": ["perQueue", "perMessageGroupId"],
        "SqsManagedSseEnabled": ["true", "false"],
    ]

    /// JSON texts; the empty text removes them.
    static let documents: Set<String> = ["Policy", "RedrivePolicy", "RedriveAllowPolicy"]

    /// What only GetQueueAttributes knows.
    static let readOnly = [
        "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible",
        "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn",
    ]

    static let readable = Set(readOnly).union(numbers.keys).union(words.keys).union(documents)
        .union(["All", "KmsMasterKeyId"])

    /// Checks each attribute by itself and together with those that the queue has, and returns the queue's new set.
    /// - Parameter present: nil for a new queue.
    static func merge(
        _ given: [String: String], into present: [String: String]?, isFifo: Bool
    ) throws(AWSError) -> [String: String] {
        var merged = present ?? [:]
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            try check(name, value, isFifo: isFifo, isNew: present == nil)
            let isRemoval = value.isEmpty && (documents.contains(name) || name == "KmsMasterKeyId")
            merged[name] = isRemoval ? nil : value
        }
        if merged["FifoThroughputLimit"] == "perMessageGroupId", merged["DeduplicationScope"] != "messageGroup" {
            throw SQSError.invalidAttribute(
                "FifoThroughputLimit",
                "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.")
        }
        try checkEncryption(given, &merged)
        return merged
    }

    private static func checkEncryption(
        _ given: [String: String], _ merged: inout [String: String]
    ) throws(AWSError) {
        guard merged["KmsMasterKeyId"] != nil, merged["SqsManagedSseEnabled"] == "true" else { return }
        guard given["SqsManagedSseEnabled"] != "true" else { throw SQSError.twoEncryptions }
        merged["SqsManagedSseEnabled"] = nil
    }

    private static func check(
        _ name: String, _ value: String, isFifo: Bool, isNew: Bool
    ) throws(AWSError) {
        if let number = numbers[name] {
            guard let value = Int(value), number.range.contains(value) else {
                throw SQSError.invalidAttribute(name)
            }
        } else if let words = words[name] {
            try checkWord(name, value, words, isFifo: isFifo, isNew: isNew)
        } else {
            switch name {
            case "Policy":
                guard value.isEmpty || (try? JSON.parse(value))?.object != nil else {
                    throw SQSError.invalidAttribute(name)
                }
            case "RedrivePolicy": if !value.isEmpty { _ = try RedrivePolicy(value) }
            case "RedriveAllowPolicy": if !value.isEmpty { _ = try RedriveAllowPolicy(value) }
            case "KmsMasterKeyId": break
            default: throw SQSError.unknownAttribute(name)
            }
        }
    }

    private static func checkWord(
        _ name: String, _ value: String, _ words: [String], isFifo: Bool, isNew: Bool
    ) throws(AWSError) {
        if name == "FifoQueue" {
            // A queue is a standard queue by having no such attribute: `false` is unknown to AWS.
            guard isFifo else { throw SQSError.unknownAttribute(name) }
            guard value == "true" else {
                throw isNew
                    ? SQSError.unknownAttribute(name)
                    : SQSError.invalidAttribute(name, "Modifying queue type is not supported.")
            }
        } else if !isFifo, name == "ContentBasedDeduplication" {
            throw SQSError.unknownAttribute(name)
        } else if !isFifo, name == "DeduplicationScope" || name == "FifoThroughputLimit" {
            throw SQSError.invalidAttribute(name, "You can specify the \(name) only when FifoQueue is set to true.")
        }
        guard words.contains(value) else { throw SQSError.invalidAttribute(name) }
    }
}
