import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// All fields of one event by its pointer, `@ptr` of a query's results.
/// Errors: InvalidParameterException, ResourceNotFoundException.
/// Source: CloudWatch Logs API reference, GetLogRecord.
enum GetLogRecord: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        guard let id = LogRecordPointer.id(input["logRecordPointer"]?.string ?? "") else {
            throw LogsError.invalid("The log record pointer is invalid.")
        }
        let found = try context.read { db in
            try db.row(
                """
                SELECT e.*, s.name AS stream, g.name AS group_name FROM logs_event AS e
                JOIN logs_stream AS s ON s.id = e.stream_id JOIN logs_group AS g ON g.id = e.group_id
                WHERE e.id = ? AND g.account = ? AND g.region = ?
                """, id, context.account, context.region)
        }
        guard let row = found else { throw LogsError.resourceNotFound }
        let message: String = row["message"]
        var record: JSON.Object = [
            "@timestamp": .string(String(row["at_ms"] as Int64)), "@message": .string(message),
            "@ingestionTime": .string(String(row["ingested_ms"] as Int64)), "@logStream": .string(row["stream"]),
            "@log": .string("\(context.account):\(row["group_name"] as String)"),
        ]
        for (name, value) in (try? JSON.parse(message.trimmed))?.object ?? [:] {
            record[name] = .string(value.string ?? value.text())
        }
        return ["logRecord": .object(record)]
    }
}
