import AWSWire
import BatonStore
import DynamoDBExpressions
import Foundation
import GRDB
import JSON

/// One page of Query or Scan: rows in key order, from a starting point, up to a limit of items or bytes.
struct PageRead: Sendable {
    /// A bound of a column in sortable bytes.
    struct Bound: Sendable {
        let comparison: String
        let bytes: Data
    }

    /// Of a parallel scan: the part of the partition keys that this caller reads.
    struct Segment: Sendable {
        let number: Int
        let total: Int

        /// Assumed: AWS distributes by a hash of its own.
        func contains(_ hash: Data) -> Bool {
            let mixed = hash.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            return Int((mixed ^ mixed >> 32) % UInt64(max(total, 1))) == number
        }
    }

    let table: Table
    var index: SecondaryIndex?
    /// The partition of a Query; nil for a Scan.
    var hash: Data?
    var bounds: [Bound] = []
    var isForward = true
    /// Index key (or the item's own key) and item key, behind which the page begins.
    var start: (key: ItemKey, base: ItemKey)?
    var segment: Segment?
    var limit: Int?
    var filter: Condition?
    var projection: Projection?
    var isCount = false
    var isConsistent = false
    /// Whole items through an index that holds parts of them.
    var fetchesItems = false

    struct Page {
        var items: [JSON] = []
        var count = 0
        var scannedCount = 0
        var lastKey: Item?
        var capacity = ConsumedCapacity()
    }

    func read(_ db: Database) throws -> Page {
        let (sql, arguments) = statement
        let cursor = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
        var page = Page()
        var bytes = 0
        var fetchedUnits = 0.0
        var last: StoredItem?
        while let row = try cursor.next() {
            if let segment, !segment.contains(row["hash"]) { continue }
            let stored = StoredItem(data: row["item"], byteCount: row["size"])
            page.scannedCount += 1
            bytes += take(stored, &page)
            if fetchesItems {
                fetchedUnits += ConsumedCapacity.readUnits(stored.byteCount, isConsistent: isConsistent)
            }
            if page.scannedCount == limit || bytes >= Limits.pageBytes {
                last = stored
                break
            }
        }
        let units = ConsumedCapacity.readUnits(bytes, isConsistent: isConsistent)
        if let index {
            page.capacity.add(units, index)
            page.capacity.table = fetchedUnits
        } else {
            page.capacity.table = units
        }
        page.lastKey = last.map { startKey(of: $0.item) }
        return page
    }

    /// Adds an item that passes the filter to the page.
    /// - Returns: the bytes that were read.
    private func take(_ stored: StoredItem, _ page: inout Page) -> Int {
        let isWhole = index == nil || fetchesItems || index?.holdsAll == true
        if filter == nil, projection == nil, isWhole {
            page.count += 1
            if !isCount { page.items.append(stored.output) }
            return stored.byteCount
        }
        let item = stored.item
        let view = isWhole ? item : index?.view(of: item) ?? item
        if filter?.holds(for: view) ?? true {
            page.count += 1
            if !isCount { page.items.append((projection?.applied(to: view) ?? view).tree) }
        }
        guard let index, !index.holdsAll else { return stored.byteCount }
        return fetchesItems ? index.view(of: item).byteCount : view.byteCount
    }

    private func startKey(of item: Item) -> Item {
        var key = table.key.keyItem(of: item)
        for name in index?.key.names ?? [] { key[name] = item[name] }
        return key
    }

    // MARK: SQL

    private var statement: (sql: String, arguments: [(any DatabaseValueConvertible)?]) {
        var arguments: [(any DatabaseValueConvertible)?] = [table.id]
        var sql: String
        let order: [String]
        if let index {
            // The order of the loops is ours: the index first, then the item of each entry.
            sql = """
                SELECT x.hash AS hash, i.size AS size, i.item AS item FROM ddb_index_items x CROSS JOIN ddb_items i
                ON i.table_id = x.table_id AND i.hash = x.base_hash AND i.range = x.base_range
                WHERE x.table_id = ? AND x.index_number = ?
                """
            arguments.append(index.number)
            order = ["x.hash", "x.range", "x.base_hash", "x.base_range"]
        } else {
            sql = "SELECT hash, size, item FROM ddb_items i WHERE i.table_id = ?"
            order = ["i.hash", "i.range"]
        }
        var columns = order[...]
        if let hash {
            sql += " AND \(order[0]) = ?"
            arguments.append(hash)
            columns = columns.dropFirst()
        }
        for bound in bounds {
            sql += " AND \(order[1]) \(bound.comparison) ?"
            arguments.append(bound.bytes)
        }
        if let start {
            let place: [Data] = [start.key.hash, start.key.range, start.base.hash, start.base.range]
            let values = place[(order.count - columns.count)..<order.count]
            let marks = values.map { _ in "?" }.joined(separator: ", ")
            sql += " AND (\(columns.joined(separator: ", "))) \(isForward ? ">" : "<") (\(marks))"
            arguments += values.map { $0 as (any DatabaseValueConvertible)? }
        }
        sql += " ORDER BY " + columns.map { $0 + (isForward ? "" : " DESC") }.joined(separator: ", ")
        return (sql, arguments)
    }
}

extension SecondaryIndex {
    var holdsAll: Bool { if case .all = projected { true } else { false } }
}

extension KeyCondition.Range {
    /// The same as bounds of a column in sortable bytes.
    var bounds: [PageRead.Bound] {
        func bound(_ comparison: String, _ value: AttributeValue) -> PageRead.Bound {
            PageRead.Bound(comparison: comparison, bytes: KeyAttribute.bytes(value))
        }
        switch self {
        case .compare(let comparator, let value): return [bound(comparator.rawValue, value)]
        case .between(let lower, let upper): return [bound(">=", lower), bound("<=", upper)]
        case .beginsWith(let prefix):
            let first = bound(">=", prefix)
            guard let end = first.bytes.successorOfPrefix else { return [first] }
            return [first, PageRead.Bound(comparison: "<", bytes: end)]
        }
    }
}

extension Data {
    /// The first bytes that follow everything that begins with these; nil when nothing does.
    fileprivate var successorOfPrefix: Data? {
        var bytes = Array(self)
        while let last = bytes.last {
            if last < 0xFF {
                bytes[bytes.count - 1] = last + 1
                return Data(bytes)
            }
            bytes.removeLast()
        }
        return nil
    }
}
