import AWSWire
import JSON

/// `{"deadLetterTargetArn": …, "maxReceiveCount": 1–1000}`: where messages go that were received too often.
struct RedrivePolicy: Sendable {
    let target: QueueKey
    let maxReceiveCount: Int

    init(_ text: String) throws(AWSError) {
        func invalid(_ reason: String) -> AWSError { SQSError.invalid("RedrivePolicy", text, reason) }
        guard let policy = (try? JSON.parse(text))?.object else {
            throw invalid("Redrive policy is not a valid JSON map.")
        }
        guard let arn = policy["deadLetterTargetArn"] else {
            throw invalid("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
        }
        guard let count = policy["maxReceiveCount"] else {
            throw invalid("Redrive policy does not contain mandatory attribute: maxReceiveCount.")
        }
        guard let key = arn.string.flatMap(QueueKey.init(arn:)) else {
            throw invalid("Invalid value for deadLetterTargetArn.")
        }
        guard let number = count.int ?? count.string.flatMap({ Int($0) }), Limits.maxReceiveCount.contains(number)
        else {
            throw invalid(
                "Invalid value for maxReceiveCount: \(count.string ?? count.text()), "
                    + "valid values are from 1 to 1000 both inclusive.")
        }
        target = key
        maxReceiveCount = number
    }

    /// Checks the target against the queue that names it.
    static func check(_ given: [String: String], for source: QueueKey, isFifo: Bool, _ queues: Queues) throws(AWSError)
    {
        guard let text = given["RedrivePolicy"], !text.isEmpty else { return }
        let policy = try RedrivePolicy(text)
        guard let target = queues[policy.target] else {
            throw SQSError.invalid("RedrivePolicy", text, "Dead letter target does not exist.")
        }
        guard target.isFifo == isFifo else {
            throw SQSError.invalid(
                "RedrivePolicy", text, "Dead-letter queue must be same type of queue as the source.")
        }
        // Assumed: the reason.
        guard target.settings.redriveAllow?.allows(source.arn) ?? true else {
            throw SQSError.invalid(
                "RedrivePolicy", text,
                "The dead-letter queue does not allow \(source.arn) as a source (RedriveAllowPolicy).")
        }
    }
}

/// `{"redrivePermission": "allowAll" | "denyAll" | "byQueue", "sourceQueueArns": […]}`.
struct RedriveAllowPolicy: Sendable {
    private let permission: String
    private let sources: [String]

    init(_ text: String) throws(AWSError) {
        func invalid(_ reason: String) -> AWSError { SQSError.invalid("RedriveAllowPolicy", text, reason) }
        guard let policy = (try? JSON.parse(text))?.object else {
            throw invalid("Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.")
        }
        guard let permission = policy["redrivePermission"]?.string,
            ["allowAll", "denyAll", "byQueue"].contains(permission)
        else {
            throw invalid("Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.")
        }
        let sources = policy["sourceQueueArns"]?.array?.compactMap(\.string)
        if permission == "byQueue" {
            guard let sources, !sources.isEmpty, sources.count <= Limits.redriveSources else {
                throw invalid(
                    "Amazon SQS can't create the redrive allow policy. When you specify the byQueue permission type, "
                        + "you must also specify 1 to \(Limits.redriveSources) sourceQueueArns values.")
            }
        } else if sources != nil {
            throw invalid(
                "Amazon SQS can't create the redrive allow policy. When you specify \(permission), "
                    + "you must not specify sourceQueueArns.")
        }
        self.permission = permission
        self.sources = sources ?? []
    }

    func allows(_ arn: String) -> Bool {
        switch permission {
        case "denyAll": false
        case "byQueue": sources.contains(arn)
        default: true
        }
    }
}
