import AWSWire
import BatonCore
import BatonStore
import JSON

/// Errors: ResourceNotFoundException. Source: API reference, DescribeTable.
enum DescribeTable: Operation {
    struct Input: Decodable, Sendable { let tableName: String }
    struct Output: Encodable { let table: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name = try TableReference.name(input.tableName, context)
        return try context.read { db in
            guard let table = try TableRows.find(db, context.account, context.region, name) else {
                throw AWSError.tableNotFound(name)
            }
            return Output(table: try TableDescription.current(db, table).tree)
        }
    }
}
