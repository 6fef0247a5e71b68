import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Creates an event bus. Limit: 100 in each region. Errors: ResourceAlreadyExistsException, LimitExceededException,
/// ResourceNotFoundException (partner event sources do not exist here), ValidationException. Source: API reference,
/// CreateEventBus.
enum CreateEventBus: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let eventSourceName: String?
        let description: String?
        let kmsKeyIdentifier: String?
        let deadLetterConfig: JSON?
        let logConfig: JSON?
        let tags: [Tag]?
    }

    struct Output: Encodable, Sendable {
        let eventBusArn: String
        let description: String?
        let kmsKeyIdentifier: String?
        let deadLetterConfig: JSON?
        let logConfig: JSON?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        if let source = input.eventSourceName { throw EventsError.notFound("Event source \(source) does not exist.") }
        guard !input.name.contains("/") else { throw EventsError.validation("Event bus name must not contain '/'.") }
        var bus = EventBus(BusKey(input.name, context))
        bus.description = input.description
        bus.kmsKeyIdentifier = input.kmsKeyIdentifier
        bus.deadLetterConfig = input.deadLetterConfig
        bus.logConfig = input.logConfig
        bus.tags = try Tag.merged([], input.tags ?? [])
        return { [bus] transaction in
            var bus = bus
            guard bus.name != EventBus.defaultName, try EventBus.find(bus.name, context, transaction.db) == nil else {
                throw EventsError.exists("Event bus \(bus.name) already exists.")
            }
            let count = try transaction.row(
                "SELECT count(*) AS n FROM events_bus WHERE account = ? AND region = ?", bus.account, bus.region)
            guard (count?["n"] as Int? ?? 0) < 100 else { throw EventsError.limit }
            (bus.createdMs, bus.modifiedMs) = (transaction.nowMs, transaction.nowMs)
            try bus.save(transaction)
            return Output(
                eventBusArn: bus.arn.description, description: bus.description, kmsKeyIdentifier: bus.kmsKeyIdentifier,
                deadLetterConfig: bus.deadLetterConfig, logConfig: bus.logConfig)
        }
    }
}
