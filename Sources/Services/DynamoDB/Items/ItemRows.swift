import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import Foundation
import GRDB

/// What became of an item.
struct ItemChange: Sendable {
    let key: ItemKey
    let old: Item?
    let new: Item?
    /// The item's own time is over, nobody removed it.
    var isExpiry = false
}

/// Rows of items. Everything that changes an item passes through ``apply(_:_:_:)``, or through
/// ``replace(_:_:_:_:)`` where nobody needs to know what was there before.
enum ItemRows {
    static func find(_ db: Database, _ table: Table, _ key: ItemKey) throws -> StoredItem? {
        try db.values(
            "SELECT size, item FROM ddb_items WHERE table_id = ? AND hash = ? AND range = ?", table.id, key.hash,
            key.range
        ) { StoredItem(data: $0.data(1), byteCount: Int($0.int(0))) }.first
    }

    /// The same outside of a transaction.
    static func find(_ context: Context, _ table: Table, _ key: ItemKey) throws(AWSError) -> StoredItem? {
        try context.first("SELECT size, item FROM ddb_items WHERE table_id = ? AND hash = ? AND range = ?") {
            arguments in
            arguments.set(0, table.id)
            arguments.set(1, key.hash)
            arguments.set(2, key.range)
        } read: {
            StoredItem(text: $0.bytes(1), byteCount: Int($0.int(0)))
        }
    }

    /// The table as this transaction sees it: the same value in nearly all cases.
    /// - Throws: `ResourceNotFoundException` when it was deleted meanwhile.
    static func current(_ transaction: Transaction, _ table: Table) throws -> Table {
        guard let version = try version(transaction, table) else { throw AWSError.resourceNotFound }
        if version == table.version { return table }
        guard let changed = try TableRows.find(transaction.db, id: table.id) else { throw AWSError.resourceNotFound }
        return changed
    }

    private static func version(_ transaction: Transaction, _ table: Table) throws -> Int? {
        var version: Int?
        try transaction.forEach("SELECT version FROM ddb_tables WHERE id = ?") {
            $0.int(table.id)
        } read: {
            version = Int($0.int(0))
        }
        return version
    }

    /// Stores an item without a look at the old one.
    /// - Returns: false when the table is no longer as the caller knows it; then nothing was stored.
    static func replace(
        _ transaction: Transaction, _ table: Table, _ key: ItemKey, _ item: StoredItem
    ) throws -> Bool {
        guard try version(transaction, table) == table.version else { return false }
        try put(transaction, table, key, item)
        return true
    }

    private static func put(
        _ transaction: Transaction, _ table: Table, _ key: ItemKey, _ item: StoredItem
    ) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO ddb_items (table_id, hash, range, size, item) VALUES (?, ?, ?, ?, ?)"
        ) {
            $0.int(table.id)
            $0.blob(key.hash)
            $0.blob(key.range)
            $0.int(item.byteCount)
            $0.blob(item.data)
        }
    }

    /// The one place where an item changes with knowledge of its past: the item's row, its entries in the indexes,
    /// its record in the stream.
    /// - Parameter table: from ``current(_:_:)`` of the same transaction.
    static func apply(_ transaction: Transaction, _ table: Table, _ change: ItemChange) throws {
        if let new = change.new {
            try put(transaction, table, change.key, StoredItem(new))
        } else {
            try transaction.execute(
                "DELETE FROM ddb_items WHERE table_id = ? AND hash = ? AND range = ?", table.id, change.key.hash,
                change.key.range)
        }
        for index in table.entries {
            let old = change.old.flatMap(index.key.key(of:))
            let new = change.new.flatMap(index.key.key(of:))
            guard old != new else { continue }
            if let old { try IndexRows.delete(transaction, table, index, old, change.key) }
            if let new { try IndexRows.insert(transaction, table, index, new, change.key) }
        }
        if table.expiry != nil, let new = change.new { try Expiry.watch(transaction, table, new) }
        if table.hasStream { try StreamRows.append(transaction, table, change) }
    }
}

/// Rows of indexes: the index key, then the key of the item. Items without the index's attributes have none.
enum IndexRows {
    static func insert(
        _ transaction: Transaction, _ table: Table, _ index: SecondaryIndex, _ key: ItemKey, _ base: ItemKey
    ) throws {
        try transaction.execute(
            """
            INSERT OR IGNORE INTO ddb_index_items (table_id, index_number, hash, range, base_hash, base_range)
            VALUES (?, ?, ?, ?, ?, ?)
            """, table.id, index.number, key.hash, key.range, base.hash, base.range)
    }

    static func delete(
        _ transaction: Transaction, _ table: Table, _ index: SecondaryIndex, _ key: ItemKey, _ base: ItemKey
    ) throws {
        try transaction.execute(
            """
            DELETE FROM ddb_index_items WHERE table_id = ? AND index_number = ? AND hash = ? AND range = ?
            AND base_hash = ? AND base_range = ?
            """, table.id, index.number, key.hash, key.range, base.hash, base.range)
    }
}
