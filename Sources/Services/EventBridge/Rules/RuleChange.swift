import AWSWire
import BatonCore
import BatonStore

/// A change of one rule that exists.
enum RuleChange {
    static func prepare(
        _ name: String, _ bus: String?, _ context: Context, _ change: @escaping @Sendable (inout Rule) throws -> Void
    ) -> Write<Nothing> {
        write(name, BusKey(bus, context), context, change)
    }

    static func write(
        _ name: String, _ key: BusKey, _ context: Context, _ change: @escaping @Sendable (inout Rule) throws -> Void
    ) -> Write<Nothing> {
        let buses = context.service(EventBridge.self).buses
        return { transaction in
            var rule = try Rule.require(name, key, transaction.db)
            try rule.checkChangeable(force: nil)
            let wasEnabled = rule.isEnabled
            try change(&rule)
            try rule.save(transaction)
            if rule.isEnabled != wasEnabled { try RuleSchedule.arm(rule, transaction) }
            transaction.afterCommit { [rule] in buses.put(rule) }
            return Nothing()
        }
    }
}

/// A change of one event bus; the default one gets its row with the first.
enum BusChange {
    static func write<T: Sendable>(
        _ key: BusKey, _ change: @escaping @Sendable (inout EventBus) throws -> T
    ) -> Write<T> {
        { transaction in
            var bus = try EventBus.find(key, transaction.db)
            let result = try change(&bus)
            bus.modifiedMs = transaction.nowMs
            try bus.save(transaction)
            return result
        }
    }
}

/// What tags are on: a rule or an event bus.
enum TaggedResource {
    static func tags(_ arn: String, _ context: Context) throws(AWSError) -> [Tag] {
        guard let place = ARN(arn), place.service == "events" else { throw missing(arn) }
        return try context.read { db in
            if let (name, key) = Rule.place(place) { return try Rule.require(name, key, db).tags }
            guard place.resource.hasPrefix("event-bus/") else { throw missing(arn) }
            return try EventBus.find(BusKey(arn, context), db).tags
        }
    }

    static func change(
        _ arn: String, _ context: Context, _ change: @escaping @Sendable ([Tag]) throws -> [Tag]
    ) throws(AWSError) -> Write<Nothing> {
        guard let place = ARN(arn), place.service == "events" else { throw missing(arn) }
        if let (name, key) = Rule.place(place) {
            return RuleChange.write(name, key, context) { $0.tags = try change($0.tags) }
        }
        guard place.resource.hasPrefix("event-bus/") else { throw missing(arn) }
        return BusChange.write(BusKey(arn, context)) { bus in
            bus.tags = try change(bus.tags)
            return Nothing()
        }
    }

    private static func missing(_ arn: String) -> AWSError { EventsError.notFound("Resource \(arn) does not exist.") }
}
