import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A query of StartQuery: a document that its due row fills with results. Kept for seven days, as on AWS.
enum LogQuery {
    static let kind = "logs.query"
    static let keptMs: Int64 = 7 * 86_400_000
    /// Events that one query looks at at most. Assumed: AWS has a limit of time alone.
    static let scanned = 1_000_000

    static func run(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let found = try context.read { db in try LogDocument.find(.query, row.key, context, db) }
        guard var body = found?.body, body["status"] == "Running" else { return .done }
        do throws(AWSError) {
            let (results, statistics) = try results(body, context)
            body["results"] = results
            body["statistics"] = statistics
            body["status"] = "Complete"
        } catch {
            body["status"] = "Failed"
        }
        return .commit { [body] transaction in
            // Stopped meanwhile.
            let now = try LogDocument.find(.query, row.key, context, transaction.db)
            guard now?.body["status"] == "Running" else { return }
            try LogDocument.put(.query, row.key, body, context, transaction)
        }
    }

    private static func results(_ body: JSON, _ context: Context) throws(AWSError) -> (JSON, JSON) {
        var stages = try QueryParser.stages(body["queryString"]?.string ?? "")
        let limit = body["limit"]?.int ?? 10_000
        var isAggregated = false
        var isOrdered = false
        for stage in stages {
            if case .stats = stage { isAggregated = true }
            if case .sort = stage { isOrdered = true }
        }
        if !isAggregated, !isOrdered {
            // Before what only takes the first ones.
            let place = stages.firstIndex { if case .limit = $0 { true } else { false } } ?? stages.count
            let newest = QueryStage.Order(expression: .field("@timestamp"), isDescending: true)
            stages.insert(.sort([newest]), at: place)
        }
        var rows: [QueryRow] = []
        var bytes = 0
        for name in (body["groups"]?.array ?? []).compactMap(\.string) {
            let (found, size) = try context.read { db in try events(GroupReference(name, context), body, context, db) }
            rows += found
            bytes += size
        }
        let scannedRows = rows.count
        for stage in stages { rows = stage.run(rows) }
        let statistics: JSON = [
            "recordsMatched": .number(rows.count), "recordsScanned": .number(scannedRows),
            "bytesScanned": .number(bytes), "logGroupsScanned": .number(body["groups"]?.array?.count ?? 0),
        ]
        return (.array(rows.prefix(limit).map { shown($0, isAggregated) }), statistics)
    }

    private static func events(
        _ reference: GroupReference, _ body: JSON, _ context: Context, _ db: Database
    ) throws -> ([QueryRow], Int) {
        let group = try db.logGroup(reference)
        let fromMs = max(Int64(body["startMs"]?.int ?? 0), group.expiredBeforeMs(context.nowMs))
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT e.*, s.name AS stream FROM logs_event AS e JOIN logs_stream AS s ON s.id = e.stream_id
                WHERE e.group_id = ? AND e.at_ms >= ? AND e.at_ms <= ? ORDER BY e.at_ms DESC, e.id DESC LIMIT ?
                """, arguments: [group.id, fromMs, Int64(body["endMs"]?.int ?? .max), scanned])
        var (rows, bytes) = ([QueryRow](), 0)
        while let row = try cursor.next() {
            let message: String = row["message"]
            bytes += message.utf8.count
            let event = message.utf8.first == UInt8(ascii: "{") ? try? JSON.parse(message.trimmed) : nil
            rows.append(
                QueryRow(
                    fields: [
                        "@timestamp": .number(Double(row["at_ms"] as Int64)), "@message": .text(message),
                        "@ingestionTime": .number(Double(row["ingested_ms"] as Int64)),
                        "@logStream": .text(row["stream"]), "@log": .text("\(group.account):\(group.name)"),
                        "@ptr": .text(LogRecordPointer.text(row["id"])),
                    ], event: event))
        }
        return (rows, bytes)
    }

    /// Events are answered with their pointers, groups without.
    private static func shown(_ row: QueryRow, _ isAggregated: Bool) -> JSON {
        let names = (row.shown.isEmpty ? ["@timestamp", "@message"] : row.shown) + (isAggregated ? [] : ["@ptr"])
        return .array(
            names.compactMap { name in
                let value = row[name]
                guard !value.isMissing else { return nil }
                let isTime = QueryTime.fields.contains(name) || name.hasPrefix("bin(") || name.hasPrefix("datefloor(")
                let text = if isTime, let ms = value.number { QueryTime.text(Int64(ms)) } else { value.text }
                return ["field": .string(name), "value": .string(text)]
            })
    }
}

/// `@ptr` of results, for GetLogRecord.
enum LogRecordPointer {
    static func text(_ id: Int64) -> String { PageToken.encode(["event": .number(Int(id))]) }
    static func id(_ text: String) -> Int? { PageToken.decode(text)?["event"]?.int }
}
