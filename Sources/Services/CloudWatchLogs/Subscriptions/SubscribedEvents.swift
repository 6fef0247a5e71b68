import AWSWire
import Archive
import BatonCore
import BatonStore
import GRDB
import JSON
import Logging

/// Events that a subscription filter passes on: one due row for each batch and filter, committed with the events.
///
/// Source: CloudWatch Logs user guide, "Log group-level subscription filters".
enum SubscribedEvents {
    static let kind = "logs.subscribed"

    static func pass(
        _ events: ArraySlice<PutLogEvents.Event>, _ group: LogGroup, _ stream: LogStream, _ transaction: Transaction
    ) throws {
        guard !events.isEmpty else { return }
        let rows = try transaction.rows(
            "SELECT *, ? AS group_name FROM logs_filter WHERE group_id = ? AND kind = 'subscription'", group.name,
            group.id)
        guard !rows.isEmpty else { return }
        // The ids of the rows that were just inserted, one after the other.
        let firstId = transaction.db.lastInsertedRowID - Int64(events.count) + 1
        for filter in rows.map(LogFilter.init) {
            let pattern = try FilterPattern(filter.pattern)
            let matching = events.enumerated().filter { pattern.matches($0.element.message) }.map { index, event in
                var entry: JSON.Object = [
                    "id": .string(EventId.text(firstId + Int64(index))), "timestamp": .number(Int(event.timestamp)),
                    "message": .string(event.message),
                ]
                if case .columns(let columns) = pattern {
                    let values = columns.values(event.message).map { ($0.key.dropFirst(), $0.value) }
                    entry["extractedFields"] = .object(
                        JSON.Object(values.map { (String($0.0), .string($0.1)) }))
                }
                return JSON.object(entry)
            }
            guard !matching.isEmpty else { continue }
            let data: JSON = [
                "messageType": "DATA_MESSAGE", "owner": .string(group.account), "logGroup": .string(group.name),
                "logStream": .string(stream.name), "subscriptionFilters": [.string(filter.name)],
                "logEvents": .array(matching),
            ]
            let payload: JSON = ["to": filter.members["destinationArn"] ?? "", "data": data]
            try transaction.schedule(
                kind, atMs: transaction.nowMs, account: group.account, region: group.region, payload: payload.text())
        }
    }

    /// Assumed: a function that refuses is tried again for a day, as a target of events is.
    static func deliver(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let payload = try JSON.parse(row.payload)
        let packed = try Deflate.gzip(Array((payload["data"] ?? [:]).serialized()))
        let event: JSON = ["awslogs": ["data": .string(Base64.encode(packed))]]
        do {
            _ = try await context.call(
                "lambda", "Invoke",
                [
                    "FunctionName": payload["to"] ?? "", "InvocationType": "Event",
                    "Payload": .bytes(Array(event.serialized())),
                ])
        } catch {
            if error.isWorthRetrying, row.attempts < 185 {
                return .retry(atMs: context.nowMs + TargetRetryPolicy.delayMs(row.attempts, context.random))
            }
            context.logger.warning(
                "events of a subscription are lost",
                metadata: ["destination": "\(payload["to"]?.string ?? "")", "error": "\(error)"])
        }
        return .done
    }
}
