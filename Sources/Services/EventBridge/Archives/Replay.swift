import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Sends the events of an archive to the bus that they came from, again and in their order.
struct Replay: Named {
    static let table = "events_replay"
    static let kind = "events.replay"
    /// How many events one transaction sends.
    private static let batch = 100

    let account: String
    let region: String
    let name: String
    var description: String?
    /// The archive.
    let eventSourceArn: String
    /// `{Arn, FilterArns}`.
    let destination: JSON
    let fromMs: Int64
    let toMs: Int64
    var state = "STARTING"
    let startedMs: Int64
    var endedMs: Int64?
    var lastMs: Int64?
    /// The row of the archive that was sent last.
    var lastId: Int64 = 0

    var arn: String {
        ARN(service: "events", region: region, account: account, resource: "replay/\(name)").description
    }

    static func require(_ name: String, _ context: Context, _ db: Database) throws -> Replay {
        guard let replay = try find(name, context, db) else {
            throw EventsError.notFound("Replay \(name) does not exist.")
        }
        return replay
    }

    var listed: JSON {
        var result: JSON = [
            "ReplayName": .string(name), "EventSourceArn": .string(eventSourceArn), "State": .string(state),
            "EventStartTime": .time(fromMs), "EventEndTime": .time(toMs), "ReplayStartTime": .time(startedMs),
        ]
        result["EventLastReplayedTime"] = lastMs.map { .time($0) }
        result["ReplayEndTime"] = endedMs.map { .time($0) }
        return result
    }

    /// One batch; the next is due at once.
    static func handle(_ row: DueRow, _ buses: Buses, _ context: Context) throws -> DueOutcome {
        let read: (replay: Replay, events: [Row])? = try context.read { db in
            guard let replay = try find(row.key, context, db), ["STARTING", "RUNNING"].contains(replay.state) else {
                return nil
            }
            let events = try db.rows(
                """
                SELECT * FROM events_archived
                WHERE archive = ? AND at_ms >= ? AND at_ms < ? AND (at_ms, id) > (?, ?) ORDER BY at_ms, id LIMIT ?
                """, replay.eventSourceArn, replay.fromMs, replay.toMs, replay.lastMs ?? 0, replay.lastId, batch)
            return (replay, events)
        }
        guard var replay = read?.replay, let events = read?.events else { return .done }
        let bus = BusKey(replay.destination["Arn"]?.string, context)
        var routes: [Write<Void>] = []
        for stored in events {
            guard var event = try? JSON.parse(stored["event"] as String) else { continue }
            event["replay-name"] = .string(replay.name)
            routes.append(replay.filtered(Event(event, on: bus), buses))
            (replay.lastMs, replay.lastId) = (stored["at_ms"], stored["id"])
        }
        replay.state = events.count < batch ? "COMPLETED" : "RUNNING"
        return .commit { [replay, routes] transaction in
            var replay = replay
            // It may have been cancelled meanwhile.
            guard let now = try find(replay.name, context, transaction.db), now.state != "CANCELLED" else { return }
            for route in routes { try route(transaction) }
            if replay.state == "COMPLETED" {
                replay.endedMs = transaction.nowMs
            } else {
                try replay.schedule(transaction)
            }
            try replay.save(transaction)
        }
    }

    func schedule(_ transaction: Transaction) throws {
        try transaction.schedule(
            Self.kind, atMs: transaction.nowMs, account: account, region: region, key: name)
    }

    /// Only to the rules that the replay names, if it names any.
    private func filtered(_ event: Event, _ buses: Buses) -> Write<Void> {
        let wanted = Set((destination["FilterArns"]?.array ?? []).compactMap(\.string))
        guard !wanted.isEmpty else { return event.route(buses) }
        let rules = buses.wanting(event.json, on: event.bus).rules.filter { wanted.contains($0.rule.arn.description) }
        return { transaction in
            for rule in rules { try event.deliver(event.json.text(), rule, transaction) }
        }
    }
}
