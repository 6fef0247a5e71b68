import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import GRDB
import JSON

/// Removes a table at once; its items follow in the background.
/// Errors: ResourceNotFoundException, ValidationException (deletion protection). Source: API reference, DeleteTable.
enum DeleteTable: Operation {
    struct Input: Decodable, Sendable { let tableName: String }
    struct Output: Encodable, Sendable { let tableDescription: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name = try TableReference.name(input.tableName, context)
        let service = context.service(DynamoDB.self)
        let (account, region) = (context.account, context.region)
        return try await context.write { transaction in
            guard let table = try TableRows.find(transaction.db, account, region, name) else {
                throw AWSError.tableNotFound(name)
            }
            if table.definition.isDeletionProtected {
                throw AWSError.validation(
                    "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
                        + "protection first.")
            }
            try TableRows.delete(transaction, table, service.cache)
            try StreamRows.follow(transaction, table, isDeleted: true)
            transaction.afterCommit { service.statistics.forget(table) }
            try Cleanup.schedule(transaction, table)
            return Output(tableDescription: TableDescription(table: table, status: "DELETING").tree)
        }
    }
}

/// Removes the items of deleted tables and the entries of deleted indexes, some at a time, so that no other write waits
/// for long.
enum Cleanup {
    static let kind = "dynamodb-cleanup"
    private static let rowsPerStep = 2000

    /// - Parameter index: nil for a whole table.
    static func schedule(_ transaction: Transaction, _ table: Table, index: Int? = nil) throws {
        try transaction.schedule(
            kind, atMs: transaction.nowMs, account: table.account, region: table.region, key: String(table.id),
            payload: index.map(String.init) ?? "")
    }

    static func handle(_ row: DueRow, _ context: Context) async throws -> DueOutcome {
        let id = Int64(row.key) ?? 0
        let index = Int(row.payload)
        return .commit { transaction in
            var removed = 0
            if index == nil {
                removed += try transaction.execute(
                    """
                    DELETE FROM ddb_items WHERE table_id = ?1 AND (hash, range) IN
                    (SELECT hash, range FROM ddb_items WHERE table_id = ?1 LIMIT ?2)
                    """, id, rowsPerStep)
            }
            removed += try transaction.execute(
                """
                DELETE FROM ddb_index_items WHERE table_id = ?1 AND (index_number, hash, range, base_hash, base_range) IN
                (SELECT index_number, hash, range, base_hash, base_range FROM ddb_index_items
                WHERE table_id = ?1 AND (?2 IS NULL OR index_number = ?2) LIMIT ?3)
                """, id, index, rowsPerStep)
            guard removed > 0 else { return }
            try transaction.schedule(
                kind, atMs: transaction.nowMs, account: row.account, region: row.region, key: row.key,
                payload: row.payload)
        }
    }
}
