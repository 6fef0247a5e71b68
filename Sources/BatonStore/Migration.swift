import GRDB

/// One step of the schema. Names are applied once and never change their meaning.
public struct Migration: Sendable {
    public let name: String
    public let sql: String

    /// - Parameters:
    ///   - name: unique in the database, for example `sqs-1`.
    ///   - sql: statements separated by semicolons; tables are STRICT and carry their service's prefix.
    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    /// The store's own tables.
    static let store = Migration(
        name: "store-1",
        sql: """
            CREATE TABLE due (
                id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at_ms INTEGER NOT NULL,
                account TEXT NOT NULL, region TEXT NOT NULL, key TEXT NOT NULL, payload TEXT NOT NULL,
                attempts INTEGER NOT NULL DEFAULT 0) STRICT;
            CREATE INDEX due_by_time ON due (kind, at_ms);
            CREATE INDEX due_by_key ON due (kind, key);
            """)

    /// Applies those that are missing, all in one transaction. An empty list of names means a new database.
    static func apply(_ migrations: [Migration], to db: Database, path: String) throws {
        try db.inTransaction(.immediate) {
            try db.execute(sql: "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT")
            let applied = Set(try String.fetchAll(db, sql: "SELECT name FROM migration"))
            if let unknown = applied.subtracting(migrations.map(\.name)).min() {
                throw StoreError.newer(path: path, migration: unknown)
            }
            for migration in migrations where !applied.contains(migration.name) {
                try db.execute(sql: migration.sql)
                try db.execute("INSERT INTO migration (name) VALUES (?)", migration.name)
            }
            return .commit
        }
    }
}
