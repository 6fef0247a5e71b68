import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A subscription filter or a metric filter of a group. Both are kept as the members of the request that put them.
struct LogFilter: Sendable {
    enum Kind: String, Sendable {
        case subscription, metric

        /// How many of a kind a group has at most. Source: CloudWatch Logs quotas.
        var limit: Int { self == .subscription ? 2 : 100 }
    }

    let name: String
    let group: String
    let pattern: String
    let members: JSON
    let createdMs: Int64

    init(_ row: Row) {
        name = row["name"]
        group = row["group_name"]
        members = (try? JSON.parse(row["members"] as String)) ?? [:]
        pattern = members["filterPattern"]?.string ?? ""
        createdMs = row["created_ms"]
    }

    static let migration = Migration(
        name: "logs-2",
        sql: """
            -- members: JSON, the request's.
            CREATE TABLE logs_filter (
                group_id INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, members TEXT NOT NULL,
                created_ms INTEGER NOT NULL, PRIMARY KEY (group_id, kind, name)) STRICT, WITHOUT ROWID;
            -- Resource policies, query definitions and queries: kind, and JSON.
            CREATE TABLE logs_document (
                account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
                changed_ms INTEGER NOT NULL, PRIMARY KEY (account, region, kind, id)) STRICT, WITHOUT ROWID;
            """)

    /// As lists show it.
    var shown: JSON {
        var shown = members
        shown["filterName"] = .string(name)
        shown["logGroupName"] = .string(group)
        shown["creationTime"] = .number(Int(createdMs))
        return shown
    }

    // MARK: Operations

    static func put(
        _ kind: Kind, _ input: JSON, _ context: Context
    ) throws(AWSError) -> Write<Nothing> {
        _ = try FilterPattern(input["filterPattern"]?.string)
        let reference = GroupReference(input["logGroupName"]?.string ?? "", context)
        let name = input["filterName"]?.string ?? ""
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            let others = try transaction.row(
                "SELECT count(*) AS n FROM logs_filter WHERE group_id = ? AND kind = ? AND name <> ?", group.id,
                kind.rawValue, name)
            let count = others?["n"] as Int? ?? 0
            guard count < kind.limit else { throw LogsError.limitExceeded }
            try transaction.execute(
                """
                INSERT INTO logs_filter (group_id, kind, name, members, created_ms) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (group_id, kind, name) DO UPDATE SET members = excluded.members
                """, group.id, kind.rawValue, name, input.text(), transaction.nowMs)
            return Nothing()
        }
    }

    static func delete(_ kind: Kind, _ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let reference = GroupReference(input["logGroupName"]?.string ?? "", context)
        let name = input["filterName"]?.string ?? ""
        return { transaction in
            let group = try transaction.db.logGroup(reference)
            let removed = try transaction.execute(
                "DELETE FROM logs_filter WHERE group_id = ? AND kind = ? AND name = ?", group.id, kind.rawValue, name)
            guard removed > 0 else { throw LogsError.filterNotFound(kind) }
            return Nothing()
        }
    }

    /// The filters of one group, or of all, by group and name, at most 50 at a time.
    static func list(
        _ kind: Kind, _ input: JSON, _ context: Context, _ wants: (LogFilter) -> Bool = { _ in true }
    ) throws(AWSError) -> (filters: [JSON], nextToken: JSON?) {
        let prefix = input["filterNamePrefix"]?.string ?? ""
        let filters = try context.read { db in
            if let name = input["logGroupName"]?.string { _ = try db.logGroup(GroupReference(name, context)) }
            return try db.rows(
                """
                SELECT f.*, g.name AS group_name FROM logs_filter AS f JOIN logs_group AS g ON g.id = f.group_id
                WHERE g.account = ? AND g.region = ? AND f.kind = ? AND (? IS NULL OR g.name = ?)
                ORDER BY g.name, f.name
                """, context.account, context.region, kind.rawValue, input["logGroupName"]?.string,
                input["logGroupName"]?.string
            ).map(LogFilter.init)
        }.filter { $0.name.hasPrefix(prefix) && wants($0) }
        let (page, token) = try ListPage.of(filters, input) { "\($0.group) \($0.name)" }
        return (page.map(\.shown), token)
    }
}

/// A page of a list whose entries have ids in a fixed order.
enum ListPage {
    static func of<Entry>(
        _ all: [Entry], _ input: JSON, id: (Entry) -> String
    ) throws(AWSError) -> (page: [Entry], nextToken: JSON?) {
        var rest = all[...]
        if let token = input["nextToken"]?.string {
            guard let last = PageToken.decode(token)?["after"]?.string else { throw LogsError.badToken }
            rest = all.firstIndex { id($0) == last }.map { all[($0 + 1)...] } ?? []
        }
        let limit = input["limit"]?.int ?? input["maxResults"]?.int ?? 50
        let page = Array(rest.prefix(limit))
        let more = rest.count > limit
        return (page, more ? page.last.map { .string(PageToken.encode(["after": .string(id($0))])) } : nil)
    }
}
