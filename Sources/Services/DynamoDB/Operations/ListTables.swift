import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Names of tables in alphabetical order, up to 100 at a time.
/// Source: API reference, ListTables.
enum ListTables: ReadOperation {
    struct Input: Decodable, Sendable {
        let exclusiveStartTableName: String?
        let limit: Int?
    }

    struct Output: Encodable {
        let tableNames: [String]
        let lastEvaluatedTableName: String?
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let limit = min(input.limit ?? 100, 100)
        let names = try context.read { db in
            try db.rows(
                "SELECT name FROM ddb_tables WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?",
                context.account, context.region, input.exclusiveStartTableName ?? "", limit + 1
            ).map { $0["name"] as String }
        }
        let hasMore = names.count > limit
        let page = Array(names.prefix(limit))
        return Output(tableNames: page, lastEvaluatedTableName: hasMore ? page.last : nil)
    }
}
