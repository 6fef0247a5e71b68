import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A resource that is found by account, region and name: event buses, connections, API destinations, archives, replays.
protocol Named: Codable, Sendable {
    static var table: String { get }
    var account: String { get }
    var region: String { get }
    var name: String { get }
}

extension Named {
    var body: String { (try? JSON(encoding: self))?.text() ?? "" }

    init(_ row: Row) throws { self = try JSON.parse(row["body"] as String).decoded(as: Self.self) }

    static func find(_ name: String, _ context: Context, _ db: Database) throws -> Self? {
        try find(name, account: context.account, region: context.region, db)
    }

    static func find(_ name: String, account: String, region: String, _ db: Database) throws -> Self? {
        try db.row(
            "SELECT body FROM \(table) WHERE account = ? AND region = ? AND name = ?", account, region, name
        ).map { try Self($0) }
    }

    func save(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO \(Self.table) (account, region, name, body) VALUES (?, ?, ?, ?)",
            account, region, name, body)
    }

    func delete(_ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM \(Self.table) WHERE account = ? AND region = ? AND name = ?", account, region, name)
    }

    /// One page in the order of names.
    static func page(
        prefix: String?, token: String?, limit: Int?, _ context: Context, wanted: (Self) -> Bool = { _ in true }
    ) throws(AWSError) -> (items: [Self], token: String?) {
        let start = try Page.start(token)
        let found: [Self] = try context.read { db in
            try db.rows(
                "SELECT body FROM \(table) WHERE account = ? AND region = ? AND name > ? ORDER BY name",
                context.account, context.region, start
            ).map { try Self($0) }.filter { $0.name.hasPrefix(prefix ?? "") && wanted($0) }
        }
        return Page.cut(found, limit) { $0.name }
    }
}

/// Pages of lists that are in the order of names: 100 at most.
enum Page {
    static let size = 100

    /// The name behind which to go on.
    static func start(_ token: String?) throws(AWSError) -> String {
        guard let token else { return "" }
        guard let start = PageToken.decode(token)?.string else { throw EventsError.nextToken }
        return start
    }

    static func cut<T>(_ items: [T], _ limit: Int?, _ name: (T) -> String) -> (items: [T], token: String?) {
        let count = min(limit ?? size, size)
        guard items.count > count, let last = items.prefix(count).last else { return (items, nil) }
        return (Array(items.prefix(count)), PageToken.encode(.string(name(last))))
    }
}

extension JSON {
    /// A time of the member tree from epoch milliseconds.
    static func time(_ milliseconds: Int64) -> JSON { .number(Timestamp.number(milliseconds)) }
}

/// A label of a rule or an event bus. Limit: 50 for each.
struct Tag: Codable, Equatable, Sendable {
    let key: String
    let value: String

    static func merged(_ tags: [Tag], _ changes: [Tag]) throws(AWSError) -> [Tag] {
        let changed = Set(changes.map(\.key))
        let result = tags.filter { !changed.contains($0.key) } + changes
        guard result.count <= 50 else { throw EventsError.limit }
        return result
    }
}
