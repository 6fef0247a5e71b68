import JSON

/// What can never be worked off goes to the dead-letter queue as it came, with the reason as attribute `error`.
enum DeadLetter {
    static func message(_ body: String, error: String, runId: String?, queueUrl: String) -> Call {
        var attributes: JSON.Object = ["error": ["DataType": "String", "StringValue": .string(error)]]
        attributes["runId"] = runId.map { ["DataType": "String", "StringValue": .string($0)] }
        return .aws(
            "sqs", "SendMessage",
            [
                "QueueUrl": .string(queueUrl), "MessageBody": .string(body), "MessageAttributes": .object(attributes),
            ])
    }
}
