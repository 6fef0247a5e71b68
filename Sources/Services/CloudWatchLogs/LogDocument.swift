import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// What belongs to an account and a region and is no group: resource policies, query definitions, queries.
struct LogDocument: Sendable {
    enum Kind: String, Sendable { case policy, definition, query }

    let id: String
    let body: JSON
    let changedMs: Int64

    init(_ row: Row) {
        id = row["id"]
        body = (try? JSON.parse(row["body"] as String)) ?? [:]
        changedMs = row["changed_ms"]
    }

    static func all(_ kind: Kind, _ context: Context) throws(AWSError) -> [LogDocument] {
        try context.read { db in
            try db.rows(
                "SELECT * FROM logs_document WHERE account = ? AND region = ? AND kind = ? ORDER BY id",
                context.account, context.region, kind.rawValue
            ).map(LogDocument.init)
        }
    }

    static func find(_ kind: Kind, _ id: String, _ context: Context, _ db: Database) throws -> LogDocument? {
        try db.row(
            "SELECT * FROM logs_document WHERE account = ? AND region = ? AND kind = ? AND id = ?", context.account,
            context.region, kind.rawValue, id
        ).map(LogDocument.init)
    }

    static func put(_ kind: Kind, _ id: String, _ body: JSON, _ context: Context, _ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT OR REPLACE INTO logs_document (account, region, kind, id, body, changed_ms)
            VALUES (?, ?, ?, ?, ?, ?)
            """, context.account, context.region, kind.rawValue, id, body.text(), transaction.nowMs)
    }

    @discardableResult
    static func remove(_ kind: Kind, _ id: String, _ context: Context, _ transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM logs_document WHERE account = ? AND region = ? AND kind = ? AND id = ?", context.account,
            context.region, kind.rawValue, id) > 0
    }
}
