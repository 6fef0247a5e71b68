import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import Synchronization

/// Rows of tables. One row holds all that is said about a table; its version grows with each change.
enum TableRows {
    static let migration = Migration(
        name: "dynamodb-1",
        sql: """
            CREATE TABLE ddb_tables (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                version INTEGER NOT NULL, definition TEXT NOT NULL, UNIQUE (account, region, name)) STRICT;
            CREATE TABLE ddb_tags (
                table_id INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
                PRIMARY KEY (table_id, key)) STRICT, WITHOUT ROWID;
            CREATE TABLE ddb_items (
                table_id INTEGER NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL, size INTEGER NOT NULL,
                item BLOB NOT NULL, PRIMARY KEY (table_id, hash, range)) STRICT, WITHOUT ROWID;
            CREATE TABLE ddb_index_items (
                table_id INTEGER NOT NULL, index_number INTEGER NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL,
                base_hash BLOB NOT NULL, base_range BLOB NOT NULL,
                PRIMARY KEY (table_id, index_number, hash, range, base_hash, base_range)) STRICT, WITHOUT ROWID;
            """)

    static func find(_ db: Database, _ account: String, _ region: String, _ name: String) throws -> Table? {
        let row = try db.row(
            "SELECT * FROM ddb_tables WHERE account = ? AND region = ? AND name = ?", account, region, name)
        return try row.flatMap(table)
    }

    static func find(_ db: Database, id: Int64) throws -> Table? {
        try db.row("SELECT * FROM ddb_tables WHERE id = ?", id).flatMap(table)
    }

    private static func table(_ row: Row) throws -> Table? {
        let text: String = row["definition"]
        return Table(
            id: row["id"], version: row["version"], name: row["name"], account: row["account"], region: row["region"],
            definition: try JSON.parse(text).decoded())
    }

    static func insert(
        _ transaction: Transaction, _ account: String, _ region: String, _ name: String, _ definition: TableDefinition
    ) throws -> Table? {
        try transaction.execute(
            "INSERT INTO ddb_tables (account, region, name, version, definition) VALUES (?, ?, ?, 1, ?)", account,
            region, name, try JSON(encoding: definition).text())
        return try find(transaction.db, id: transaction.db.lastInsertedRowID)
    }

    /// Stores a changed definition; caches forget the old one with the commit.
    static func update(
        _ transaction: Transaction, _ table: Table, _ definition: TableDefinition, _ cache: TableCache
    ) throws -> Table {
        try transaction.execute(
            "UPDATE ddb_tables SET version = version + 1, definition = ? WHERE id = ?",
            try JSON(encoding: definition).text(), table.id)
        transaction.afterCommit { cache.forget(table) }
        guard let changed = try find(transaction.db, id: table.id) else { throw AWSError.tableNotFound(table.name) }
        return changed
    }

    static func delete(_ transaction: Transaction, _ table: Table, _ cache: TableCache) throws {
        try transaction.execute("DELETE FROM ddb_tags WHERE table_id = ?", table.id)
        try transaction.execute("DELETE FROM ddb_tables WHERE id = ?", table.id)
        transaction.afterCommit { cache.forget(table) }
    }
}

/// Tables that were looked up, so that an operation on an item costs no look-up. A write checks in its transaction that
/// what it took from here is still true.
final class TableCache: Sendable {
    private struct Key: Hashable {
        let account: String
        let region: String
        let name: String
    }
    private struct State {
        var tables: [Key: Table] = [:]
        /// Counts what was forgotten: a look-up that overlaps with a change must not be kept.
        var generation = 0
    }
    private static let capacity = 10_000
    private let state = Mutex(State())

    func table(_ name: String, _ context: Context) throws(AWSError) -> Table? {
        let key = Key(account: context.account, region: context.region, name: name)
        let (known, generation) = state.withLock { ($0.tables[key], $0.generation) }
        if let known { return known }
        guard let table = try context.read({ try TableRows.find($0, context.account, context.region, name) }) else {
            return nil
        }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.tables.count >= Self.capacity { state.tables = [:] }
            state.tables[key] = table
        }
        return table
    }

    func forget(_ table: Table) {
        let key = Key(account: table.account, region: table.region, name: table.name)
        state.withLock { state in
            state.tables[key] = nil
            state.generation += 1
        }
    }
}
