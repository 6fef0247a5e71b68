import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// Executions of a state machine, version or alias, or the children of a map run, newest first.
/// Errors: InvalidArn, InvalidToken, StateMachineDoesNotExist, StateMachineTypeNotSupported, ResourceNotFound.
/// Source: Step Functions API reference, ListExecutions.
enum ListExecutions: Operation {
    struct Input: Decodable, Sendable {
        let stateMachineArn: String?
        let statusFilter: String?
        let maxResults: Int?
        let nextToken: String?
        let mapRunArn: String?
        let redriveFilter: String?
    }
    struct Item: Encodable, Sendable {
        let executionArn: String
        let stateMachineArn: String
        let name: String
        let status: String
        let startDate: Double
        let stopDate: Double?
        let mapRunArn: String?
        let itemCount: Int?
        let stateMachineVersionArn: String?
        let stateMachineAliasArn: String?
        let redriveCount: Int
        let redriveDate: Double?
    }
    struct Output: Encodable, Sendable {
        let executions: [Item]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        guard (input.stateMachineArn == nil) != (input.mapRunArn == nil) else {
            throw StepFunctionsError.validation("Must specify exactly one of the following: stateMachineArn, mapRunArn")
        }
        let (page, token) = try Paging.read(input.maxResults, input.nextToken, context) { before, limit, db in
            try find(input, before: before?.int.map(Int64.init) ?? .max, limit: limit, db).map(ExecutionRecord.init)
        } place: {
            .number(JSON.Number($0.id))
        }
        return Output(executions: page.map { item($0, input.mapRunArn) }, nextToken: token)
    }

    private static func find(
        _ input: Input, before: Int64, limit: Int, _ db: Database
    ) throws -> [Row] {
        var conditions = ["id < ?"]
        var arguments: [(any DatabaseValueConvertible)?] = [before]
        if let arn = input.mapRunArn {
            conditions.append("map_run = ?")
            arguments.append(try MapRunRecord.existing(arn, db).id)
        } else if let text = input.stateMachineArn {
            let arn = try MachineARN(text)
            if arn.label == nil {
                let row = try Machines.existing(arn, db)
                guard row["type"] != MachineType.express.rawValue else { throw StepFunctionsError.typeNotSupported }
            }
            conditions.append("machine_arn = ?")
            arguments.append(arn.unqualified.description)
            switch arn.qualifier {
            case nil: break
            case .version: conditions.append("version_arn = ?")
            case .alias: conditions.append("alias_arn = ?")
            }
            if arn.qualifier != nil { arguments.append(text) }
        }
        if let status = input.statusFilter {
            conditions.append("status = ?")
            arguments.append(status)
        }
        switch input.redriveFilter {
        case "REDRIVEN": conditions.append("redrive_count > 0")
        case "NOT_REDRIVEN": conditions.append("redrive_count = 0")
        default: break
        }
        arguments.append(limit)
        let sql =
            "SELECT * FROM sfn_execution WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?"
        return try db.rows(sql, list: arguments)
    }

    private static func item(_ record: ExecutionRecord, _ mapRunArn: String?) -> Item {
        Item(
            executionArn: record.arn, stateMachineArn: record.machineArn, name: record.name, status: record.status,
            startDate: record.startMs.seconds, stopDate: record.stopMs?.seconds, mapRunArn: mapRunArn,
            itemCount: record.itemCount, stateMachineVersionArn: record.versionArn,
            stateMachineAliasArn: record.aliasArn, redriveCount: record.redriveCount,
            redriveDate: record.redriveMs?.seconds)
    }
}
