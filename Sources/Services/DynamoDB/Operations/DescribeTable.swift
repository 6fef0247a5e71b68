import AWSWire
import BatonCore
import JSON

/// Errors: ResourceNotFoundException. Source: API reference, DescribeTable.
enum DescribeTable: ReadOperation {
    struct Input: Decodable, Sendable { let tableName: String }
    struct Output: Encodable { let table: JSON }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let table = try TableReference.named(input.tableName, context)
        let statistics = try context.service(DynamoDB.self).statistics.statistics(of: table, context)
        return Output(table: TableDescription(table: table, statistics: statistics).tree)
    }
}
