import AWSWire
import BatonCore
import BatonStore
import JSON

/// A message for a queue: to a subscriber, or to the queue of what could not be delivered.
struct QueueMessage {
    let publication: Publication
    let subscription: Subscription
    let envelope: Envelope

    /// The input of SQS's SendMessage. Raw messages keep their attributes; others carry them in the envelope.
    func input(to queue: ARN) -> JSON {
        var input = JSON.Object()
        input["QueueUrl"] = .string("\(envelope.endpoint)/\(queue.account)/\(queue.resource)")
        if subscription.isRaw {
            input["MessageBody"] = .string(publication.text(for: subscription.transport))
            if !publication.attributes.isEmpty, subscription.transport == "sqs" {
                let attributes = publication.attributes.map { ($0.name, $0.queueAttribute) }
                input["MessageAttributes"] = .object(JSON.Object(attributes))
            }
        } else {
            input["MessageBody"] = .string(envelope.notification(publication, to: subscription))
        }
        if let group = publication.groupId { input["MessageGroupId"] = .string(group) }
        if queue.resource.hasSuffix(".fifo"), let id = publication.deduplicationId {
            input["MessageDeduplicationId"] = .string(id)
        }
        if let trace = publication.traceHeader {
            input["MessageSystemAttributes"] = [
                "AWSTraceHeader": ["DataType": "String", "StringValue": .string(trace)]
            ]
        }
        return .object(input)
    }

    /// The write that sends it; nil when SQS cannot take part in a transaction, for example because it is routed to
    /// AWS.
    /// - Throws: what SQS says of the message or the queue.
    func write(to queue: ARN, _ context: Context) throws(AWSError) -> Write<Enlisted>? {
        do {
            return try context.of(queue).enlist("sqs", "SendMessage", input(to: queue))
        } catch {
            guard error.code == "NotEnlistable" else { throw error }
            return nil
        }
    }

    func send(to queue: ARN, _ context: Context) async throws(AWSError) {
        _ = try await context.of(queue).call("sqs", "SendMessage", input(to: queue))
    }
}

extension AWSError {
    /// Whether trying again may help: AWS does not repeat a delivery that the receiver refused.
    var isTransient: Bool { fault == .receiver || status == 429 || code.contains("Throttl") }
}
