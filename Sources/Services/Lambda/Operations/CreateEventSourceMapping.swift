import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Connects a queue or a stream with a function. The answer shows `Creating`; records flow at once.
/// Errors: InvalidParameterValueException (source unknown or not a queue, visibility time-out shorter than the
/// function's time-out), ResourceConflictException, ResourceNotFoundException.
/// Source: Lambda API reference, CreateEventSourceMapping.
enum CreateEventSourceMapping: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let eventSourceArn: String?
        let enabled: Bool?
        let tags: [String: String]?
        let settings: MappingInput

        private enum Key: String, CodingKey { case functionName, eventSourceArn, enabled, tags }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            functionName = try members.decode(String.self, forKey: .functionName)
            eventSourceArn = try members.decodeIfPresent(String.self, forKey: .eventSourceArn)
            enabled = try members.decodeIfPresent(Bool.self, forKey: .enabled)
            tags = try members.decodeIfPresent([String: String].self, forKey: .tags)
            settings = try MappingInput(from: decoder)
        }
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> MappingOutput {
        let lambda = context.service(Lambda.self)
        let function = try FunctionReference(input.functionName, context)
        guard let text = input.eventSourceArn, let source = ARN(text) else {
            throw LambdaError.invalid("Unrecognized event source, must be kinesis, dynamodb stream or sqs.")
        }
        guard ["sqs", "dynamodb"].contains(source.service) else {
            throw LambdaError.invalid(
                "Baton polls SQS queues and DynamoDB streams only; \(source.service) is not available as an event source"
                    + " yet.")
        }
        var settings = MappingSettings()
        try input.settings.apply(to: &settings, source: source)
        let mapping = Mapping(
            uuid: context.random.uuid(), function: function, sourceArn: source, isEnabled: input.enabled ?? true,
            settings: settings, tags: input.tags ?? [:])
        var start: String?
        if let stream = settings.stream {
            _ = try context.read { db in try db.resolve(function) }
            start = try await StreamReader.start(source, stream.startingPosition, context)
        } else {
            try await checkQueue(source, function, context)
        }
        return try await context.write { [start] transaction in
            _ = try transaction.db.resolve(function)
            try checkUnique(mapping, transaction)
            var stored = mapping
            stored.modifiedMs = transaction.nowMs
            try stored.store(transaction)
            if let start { try StreamReader.keep(start, StreamReader.nothingYet, stored.uuid, transaction) }
            transaction.afterCommit { [stored] in lambda.pollers.follow(stored) }
            return MappingOutput(stored, state: "Creating")
        }
    }

    /// The queue exists and hides messages for at least as long as the function may work on them.
    private static func checkQueue(
        _ source: ARN, _ function: FunctionReference, _ context: Context
    ) async throws(AWSError) {
        let version = try context.read { db in try db.resolve(function) }
        let visibility: Int
        do {
            let url = try await context.call(
                "sqs", "GetQueueUrl",
                ["QueueName": .string(source.resource), "QueueOwnerAWSAccountId": .string(source.account)])
            let attributes = try await context.call(
                "sqs", "GetQueueAttributes",
                ["QueueUrl": url["QueueUrl"] ?? "", "AttributeNames": ["VisibilityTimeout"]])
            visibility = attributes["Attributes"]?["VisibilityTimeout"]?.string.flatMap(Int.init) ?? 30
        } catch {
            throw LambdaError.invalid(
                "Error occurred while ReceiveMessage. SQS Error Code: \(error.queryCode ?? error.code)."
                    + " SQS Error Message: \(error.message)")
        }
        guard visibility >= version.settings.timeout else {
            throw LambdaError.invalid(
                "Queue visibility timeout: \(visibility) seconds is less than Function timeout:"
                    + " \(version.settings.timeout) seconds")
        }
    }

    private static func checkUnique(_ mapping: Mapping, _ transaction: Transaction) throws {
        let existing = try transaction.rows(
            "SELECT * FROM lambda_mapping WHERE account = ? AND region = ? AND name = ?", mapping.function.account,
            mapping.function.region, mapping.function.name
        ).map(Mapping.init).first { $0.sourceArn == mapping.sourceArn && $0.function == mapping.function }
        guard let existing else { return }
        throw LambdaError.conflict(
            "An event source mapping with \(mapping.sourceArn.service == "sqs" ? "SQS" : "stream") arn (\" \(mapping.sourceArn) \") and function"
                + " (\" \(mapping.function.arn) \") already exists. Please update or delete the existing mapping with"
                + " UUID \(existing.uuid)")
    }
}
