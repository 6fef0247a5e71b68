import AWSWire
import BatonCore
import BatonStore
import JSON

/// The asynchronous call of a function with a message.
enum FunctionCall {
    static func input(_ message: QueueMessage, _ function: ARN) -> JSON {
        [
            "FunctionName": .string(function.description), "InvocationType": "Event",
            "Payload": .bytes(message.envelope.event(message.publication, to: message.subscription).serialized()),
        ]
    }

    /// The write that queues the call; nil when Lambda cannot take part in a transaction.
    static func write(
        _ message: QueueMessage, _ function: ARN, _ context: Context
    ) throws(AWSError) -> Write<Enlisted>? {
        do {
            return try context.of(function).enlist("lambda", "Invoke", input(message, function))
        } catch {
            guard error.code == "NotEnlistable" || error.status == 501 else { throw error }
            return nil
        }
    }
}
