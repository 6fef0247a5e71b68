import AWSWire
import BatonStore
import DynamoDBExpressions
import GRDB

/// A label of a table.
struct Tag: Codable, Sendable {
    let key: String
    let value: String

    static func checked(_ tags: [Tag]) throws(AWSError) -> [Tag] {
        var seen: Set<String> = []
        for tag in tags {
            if tag.key.hasPrefix("aws:") {
                throw .validation(
                    "One or more parameter values were invalid: Tag keys starting with 'aws:' are reserved for system use"
                )
            }
            guard seen.insert(tag.key).inserted else {
                throw .validation(
                    "One or more parameter values were invalid: Duplicate Tag keys found: \(tag.key)")
            }
        }
        guard tags.count <= Limits.tagsPerTable else { throw tooMany }
        return tags
    }

    private static let tooMany = AWSError.validation(
        "One or more parameter values were invalid: Too many tags: a resource can have at most \(Limits.tagsPerTable)")

    static func store(_ tags: [Tag], _ table: Table, _ transaction: Transaction) throws {
        for tag in tags {
            try transaction.execute(
                "INSERT OR REPLACE INTO ddb_tags (table_id, key, value) VALUES (?, ?, ?)", table.id, tag.key, tag.value)
        }
        let row = try transaction.row("SELECT count(*) AS count FROM ddb_tags WHERE table_id = ?", table.id)
        if row?["count"] ?? 0 > Limits.tagsPerTable { throw tooMany }
    }

    static func all(_ db: Database, _ table: Table) throws -> [Tag] {
        try db.rows("SELECT key, value FROM ddb_tags WHERE table_id = ? ORDER BY key", table.id)
            .map { Tag(key: $0["key"], value: $0["value"]) }
    }
}
