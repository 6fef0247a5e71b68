import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The events of a group, or of some of its streams, that match a pattern, in the order of time. An answer may hold few
/// events and still a token: then there is more to search.
/// Errors: ResourceNotFoundException, InvalidParameterException. Source: CloudWatch Logs API reference, FilterLogEvents.
enum FilterLogEvents: Operation {
    struct Input: Decodable, Sendable {
        let logGroupName: String?
        let logGroupIdentifier: String?
        let logStreamNames: [String]?
        let logStreamNamePrefix: String?
        /// Epoch milliseconds, inclusive.
        let startTime: Int64?
        /// Epoch milliseconds, inclusive.
        let endTime: Int64?
        let filterPattern: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        struct Event: Encodable, Sendable {
            let logStreamName: String
            let timestamp: Int64
            let message: String
            let ingestionTime: Int64
            let eventId: String
        }
        let events: [Event]
        /// Always empty, as on AWS since 2019.
        let searchedLogStreams: [String]
        let nextToken: String?
    }

    private struct Place {
        var atMs: Int64
        var id: Int64
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try GroupReference(
            name: input.logGroupName, identifier: input.logGroupIdentifier, context)
        guard input.logStreamNames == nil || input.logStreamNamePrefix == nil else {
            throw LogsError.invalid("Cannot specify both logStreamNames and logStreamNamePrefix.")
        }
        let pattern = try FilterPattern(input.filterPattern)
        var place = Place(atMs: -1, id: -1)
        if let token = input.nextToken {
            guard let json = PageToken.decode(token), let atMs = json["atMs"]?.int, let id = json["id"]?.int else {
                throw LogsError.badToken
            }
            place = Place(atMs: Int64(atMs), id: Int64(id))
        }
        return try context.read { db in
            let group = try db.logGroup(reference)
            return try search(input, pattern, group, place, nowMs: context.nowMs, db)
        }
    }

    private static func search(
        _ input: Input, _ pattern: FilterPattern, _ group: LogGroup, _ start: Place, nowMs: Int64, _ db: Database
    ) throws -> Output {
        let streams = try streams(input, group, db)
        let limit = input.limit ?? Limits.events
        let fromMs = max(input.startTime ?? 0, group.expiredBeforeMs(nowMs))
        var (events, bytes, scanned, place) = ([Output.Event](), 0, 0, start)
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT * FROM logs_event WHERE group_id = ? AND at_ms >= ? AND at_ms <= ? AND (at_ms, id) > (?, ?)
                ORDER BY at_ms, id
                """, arguments: [group.id, fromMs, input.endTime ?? .max, start.atMs, start.id])
        while let row = try cursor.next() {
            scanned += 1
            let message: String = row["message"]
            if let name = streams[row["stream_id"]], pattern.matches(message) {
                guard events.count < limit, events.isEmpty || bytes + message.utf8.count <= Limits.answerBytes else {
                    return output(events, place)
                }
                bytes += message.utf8.count
                events.append(
                    Output.Event(
                        logStreamName: name, timestamp: row["at_ms"], message: message,
                        ingestionTime: row["ingested_ms"], eventId: EventId.text(row["id"])))
            }
            place = Place(atMs: row["at_ms"], id: row["id"])
            if scanned >= Limits.scanned { return output(events, place) }
        }
        return output(events, nil)
    }

    private static func output(_ events: [Output.Event], _ place: Place?) -> Output {
        Output(
            events: events, searchedLogStreams: [],
            nextToken: place.map { PageToken.encode(["atMs": .number(Int($0.atMs)), "id": .number(Int($0.id))]) })
    }

    /// Names of the streams to search by their row. A named stream that does not exist is an error.
    private static func streams(_ input: Input, _ group: LogGroup, _ db: Database) throws -> [Int64: String] {
        if let names = input.logStreamNames {
            return try names.reduce(into: [:]) { result, name in
                result[try db.logStream(name, group).id] = name
            }
        }
        let prefix = input.logStreamNamePrefix ?? ""
        let rows = try db.rows(
            "SELECT id, name FROM logs_stream WHERE group_id = ? AND substr(name, 1, length(?)) = ?", group.id, prefix,
            prefix)
        return Dictionary(rows.map { ($0["id"] as Int64, $0["name"] as String) }) { first, _ in first }
    }

}

/// 56 digits that grow with the events.
enum EventId {
    static func text(_ id: Int64) -> String {
        let digits = String(id)
        return "3" + String(repeating: "0", count: max(0, 55 - digits.utf8.count)) + digits
    }
}
