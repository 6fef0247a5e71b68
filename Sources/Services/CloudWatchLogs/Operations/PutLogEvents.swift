import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Stores events: at most 10,000 and 1 MB in one batch, in the order of their time, within 24 hours. Events from too far
/// ahead (2 hours) or too far back (14 days, or the group's retention) are left out and named in the answer.
/// A sequence token is accepted and means nothing, as on AWS since 2023.
/// Errors: InvalidParameterException, ResourceNotFoundException.
/// Source: CloudWatch Logs API reference, PutLogEvents.
enum PutLogEvents: WriteOperation {
    struct Event: Decodable, Sendable {
        /// Epoch milliseconds.
        let timestamp: Int64
        let message: String
    }

    struct Input: Decodable, Sendable {
        let logGroupName: String
        let logStreamName: String
        let logEvents: [Event]
    }

    struct Rejected: Encodable, Sendable, Equatable {
        var tooNewLogEventStartIndex: Int?
        var tooOldLogEventEndIndex: Int?
        var expiredLogEventEndIndex: Int?
    }

    struct Output: Encodable, Sendable {
        let nextSequenceToken: String
        let rejectedLogEventsInfo: Rejected?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        try check(input.logEvents)
        let reference = GroupReference(input.logGroupName, context)
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            let stream = try transaction.db.logStream(input.logStreamName, group)
            let now = transaction.nowMs
            let (range, rejected) = accepted(input.logEvents, group, nowMs: now)
            var bytes = 0
            for event in input.logEvents[range] {
                bytes += event.message.utf8.count + Limits.eventOverhead
                try transaction.execute(
                    "INSERT INTO logs_event (group_id, stream_id, at_ms, ingested_ms, message) VALUES (?, ?, ?, ?, ?)",
                    group.id, stream.id, event.timestamp, now, event.message)
            }
            try SubscribedEvents.pass(input.logEvents[range], group, stream, transaction)
            if let first = input.logEvents[range].first, let last = input.logEvents[range].last {
                try transaction.execute(
                    """
                    UPDATE logs_stream SET first_ms = min(coalesce(first_ms, ?), ?), last_ms = max(coalesce(last_ms, ?), ?),
                        ingested_ms = ?, puts = puts + 1 WHERE id = ?
                    """, first.timestamp, first.timestamp, last.timestamp, last.timestamp, now, stream.id)
                try StoredBytes.add(bytes, group, transaction)
                try removeExpired(group, transaction)
            }
            return Output(
                nextSequenceToken: sequenceToken(stream.id, stream.puts + 1),
                rejectedLogEventsInfo: rejected == Rejected() ? nil : rejected)
        }
    }

    /// 56 digits, different for each batch of a stream.
    static func sequenceToken(_ streamId: Int64, _ puts: Int) -> String {
        let digits = "4960\(streamId)" + String(repeating: "0", count: 12)
        let count = String(puts)
        return String(digits.prefix(40))
            + String(repeating: "0", count: max(0, 56 - min(40, digits.count) - count.count))
            + count
    }

    private static func check(_ events: [Event]) throws(AWSError) {
        let bytes = events.reduce(0) { $0 + $1.message.utf8.count + Limits.eventOverhead }
        guard bytes <= Limits.batchBytes else {
            throw LogsError.invalid("Upload too large: \(bytes) bytes exceeds limit of \(Limits.batchBytes)")
        }
        guard zip(events, events.dropFirst()).allSatisfy({ $0.timestamp <= $1.timestamp }) else {
            throw LogsError.invalid("Log events in a single PutLogEvents request must be in chronological order.")
        }
        if let first = events.first, let last = events.last, last.timestamp - first.timestamp > Limits.batchSpanMs {
            throw LogsError.invalid(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
        }
    }

    /// The events that are neither too old nor too new.
    private static func accepted(
        _ events: [Event], _ group: LogGroup, nowMs: Int64
    ) -> (Range<Int>, Rejected) {
        let expired = events.prefix { $0.timestamp < group.expiredBeforeMs(nowMs) }.count
        let old = events.prefix { $0.timestamp < nowMs - Limits.pastMs }.count
        let end = events.firstIndex { $0.timestamp > nowMs + Limits.futureMs } ?? events.count
        let start = min(max(expired, old), end)
        return (
            start..<end,
            Rejected(
                tooNewLogEventStartIndex: end < events.count ? end : nil, tooOldLogEventEndIndex: old > 0 ? old : nil,
                expiredLogEventEndIndex: expired > 0 ? expired : nil)
        )
    }

    /// A group is tidied by its own traffic, a little with each batch; nobody is shown what has expired anyway.
    private static func removeExpired(_ group: LogGroup, _ transaction: Transaction) throws {
        guard group.retentionDays != nil else { return }
        let rows = try transaction.rows(
            "SELECT id, length(CAST(message AS BLOB)) AS size FROM logs_event WHERE group_id = ? AND at_ms < ? LIMIT 500",
            group.id, group.expiredBeforeMs(transaction.nowMs))
        guard !rows.isEmpty else { return }
        var bytes = 0
        for row in rows {
            bytes += (row["size"] as Int) + Limits.eventOverhead
            try transaction.execute("DELETE FROM logs_event WHERE id = ?", row["id"] as Int64)
        }
        try StoredBytes.add(-bytes, group, transaction)
    }
}
