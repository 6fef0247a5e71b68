import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Assumed: the setting is kept, no backups are made.
/// Errors: TableNotFoundException. Source: API reference, UpdateContinuousBackups.
enum UpdateContinuousBackups: Operation {
    struct Specification: Decodable, Sendable {
        let pointInTimeRecoveryEnabled: Bool
        let recoveryPeriodInDays: Int?
    }
    struct Input: Decodable, Sendable {
        let tableName: String
        let pointInTimeRecoverySpecification: Specification
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> DescribeContinuousBackups.Output {
        let name = try TableReference.name(input.tableName, context)
        let specification = input.pointInTimeRecoverySpecification
        let cache = context.service(DynamoDB.self).cache
        let (account, region) = (context.account, context.region)
        return try await context.write { transaction in
            guard let table = try TableRows.find(transaction.db, account, region, name) else {
                throw ContinuousBackups.tableNotFound(name)
            }
            var definition = table.definition
            if specification.pointInTimeRecoveryEnabled {
                definition.recoveryEnabledMs = definition.recoveryEnabledMs ?? transaction.nowMs
                definition.recoveryPeriodInDays =
                    specification.recoveryPeriodInDays ?? definition.recoveryPeriodInDays
            } else {
                definition.recoveryEnabledMs = nil
                definition.recoveryPeriodInDays = nil
            }
            let changed = try TableRows.update(transaction, table, definition, cache)
            return DescribeContinuousBackups.Output(
                continuousBackupsDescription: ContinuousBackups.description(
                    changed.definition, nowMs: transaction.nowMs))
        }
    }
}
