import BatonStore
import DynamoDBExpressions
import GRDB

/// Removes items whose time to live is over. Streams tell of it as of a removal by the service.
///
/// Assumed: items go as soon as their time has come; AWS says "within a few days".
/// Source: "Using time to live (TTL) in DynamoDB", Developer Guide.
enum Expiry {
    static let kind = "dynamodb-expiry"
    private static let itemsPerStep = 200
    /// Times that are longer ago than five years are taken for a mistake, and such items stay.
    private static let oldestSeconds = 5 * 365 * 86_400
    /// The end of the year 9999: what lies behind it never comes.
    private static let latestSeconds = 253_402_300_799.0

    /// Makes sure that somebody looks when the item's time comes.
    static func watch(_ transaction: Transaction, _ table: Table, _ item: Item) throws {
        guard let atMs = timeMs(of: item, table), atMs > transaction.nowMs - Int64(oldestSeconds) * 1000 else { return }
        let next = try transaction.row(
            "SELECT min(at_ms) AS at_ms FROM due WHERE kind = ? AND key = ?", kind, String(table.id))
        if let nextMs = next?["at_ms"] as Int64?, nextMs <= atMs { return }
        try transaction.cancelDue(kind: kind, key: String(table.id))
        try schedule(transaction, table, atMs)
    }

    private static func timeMs(of item: Item, _ table: Table) -> Int64? {
        guard let attribute = table.expiry?.name, case .number(let number)? = item[attribute],
            let seconds = Double(number.text), seconds > 0, seconds <= latestSeconds
        else { return nil }
        return Int64(seconds.rounded(.up)) * 1000
    }

    private static func schedule(_ transaction: Transaction, _ table: Table, _ atMs: Int64) throws {
        try transaction.schedule(
            kind, atMs: max(atMs, transaction.nowMs), account: table.account, region: table.region,
            key: String(table.id))
    }

    static func handle(_ row: DueRow) -> DueOutcome {
        let id = Int64(row.key) ?? 0
        return .commit { transaction in
            guard let table = try TableRows.find(transaction.db, id: id), let expiry = table.expiry else { return }
            let seconds = Int(transaction.nowMs / 1000)
            let now = KeyAttribute.bytes(.number(Number(seconds)))
            let over = try transaction.rows(
                """
                SELECT base_hash, base_range FROM ddb_index_items WHERE table_id = ? AND index_number = ?
                AND hash > ? AND hash <= ? ORDER BY hash LIMIT ?
                """, id, expiry.number, KeyAttribute.bytes(.number(Number(seconds - oldestSeconds))), now, itemsPerStep)
            for row in over {
                let key = ItemKey(hash: row["base_hash"], range: row["base_range"])
                let old = try ItemRows.find(transaction.db, table, key)?.item
                try ItemRows.apply(
                    transaction, table, ItemChange(key: key, old: old, new: nil, isExpiry: true))
            }
            if over.count == itemsPerStep { return try schedule(transaction, table, transaction.nowMs) }
            let next = try transaction.row(
                """
                SELECT base_hash, base_range FROM ddb_index_items WHERE table_id = ? AND index_number = ? AND hash > ?
                ORDER BY hash LIMIT 1
                """, id, expiry.number, now)
            guard let next,
                let item = try ItemRows.find(
                    transaction.db, table, ItemKey(hash: next["base_hash"], range: next["base_range"]))?.item,
                let atMs = timeMs(of: item, table)
            else { return }
            try schedule(transaction, table, atMs)
        }
    }
}
