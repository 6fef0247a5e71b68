import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// One stack by name or id (a deleted one by id only), or all living ones, newest first.
/// Errors: ValidationError `Stack with id X does not exist`. Source: CloudFormation API reference, DescribeStacks.
enum DescribeStacks: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String?
        let nextToken: String?
    }
    struct Output: Encodable, Sendable {
        let stacks: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let page = try Page(input.nextToken)
        return try context.read { db in
            if let name = input.stackName, !name.isEmpty {
                return Output(stacks: [description(try StackOperations.stack(name, context, db))], nextToken: nil)
            }
            let rows = try db.rows(
                "SELECT * FROM cfn_stacks WHERE account = ? AND region = ? AND live = 1 ORDER BY created_ms DESC, id",
                context.account, context.region)
            let (shown, next) = page.cut(rows)
            return Output(stacks: try shown.map { description(try StackRecord($0)) }, nextToken: next)
        }
    }

    private static func description(_ stack: StackRecord) -> JSON {
        let settings = stack.settings
        var result: JSON = [
            "StackId": .string(stack.id), "StackName": .string(stack.name),
            "CreationTime": Timestamp.value(stack.createdMs), "StackStatus": .string(stack.status.rawValue),
            "Parameters": .array(StackOperations.shownParameters(stack.definition)),
            "DisableRollback": .bool(settings.disableRollback),
            "NotificationARNs": .array(stack.definition.notificationARNs.map { .string($0) }),
            "Capabilities": .array(stack.definition.capabilities.map { .string($0) }),
            "Outputs": .array(stack.outputs), "Tags": StackOperations.tags(stack.definition.tags),
            "EnableTerminationProtection": .bool(settings.terminationProtection),
            "DriftInformation": ["StackDriftStatus": "NOT_CHECKED"],
            "RollbackConfiguration": settings.rollbackConfiguration ?? [:],
        ]
        if let reason = stack.reason { result["StackStatusReason"] = .string(reason) }
        if let updated = stack.updatedMs { result["LastUpdatedTime"] = Timestamp.value(updated) }
        if let deleted = stack.deletedMs { result["DeletionTime"] = Timestamp.value(deleted) }
        if let text = settings.description { result["Description"] = .string(text) }
        if let id = settings.changeSetId { result["ChangeSetId"] = .string(id) }
        if let minutes = settings.timeoutMinutes { result["TimeoutInMinutes"] = .number(minutes) }
        if let role = stack.definition.roleARN { result["RoleARN"] = .string(role) }
        if let parent = settings.parentId { result["ParentId"] = .string(parent) }
        if let root = settings.rootId { result["RootId"] = .string(root) }
        return result
    }
}
