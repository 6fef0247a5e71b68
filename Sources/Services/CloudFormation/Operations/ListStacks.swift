import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Summaries of all stacks, deleted ones included, newest first, by status if asked.
/// Source: CloudFormation API reference, ListStacks.
enum ListStacks: Operation {
    struct Input: Decodable, Sendable {
        let nextToken: String?
        let stackStatusFilter: [String]?
    }
    struct Output: Encodable, Sendable {
        let stackSummaries: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let page = try Page(input.nextToken)
        return try context.read { db in
            let rows = try db.rows(
                """
                SELECT id, name, status, reason, created_ms, updated_ms, deleted_ms, settings FROM cfn_stacks
                WHERE account = ? AND region = ? ORDER BY created_ms DESC, id
                """, context.account, context.region)
            let wanted = rows.filter { row in
                input.stackStatusFilter.map { $0.isEmpty || $0.contains(row["status"]) } ?? true
            }
            let (shown, next) = page.cut(wanted)
            return Output(stackSummaries: try shown.map(summary), nextToken: next)
        }
    }

    private static func summary(_ row: Row) throws -> JSON {
        let settings: StackSettings = try JSON.parse(row["settings"] as String).decoded()
        var result: JSON = [
            "StackId": .string(row["id"]), "StackName": .string(row["name"]), "StackStatus": .string(row["status"]),
            "CreationTime": Timestamp.value(row["created_ms"]),
            "DriftInformation": ["StackDriftStatus": "NOT_CHECKED"],
        ]
        if let reason = row["reason"] as String? { result["StackStatusReason"] = .string(reason) }
        if let updated = row["updated_ms"] as Int64? { result["LastUpdatedTime"] = Timestamp.value(updated) }
        if let deleted = row["deleted_ms"] as Int64? { result["DeletionTime"] = Timestamp.value(deleted) }
        if let text = settings.description { result["TemplateDescription"] = .string(text) }
        if let parent = settings.parentId { result["ParentId"] = .string(parent) }
        if let root = settings.rootId { result["RootId"] = .string(root) }
        return result
    }
}
