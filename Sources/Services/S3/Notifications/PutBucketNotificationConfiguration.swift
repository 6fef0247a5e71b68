import AWSWire
import BatonCore
import BatonStore
import JSON

/// Says who is told of changes of objects; replaces what was said before.
///
/// The destinations must exist unless the request skips that; queues and topics get a test event. Configurations that one
/// object could reach by the same event are refused. Errors: NoSuchBucket, InvalidArgument. Source: S3 API reference,
/// PutBucketNotificationConfiguration; user guide, event notifications.
enum PutBucketNotificationConfiguration: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> Nothing {
        let name = input["Bucket"]?.string ?? ""
        let bucket = try context.read { try Bucket.named(name, $0) }
        let configuration = numbered(input["NotificationConfiguration"] ?? [:], context)
        let rules = NotificationRule.list(configuration)
        try check(rules)
        if input["SkipDestinationValidation"]?.bool != true {
            for rule in rules { try await checkDestination(rule.arn, context) }
        }
        let test: JSON = [
            "Service": "Amazon S3", "Event": "s3:TestEvent",
            "Time": .string(AWSWire.Timestamp.iso8601(context.nowMs, showsMilliseconds: true)),
            "Bucket": .string(name), "RequestId": .string(context.requestId), "HostId": .string(context.requestId),
        ]
        return try await context.write { transaction in
            try Configurations.put(configuration, NotificationConfiguration.kind, name, transaction)
            for rule in rules where ARN(rule.arn)?.service != "lambda" {
                try Notification(arn: rule.arn, message: test.text()).schedule(bucket, transaction)
            }
            return Nothing()
        }
    }

    /// Every rule has an id: its own or a generated one.
    private static func numbered(_ configuration: JSON, _ context: Context) -> JSON {
        var result = configuration
        for (list, _) in NotificationRule.kinds {
            guard let rules = configuration[list]?.array else { continue }
            result[list] = .array(
                rules.map { rule in
                    var rule = rule
                    rule["Id"] = rule["Id"] ?? .string(context.random.uuid())
                    return rule
                })
        }
        return result
    }

    private static func check(_ rules: [NotificationRule]) throws(AWSError) {
        for (index, rule) in rules.enumerated() {
            guard let arn = ARN(rule.arn), ["sqs", "sns", "lambda"].contains(arn.service) else {
                throw .invalidArgument("The ARN could not be parsed", "Arn", rule.arn)
            }
            if arn.service == "sqs", arn.resource.hasSuffix(".fifo") {
                throw .invalidArgument(
                    "SQS FIFO queues are not supported for bucket notifications", "Queue", rule.arn)
            }
            guard !rules.dropFirst(index + 1).contains(where: rule.overlaps) else {
                throw .invalidArgument(
                    "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
                    "Event", rule.events.joined(separator: ","))
            }
        }
    }

    private static func checkDestination(_ text: String, _ context: Context) async throws(AWSError) {
        guard let arn = ARN(text) else { return }
        let there = context.of(arn)
        do {
            switch arn.service {
            case "sqs": _ = try await there.call("sqs", "GetQueueUrl", ["QueueName": .string(arn.resource)])
            case "sns": _ = try await there.call("sns", "GetTopicAttributes", ["TopicArn": .string(text)])
            default: _ = try await there.call("lambda", "GetFunctionConfiguration", ["FunctionName": .string(text)])
            }
        } catch {
            throw .invalidArgument(
                "Unable to validate the following destination configurations", text,
                "The destination \(arn.service) does not exist")
        }
    }
}
