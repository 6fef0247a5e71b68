import AWSWire
import BatonCore
import BatonStore
import GRDB
import Synchronization

/// How many items a table has and how many bytes they are.
///
/// Assumed: sizes leave out the 100 bytes that AWS adds for each item.
struct TableStatistics: Sendable {
    var count = 0
    var bytes = 0
    /// Entries by the number of the index.
    var indexCounts: [Int: Int] = [:]

    init() {}

    init(_ db: Database, _ table: Table) throws {
        let row = try db.row(
            "SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM ddb_items WHERE table_id = ?", table.id)
        count = row?["count"] ?? 0
        bytes = row?["bytes"] ?? 0
        for index in table.indexes {
            let row = try db.row(
                "SELECT count(*) AS count FROM ddb_index_items WHERE table_id = ? AND index_number = ?", table.id,
                index.number)
            indexCounts[index.number] = row?["count"] ?? 0
        }
    }
}

/// Counts of large tables, kept because counting reads the whole table. Small tables are counted each time; those of
/// large ones are up to six hours old, as on AWS, unless their definition changed.
final class StatisticsCache: Sendable {
    private struct Entry {
        let statistics: TableStatistics
        let version: Int
        let countedMs: Int64
    }
    private static let smallTable = 10_000
    private static let maximumAgeMs: Int64 = 6 * 3600 * 1000
    private let entries = Mutex<[Int64: Entry]>([:])

    func statistics(of table: Table, _ context: Context) throws(AWSError) -> TableStatistics {
        let now = context.nowMs
        if let entry = entries.withLock({ $0[table.id] }), entry.version == table.version,
            now - entry.countedMs < Self.maximumAgeMs
        {
            return entry.statistics
        }
        let counted = try context.read { db in try TableStatistics(db, table) }
        let isLarge = counted.count > Self.smallTable
        entries.withLock {
            $0[table.id] = isLarge ? Entry(statistics: counted, version: table.version, countedMs: now) : nil
        }
        return counted
    }

    func forget(_ table: Table) { entries.withLock { $0[table.id] = nil } }
}
