import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging

/// A message of a bucket on its way to a queue, topic or function: one due row.
struct Notification: Codable, Sendable {
    static let kind = "s3.notification"

    let arn: String
    let message: String

    func schedule(_ bucket: Bucket, _ transaction: Transaction) throws {
        try transaction.schedule(
            Self.kind, atMs: transaction.nowMs, account: bucket.account, region: bucket.region,
            payload: try JSON(encoding: self).text())
    }

    static func handle(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let notification: Notification = try JSON.parse(row.payload).decoded()
        guard let arn = ARN(notification.arn) else { return .done }
        let there = context.of(arn)
        do {
            let (service, operation, input) = try notification.call(arn, context)
            guard let write = try there.enlisted(service, operation, input) else {
                _ = try await there.call(service, operation, input)
                return .done
            }
            return .commit { transaction in
                do {
                    _ = try transaction.nested { try write($0) }
                } catch {
                    context.logger.warning(
                        "a bucket's notification is lost", metadata: ["destination": "\(arn)", "error": "\(error)"])
                }
            }
        } catch {
            let delayMs = TargetRetryPolicy.delayMs(row.attempts, context.random)
            // 185 attempts are about a day.
            if error.isWorthRetrying, row.attempts < 185 { return .retry(atMs: context.nowMs + delayMs) }
            context.logger.warning(
                "a bucket's notification is lost", metadata: ["destination": "\(arn)", "error": "\(error)"])
            return .done
        }
    }

    private func call(_ arn: ARN, _ context: Context) throws(AWSError) -> (String, String, JSON) {
        switch arn.service {
        case "sqs":
            let url = JSON.string("\(context.host.endpoint)/\(arn.account)/\(arn.resource)")
            return ("sqs", "SendMessage", ["QueueUrl": url, "MessageBody": .string(message)])
        case "sns":
            return (
                "sns", "Publish",
                [
                    "TopicArn": .string(arn.description), "Message": .string(message),
                    "Subject": "Amazon S3 Notification",
                ]
            )
        default:
            return (
                "lambda", "Invoke",
                [
                    "FunctionName": .string(arn.description), "InvocationType": "Event",
                    "Payload": .bytes(Array(message.utf8)),
                ]
            )
        }
    }
}
