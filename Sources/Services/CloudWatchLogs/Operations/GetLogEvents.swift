import AWSWire
import BatonCore
import BatonStore
import GRDB

/// The events of one stream in the order of time: the newest that fit (the default), the oldest (`startFromHead`), or
/// what follows or precedes a token. At the end of a stream the token that came in goes out again.
/// Errors: ResourceNotFoundException, InvalidParameterException. Source: CloudWatch Logs API reference, GetLogEvents.
enum GetLogEvents: Operation {
    struct Input: Decodable, Sendable {
        let logGroupName: String?
        let logGroupIdentifier: String?
        let logStreamName: String
        /// Epoch milliseconds, inclusive.
        let startTime: Int64?
        /// Epoch milliseconds, exclusive.
        let endTime: Int64?
        let nextToken: String?
        let limit: Int?
        let startFromHead: Bool?
    }

    struct Output: Encodable, Sendable {
        struct Event: Encodable, Sendable {
            let timestamp: Int64
            let message: String
            let ingestionTime: Int64
        }
        let events: [Event]
        let nextForwardToken: String
        let nextBackwardToken: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try GroupReference(
            name: input.logGroupName, identifier: input.logGroupIdentifier, context)
        var token: EventToken?
        if let text = input.nextToken {
            guard let read = EventToken(text) else { throw LogsError.badToken }
            token = read
        }
        let direction = token?.direction ?? (input.startFromHead == true ? .forward : .backward)
        let rows = try context.read { db in
            let group = try db.logGroup(reference)
            let stream = try db.logStream(input.logStreamName, group)
            return try read(input, token, direction, group, stream, nowMs: context.nowMs, db)
        }
        return output(rows, token, input)
    }

    private static func read(
        _ input: Input, _ token: EventToken?, _ direction: EventToken.Direction, _ group: LogGroup,
        _ stream: LogStream, nowMs: Int64, _ db: Database
    ) throws -> [Row] {
        let fromMs = max(input.startTime ?? 0, group.expiredBeforeMs(nowMs))
        let limit = input.limit ?? Limits.events
        let rows: [Row]
        switch direction {
        case .forward:
            rows = try db.rows(
                """
                SELECT * FROM logs_event
                WHERE stream_id = ? AND at_ms >= ? AND at_ms < ? AND (at_ms, id) > (?, ?)
                ORDER BY at_ms, id LIMIT ?
                """, stream.id, fromMs, input.endTime ?? .max, token?.atMs ?? -1, token?.id ?? -1, limit)
        case .backward:
            rows = try db.rows(
                """
                SELECT * FROM logs_event
                WHERE stream_id = ? AND at_ms >= ? AND at_ms < ? AND (at_ms, id) < (?, ?)
                ORDER BY at_ms DESC, id DESC LIMIT ?
                """, stream.id, fromMs, input.endTime ?? .max, token?.atMs ?? Int64.max, token?.id ?? Int64.max, limit)
        }
        var bytes = 0
        let fitting = rows.prefix { row in
            bytes += (row["message"] as String).utf8.count
            return bytes <= Limits.answerBytes
        }
        let page = fitting.isEmpty ? rows.prefix(1) : fitting
        return direction == .forward ? Array(page) : page.reversed()
    }

    private static func output(_ rows: [Row], _ token: EventToken?, _ input: Input) -> Output {
        // Between no events there is still a place: that of the token, else the end or the beginning of the stream.
        let atMs = token?.atMs ?? (input.startFromHead == true ? 0 : input.endTime ?? 0)
        let place = (atMs: atMs, id: token?.id ?? 0)
        let first = rows.first.map { (atMs: $0["at_ms"] as Int64, id: $0["id"] as Int64) } ?? place
        let last = rows.last.map { (atMs: $0["at_ms"] as Int64, id: $0["id"] as Int64) } ?? place
        return Output(
            events: rows.map {
                Output.Event(timestamp: $0["at_ms"], message: $0["message"], ingestionTime: $0["ingested_ms"])
            }, nextForwardToken: EventToken(.forward, atMs: last.atMs, id: last.id).text,
            nextBackwardToken: EventToken(.backward, atMs: first.atMs, id: first.id).text)
    }
}
