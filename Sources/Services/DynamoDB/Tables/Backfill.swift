import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import Foundation
import GRDB
import JSON

/// Enters the items of a table into a new index, some at a time. Writes keep the index meanwhile, so that it is complete
/// when the last old item is in.
enum Backfill {
    static let kind = "dynamodb-backfill"
    private static let itemsPerStep = 1000

    /// The first step, in the transaction that makes the index: small tables are done with it.
    static func begin(
        _ transaction: Transaction, _ table: Table, _ number: Int, _ cache: TableCache
    ) throws -> Table {
        try step(transaction, table, number, after: nil, cache)
    }

    static func handle(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let cache = context.service(DynamoDB.self).cache
        let state = try JSON.parse(row.payload)
        let number = state["index"]?.int ?? 0
        let after = ItemKey(hash: Data(state["hash"]?.bytes ?? []), range: Data(state["range"]?.bytes ?? []))
        let id = Int64(row.key) ?? 0
        return .commit { transaction in
            // The table or the index may be gone.
            guard let table = try TableRows.find(transaction.db, id: id) else { return }
            _ = try step(transaction, table, number, after: after, cache)
        }
    }

    private static func step(
        _ transaction: Transaction, _ table: Table, _ number: Int, after: ItemKey?, _ cache: TableCache
    ) throws -> Table {
        guard let index = table.entries.first(where: { $0.number == number }) else { return table }
        let rows = try transaction.rows(
            """
            SELECT hash, range, size, item FROM ddb_items WHERE table_id = ? AND (hash, range) > (?, ?)
            ORDER BY hash, range LIMIT ?
            """, table.id, after?.hash ?? Data(), after?.range ?? Data(), itemsPerStep)
        var last: ItemKey?
        for row in rows {
            let base = ItemKey(hash: row["hash"], range: row["range"])
            last = base
            let item = StoredItem(data: row["item"], byteCount: row["size"]).item
            if let key = index.key.key(of: item) { try IndexRows.insert(transaction, table, index, key, base) }
            if index.number == table.expiry?.number { try Expiry.watch(transaction, table, item) }
        }
        if rows.count == itemsPerStep, let last {
            let state: JSON = [
                "index": .number(number), "hash": .bytes(Array(last.hash)), "range": .bytes(Array(last.range)),
            ]
            try transaction.schedule(
                kind, atMs: transaction.nowMs, account: table.account, region: table.region, key: String(table.id),
                payload: state.text())
            return table
        }
        guard index.isBackfilling else { return table }
        var definition = table.definition
        for position in definition.globalIndexes.indices where definition.globalIndexes[position].number == number {
            definition.globalIndexes[position].isBackfilling = nil
        }
        return try TableRows.update(transaction, table, definition, cache)
    }
}
