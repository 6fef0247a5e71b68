import AWSWire
import BatonStore
import DynamoDBExpressions
import Foundation
import GRDB
import JSON

/// One row of `ddb_streams`: the changes of a table from when its stream was enabled until it was disabled.
struct TableStream: Sendable {
    let id: Int64
    let tableName: String
    let account: String
    let region: String
    let label: String
    let viewType: String
    let keySchema: JSON
    let createdMs: Int64
    let disabledMs: Int64?
    /// Up to here records are gone.
    let trimmed: Int64

    init(_ row: Row) throws {
        id = row["id"]
        tableName = row["table_name"]
        account = row["account"]
        region = row["region"]
        label = row["label"]
        viewType = row["view_type"]
        keySchema = try JSON.parse(row["key_schema"] as String)
        createdMs = row["created_ms"]
        disabledMs = row["disabled_ms"]
        trimmed = row["trimmed"]
    }

    var arn: String {
        ARN(service: "dynamodb", region: region, account: account, resource: "table/\(tableName)/stream/\(label)")
            .description
    }

    /// Assumed: a stream here is one shard, which keeps the order of all its items.
    var shardId: String {
        let time = String(createdMs)
        let number = String(id, radix: 16)
        return "shardId-\(String(repeating: "0", count: max(0, 20 - time.count)))\(time)-"
            + String(repeating: "0", count: max(0, 8 - number.count)) + number
    }

    /// Assumed: 21 digits that grow, as AWS's do; the gaps differ.
    static func sequenceText(_ sequence: Int64) -> String {
        let digits = String(sequence)
        return "1" + String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }

    /// nil for a text that is no sequence number of ours.
    static func sequence(_ text: String) -> Int64? {
        text.count == 21 && text.first == "1" ? Int64(text.dropFirst()) : nil
    }
}

/// Rows of streams and of their records. Records are kept for 24 hours.
enum StreamRows {
    static let migration = Migration(
        name: "dynamodb-streams-1",
        sql: """
            CREATE TABLE ddb_streams (
                id INTEGER PRIMARY KEY AUTOINCREMENT, table_id INTEGER NOT NULL, account TEXT NOT NULL,
                region TEXT NOT NULL, table_name TEXT NOT NULL, label TEXT NOT NULL, view_type TEXT NOT NULL,
                key_schema TEXT NOT NULL, created_ms INTEGER NOT NULL, disabled_ms INTEGER,
                trimmed INTEGER NOT NULL DEFAULT 0, UNIQUE (table_id, label)) STRICT;
            CREATE INDEX ddb_streams_by_owner ON ddb_streams (account, region, table_name, label);
            CREATE TABLE ddb_stream_records (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT, stream_id INTEGER NOT NULL, at_ms INTEGER NOT NULL,
                record TEXT NOT NULL) STRICT;
            CREATE INDEX ddb_stream_records_by_stream ON ddb_stream_records (stream_id, sequence);
            """)

    static let retentionMs: Int64 = 86_400_000

    /// What readers of the stream wait for.
    static func bell(_ arn: String) -> String { "stream \(arn)" }

    static func find(_ arn: String, _ nowMs: Int64, _ db: Database) throws -> TableStream? {
        guard let place = ARN(arn) else { return nil }
        let parts = place.resource.split(separator: "/", maxSplits: 3).map(String.init)
        guard parts.count == 4, parts[0] == "table", parts[2] == "stream" else { return nil }
        let stream = try db.row(
            "SELECT * FROM ddb_streams WHERE account = ? AND region = ? AND table_name = ? AND label = ?",
            place.account, place.region, parts[1], parts[3]
        ).map(TableStream.init)
        guard let stream, stream.disabledMs.map({ $0 > nowMs - retentionMs }) ?? true else { return nil }
        return stream
    }

    /// Makes the stream that the table's definition asks for, and ends those that it no longer has.
    static func follow(_ transaction: Transaction, _ table: Table, isDeleted: Bool = false) throws {
        let definition = table.definition
        let isEnabled = !isDeleted && definition.stream?.streamEnabled == true
        let label = isEnabled ? definition.streamLabel ?? "" : ""
        let ended = try transaction.rows(
            "SELECT * FROM ddb_streams WHERE table_id = ? AND disabled_ms IS NULL AND label <> ?", table.id, label
        ).map(TableStream.init)
        for stream in ended {
            try transaction.execute(
                "UPDATE ddb_streams SET disabled_ms = ? WHERE id = ?", transaction.nowMs, stream.id)
            try schedule(transaction, stream.id, transaction.nowMs, table)
            transaction.ring(bell(stream.arn))
        }
        guard isEnabled, try current(transaction, table) == nil else { return }
        let schema: [JSON] = definition.keySchema.map {
            ["AttributeName": .string($0.attributeName), "KeyType": .string($0.keyType)]
        }
        try transaction.execute(
            """
            INSERT INTO ddb_streams (table_id, account, region, table_name, label, view_type, key_schema, created_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, table.id, table.account, table.region, table.name, label,
            definition.stream?.streamViewType ?? "KEYS_ONLY", JSON.array(schema).text(), transaction.nowMs)
    }

    private static func current(_ transaction: Transaction, _ table: Table) throws -> Int64? {
        try transaction.row(
            "SELECT id FROM ddb_streams WHERE table_id = ? AND label = ?", table.id, table.definition.streamLabel ?? "")?[
                "id"]
    }

    /// Commits the record of a change together with it. A change that changes nothing leaves none.
    static func append(_ transaction: Transaction, _ table: Table, _ change: ItemChange) throws {
        guard let stream = table.definition.stream, stream.streamEnabled, change.old != change.new,
            let item = change.new ?? change.old
        else { return }
        if try current(transaction, table) == nil { try follow(transaction, table) }
        guard let id = try current(transaction, table) else { return }
        var keys = Item()
        for name in table.key.names { if let value = item[name] { keys.append(name, value) } }
        let view = stream.streamViewType ?? "KEYS_ONLY"
        var record: JSON = [
            "n": change.old == nil ? "INSERT" : change.new == nil ? "REMOVE" : "MODIFY", "k": keys.tree,
        ]
        var size = keys.byteCount
        if let new = change.new, view.hasPrefix("NEW") {
            record["new"] = new.tree
            size += new.byteCount
        }
        if let old = change.old, view.contains("OLD") {
            record["old"] = old.tree
            size += old.byteCount
        }
        record["s"] = .number(size)
        if change.isExpiry { record["e"] = true }
        try transaction.execute(
            "INSERT INTO ddb_stream_records (stream_id, at_ms, record) VALUES (?, ?, ?)", id, transaction.nowMs,
            record.text())
        let isWatched = try transaction.row(
            "SELECT 1 FROM due WHERE kind = ? AND key = ? LIMIT 1", trimKind, String(id))
        if isWatched == nil { try schedule(transaction, id, transaction.nowMs, table) }
        transaction.ring(bell("\(TableDescription.arn(table))/stream/\(table.definition.streamLabel ?? "")"))
    }

    // MARK: Trimming

    static let trimKind = "dynamodb-stream-trim"

    private static func schedule(_ transaction: Transaction, _ id: Int64, _ fromMs: Int64, _ table: Table) throws {
        try transaction.schedule(
            trimKind, atMs: fromMs + retentionMs, account: table.account, region: table.region, key: String(id))
    }

    /// Removes records that are older than a day, and a stream that ended a day ago; goes on when its next record is
    /// that old.
    static func trim(_ row: DueRow) -> DueOutcome {
        let id = Int64(row.key) ?? 0
        return .commit { transaction in
            let horizon = transaction.nowMs - retentionMs
            let last = try transaction.row(
                "SELECT max(sequence) AS last FROM ddb_stream_records WHERE stream_id = ? AND at_ms <= ?", id, horizon)
            if let last = last?["last"] as Int64? {
                try transaction.execute(
                    "DELETE FROM ddb_stream_records WHERE stream_id = ? AND sequence <= ?", id, last)
                try transaction.execute("UPDATE ddb_streams SET trimmed = ? WHERE id = ?", last, id)
            }
            try transaction.execute("DELETE FROM ddb_streams WHERE id = ? AND disabled_ms <= ?", id, horizon)
            let next = try transaction.row(
                "SELECT at_ms FROM ddb_stream_records WHERE stream_id = ? ORDER BY sequence LIMIT 1", id)
            guard let atMs = next?["at_ms"] as Int64? else { return }
            try transaction.schedule(
                trimKind, atMs: atMs + retentionMs, account: row.account, region: row.region, key: row.key)
        }
    }
}
