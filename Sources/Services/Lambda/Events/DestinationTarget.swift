import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import Logging

/// Where an event goes when it has succeeded or is given up.
struct DestinationTarget: Sendable, Equatable {
    enum Form: Sendable, Equatable {
        /// The whole record of what happened.
        case destination
        /// The event as it was, with the error in message attributes.
        case deadLetter
    }

    let arn: ARN
    let form: Form

    static func targets(
        _ condition: EventLifecycle.Condition, _ reference: FunctionReference, _ db: Database
    ) throws -> [DestinationTarget] {
        let settings = try EventSettings.read(db, reference)?.settings
        let destination = condition == .success ? settings?.onSuccess : settings?.onFailure
        var targets = [destination.flatMap(ARN.init).map { DestinationTarget(arn: $0, form: .destination) }]
        if condition != .success, let text = try? db.resolve(reference).settings.deadLetterTarget {
            targets.append(ARN(text).map { DestinationTarget(arn: $0, form: .deadLetter) })
        }
        return targets.compactMap(\.self)
    }

    /// What brings the message there, to run in the transaction in which the event leaves its queue; nil when it has
    /// been brought already, or cannot be.
    func prepare(_ message: DestinationMessage, _ context: Context) async -> Write<Void>? {
        do {
            let (service, operation, input) = try await call(message, context)
            let there = context.host.context(account: arn.account, region: arn.region)
            do {
                let write = try there.enlist(service, operation, input)
                return { transaction in _ = try write(transaction) }
            } catch  where error.code == "NotEnlistable" {
                _ = try await there.call(service, operation, input)
                return nil
            }
        } catch {
            context.logger.warning(
                "a destination cannot be reached", metadata: ["destination": "\(arn)", "error": "\(error)"])
            return nil
        }
    }

    private func call(
        _ message: DestinationMessage, _ context: Context
    ) async throws(AWSError) -> (service: String, operation: String, input: JSON) {
        let body = form == .destination ? message.record.text() : message.event.payload
        switch arn.service {
        case "sqs":
            let there = context.host.context(account: arn.account, region: arn.region)
            let queue = try await there.call(
                "sqs", "GetQueueUrl",
                ["QueueName": .string(arn.resource), "QueueOwnerAWSAccountId": .string(arn.account)])
            var input: JSON = ["QueueUrl": queue["QueueUrl"] ?? "", "MessageBody": .string(body)]
            if form == .deadLetter { input["MessageAttributes"] = message.attributes }
            return ("sqs", "SendMessage", input)
        case "sns":
            var input: JSON = ["TopicArn": .string(arn.description), "Message": .string(body)]
            if form == .deadLetter { input["MessageAttributes"] = message.attributes }
            return ("sns", "Publish", input)
        case "lambda":
            return (
                "lambda", "Invoke",
                [
                    "FunctionName": .string(arn.description), "InvocationType": "Event",
                    "Payload": .bytes(Array(body.utf8)),
                ]
            )
        case "events":
            let entry: JSON = [
                "Source": "lambda", "DetailType": .string(message.detailType), "Detail": .string(body),
                "EventBusName": .string(arn.description),
                "Resources": [.string(arn.description), .string(message.executedArn)],
            ]
            return ("events", "PutEvents", ["Entries": [entry]])
        default: throw LambdaError.invalid("\(arn) cannot be a destination.")
        }
    }
}
