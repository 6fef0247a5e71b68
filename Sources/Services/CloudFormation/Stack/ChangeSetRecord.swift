import BatonStore
import GRDB
import JSON

/// One row of `cfn_change_sets`: a prepared create or update of a stack.
struct ChangeSetRecord: Sendable {
    struct Document: Codable, Sendable {
        var definition: StackDefinition
        var settings: StackSettings
        var changes: [JSON]
        var isCreate: Bool
        var description: String?
        var includesNested: Bool
        var onStackFailure: String?
    }

    var id: String
    var stackId: String
    var name: String
    var createdMs: Int64
    /// `CREATE_COMPLETE` or `FAILED`.
    var status: String
    /// `AVAILABLE`, `UNAVAILABLE`, `EXECUTE_IN_PROGRESS`, `EXECUTE_COMPLETE` …
    var executionStatus: String
    var reason: String?
    var document: Document

    static let noChanges =
        "The submitted information didn't contain changes. Submit different information to create a change set."
}

extension ChangeSetRecord {
    init(_ row: Row) throws {
        id = row["id"]
        stackId = row["stack_id"]
        name = row["name"]
        createdMs = row["created_ms"]
        status = row["status"]
        executionStatus = row["execution_status"]
        reason = row["reason"]
        document = try JSON.parse(row["document"] as String).decoded()
    }

    func insert(_ db: Database) throws {
        try db.execute(
            """
            INSERT INTO cfn_change_sets (id, stack_id, name, created_ms, status, execution_status, reason, document)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, id, stackId, name, createdMs, status, executionStatus, reason, try JSON(encoding: document).text())
    }

    static func all(_ stackId: String, _ db: Database) throws -> [ChangeSetRecord] {
        try db.rows("SELECT * FROM cfn_change_sets WHERE stack_id = ? ORDER BY created_ms DESC, name", stackId)
            .map { try ChangeSetRecord($0) }
    }

    /// By id, or by name together with the stack. Errors: ChangeSetNotFound, ValidationError.
    static func find(
        _ nameOrId: String, stack: String?, _ account: String, _ region: String, _ db: Database
    ) throws -> (ChangeSetRecord, StackRecord) {
        let row: Row?
        if nameOrId.hasPrefix("arn:") {
            row = try db.row("SELECT * FROM cfn_change_sets WHERE id = ?", nameOrId)
        } else {
            guard let stack else {
                throw CloudFormationError.validation(
                    "StackName must be specified if ChangeSetName is not specified as an ARN.")
            }
            guard let found = try StackRecord.find(stack, account, region, db), found.deletedMs == nil else {
                throw CloudFormationError.unknownStackName(stack)
            }
            row = try db.row("SELECT * FROM cfn_change_sets WHERE stack_id = ? AND name = ?", found.id, nameOrId)
        }
        guard let row else { throw CloudFormationError.unknownChangeSet(nameOrId) }
        let changeSet = try ChangeSetRecord(row)
        guard let stack = try StackRecord.find(changeSet.stackId, account, region, db) else {
            throw CloudFormationError.unknownChangeSet(nameOrId)
        }
        return (changeSet, stack)
    }

    /// The members that lists and descriptions share.
    func summary(_ stack: StackRecord) -> JSON {
        var result: JSON = [
            "StackId": .string(stackId), "StackName": .string(stack.name), "ChangeSetId": .string(id),
            "ChangeSetName": .string(name), "ExecutionStatus": .string(executionStatus), "Status": .string(status),
            "CreationTime": Timestamp.value(createdMs), "IncludeNestedStacks": .bool(document.includesNested),
        ]
        if let reason { result["StatusReason"] = .string(reason) }
        if let text = document.description { result["Description"] = .string(text) }
        return result
    }
}
