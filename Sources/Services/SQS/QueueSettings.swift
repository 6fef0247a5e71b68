import AWSWire
import JSON

/// The settings of a queue: what was given, and all values that follow from it.
struct QueueSettings: Sendable {
    /// The attributes that were set, as they were given.
    let given: [String: String]
    let isFifo: Bool
    let visibilityTimeout: Int
    let delaySeconds: Int
    let maximumMessageSize: Int
    let messageRetentionPeriod: Int
    let receiveMessageWaitTimeSeconds: Int
    let contentBasedDeduplication: Bool
    /// Whether deduplication looks at each message group by itself.
    let deduplicatesByGroup: Bool
    let redrive: RedrivePolicy?
    let redriveAllow: RedriveAllowPolicy?

    /// - Parameter given: has been checked by ``QueueAttributes``.
    init(_ given: [String: String]) {
        func number(_ name: String) -> Int {
            given[name].flatMap { Int($0) } ?? QueueAttributes.numbers[name]?.standard ?? 0
        }
        self.given = given
        isFifo = given["FifoQueue"] == "true"
        visibilityTimeout = number("VisibilityTimeout")
        delaySeconds = number("DelaySeconds")
        maximumMessageSize = number("MaximumMessageSize")
        messageRetentionPeriod = number("MessageRetentionPeriod")
        receiveMessageWaitTimeSeconds = number("ReceiveMessageWaitTimeSeconds")
        contentBasedDeduplication = given["ContentBasedDeduplication"] == "true"
        deduplicatesByGroup = given["DeduplicationScope"] == "messageGroup"
        redrive = given["RedrivePolicy"].flatMap { try? RedrivePolicy($0) }
        redriveAllow = given["RedriveAllowPolicy"].flatMap { try? RedriveAllowPolicy($0) }
    }

    /// What GetQueueAttributes shows of the settings: given and default values.
    var shown: [String: String] {
        var shown = given
        for (name, number) in QueueAttributes.numbers where shown[name] == nil && number.isAlwaysShown {
            shown[name] = String(number.standard)
        }
        if given["KmsMasterKeyId"] != nil {
            shown["KmsDataKeyReusePeriodSeconds"] = given["KmsDataKeyReusePeriodSeconds"] ?? "300"
            shown["SqsManagedSseEnabled"] = "false"
        } else {
            shown["SqsManagedSseEnabled"] = given["SqsManagedSseEnabled"] ?? "true"
            shown["KmsDataKeyReusePeriodSeconds"] = nil
        }
        if isFifo {
            shown["ContentBasedDeduplication"] = given["ContentBasedDeduplication"] ?? "false"
            shown["DeduplicationScope"] = given["DeduplicationScope"] ?? "queue"
            shown["FifoThroughputLimit"] = given["FifoThroughputLimit"] ?? "perQueue"
        }
        return shown
    }

    /// The first of `wanted` whose value here is another.
    func difference(_ wanted: [String: String]) -> String? {
        let present = shown
        return wanted.keys.sorted().first { name in
            let (old, new) = (present[name] ?? "", wanted[name] ?? "")
            guard old != new else { return false }
            guard QueueAttributes.documents.contains(name), let left = try? JSON.parse(old),
                let right = try? JSON.parse(new)
            else { return true }
            return left != right
        }
    }
}
