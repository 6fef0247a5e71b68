import AWSWire
import BatonCore
import BatonStore
import JSON

/// An event on a bus, in the form in which targets see it.
struct Event: Sendable {
    let bus: BusKey
    let json: JSON
    /// How many rules have sent it on to another bus.
    var hops = 0

    /// Assumed: where AWS stops an event that goes in circles.
    static let maxHops = 5

    /// - Parameter timeMs: shown in seconds.
    init(
        id: String, source: String, detailType: String, timeMs: Int64, resources: [String], detail: JSON,
        on bus: BusKey,
        account: String? = nil
    ) {
        self.bus = bus
        json = [
            "version": "0", "id": .string(id), "detail-type": .string(detailType), "source": .string(source),
            "account": .string(account ?? bus.account), "time": .string(Timestamp.iso8601(timeMs - timeMs % 1000)),
            "region": .string(bus.region), "resources": .array(resources.map { .string($0) }), "detail": detail,
        ]
    }

    /// The same event on another bus.
    init(_ json: JSON, on bus: BusKey, hops: Int = 0) {
        (self.json, self.bus, self.hops) = (json, bus, hops)
    }

    /// Finds who wants the event. What it returns commits one due row for each target, and the copies in archives.
    func route(_ buses: Buses) -> Write<Void> {
        guard hops <= Self.maxHops else { return { _ in } }
        let (rules, archives) = buses.wanting(json, on: bus)
        guard !rules.isEmpty || !archives.isEmpty else { return { _ in } }
        let text = json.text()
        // Replayed events are not archived again.
        let isReplay = json["replay-name"] != nil
        return { [self] transaction in
            for entry in rules { try deliver(text, entry, transaction) }
            if !isReplay { for archive in archives { try archive.keep(text, transaction) } }
        }
    }

    /// To the targets of one rule.
    func deliver(_ text: String, _ entry: Buses.Entry, _ transaction: Transaction) throws {
        for target in entry.targets {
            try DueDelivery.Task(
                bus: bus.name, rule: entry.rule.name, target: target.id, event: text, ingestedMs: transaction.nowMs,
                hops: hops
            ).schedule(atMs: transaction.nowMs, bus, transaction)
        }
    }
}

/// The entry for what other services tell of themselves.
struct Publisher: EventPublishing {
    let buses: Buses

    func isListening(_ context: Context) -> Bool { !buses.isIdle(Self.bus(context)) }

    private static func bus(_ context: Context) -> BusKey {
        BusKey(account: context.account, region: context.region, name: EventBus.defaultName)
    }

    func publish(_ events: [ServiceEvent], _ transaction: Transaction, _ context: Context) throws {
        let bus = Self.bus(context)
        for event in events {
            try Event(
                id: context.random.uuid(), source: event.source, detailType: event.detailType,
                timeMs: event.timeMs ?? transaction.nowMs, resources: event.resources, detail: event.detail, on: bus
            ).route(buses)(transaction)
        }
    }
}
