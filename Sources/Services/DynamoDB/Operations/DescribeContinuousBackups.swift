import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Assumed: backups are said to be on, as for every table on AWS, but none are made.
/// Errors: TableNotFoundException. Source: API reference, DescribeContinuousBackups.
enum DescribeContinuousBackups: ReadOperation {
    struct Input: Decodable, Sendable { let tableName: String }
    struct Output: Encodable, Sendable { let continuousBackupsDescription: JSON }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let name = try TableReference.name(input.tableName, context)
        let table = try context.read { try TableRows.find($0, context.account, context.region, name) }
        guard let table else { throw ContinuousBackups.tableNotFound(name) }
        return Output(
            continuousBackupsDescription: ContinuousBackups.description(table.definition, nowMs: context.nowMs))
    }
}

enum ContinuousBackups {
    static func tableNotFound(_ name: String) -> AWSError {
        AWSError("TableNotFoundException", "Table not found: \(name)")
    }

    static func description(_ definition: TableDefinition, nowMs: Int64) -> JSON {
        var recovery: JSON = ["PointInTimeRecoveryStatus": "DISABLED"]
        if let enabled = definition.recoveryEnabledMs {
            recovery = [
                "PointInTimeRecoveryStatus": "ENABLED",
                "RecoveryPeriodInDays": .number(definition.recoveryPeriodInDays ?? 35),
                "EarliestRestorableDateTime": TableDescription.seconds(enabled),
                "LatestRestorableDateTime": TableDescription.seconds(nowMs),
            ]
        }
        return ["ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery]
    }
}
