import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The events of a stack, newest first, 100 to a page. Source: CloudFormation API reference, DescribeStackEvents.
enum DescribeStackEvents: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let nextToken: String?
    }
    struct Output: Encodable, Sendable {
        let stackEvents: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        // Pages go down from a fixed event, so that new ones do not shift them.
        let page = try Page(input.nextToken)
        return try context.read { db in
            guard let stack = try StackRecord.find(input.stackName, context.account, context.region, db) else {
                throw CloudFormationError.validation("Stack [\(input.stackName)] does not exist")
            }
            let rows = try db.rows(
                "SELECT * FROM cfn_events WHERE stack_id = ? AND (? = 0 OR seq < ?) ORDER BY seq DESC LIMIT ?",
                stack.id,
                page.after, page.after, Page.size + 1)
            let shown = rows.prefix(Page.size)
            let next =
                rows.count > Page.size ? shown.last.map { PageToken.encode(["after": .number($0["seq"] as Int)]) } : nil
            return Output(stackEvents: shown.map { event($0, stack) }, nextToken: next)
        }
    }

    private static func event(_ row: Row, _ stack: StackRecord) -> JSON {
        var result: JSON = [
            "StackId": .string(stack.id), "EventId": .string(row["event_id"]), "StackName": .string(stack.name),
            "LogicalResourceId": .string(row["logical_id"]), "PhysicalResourceId": .string(row["physical_id"]),
            "ResourceType": .string(row["type"]), "Timestamp": Timestamp.value(row["at_ms"]),
            "ResourceStatus": .string(row["status"]),
        ]
        if let reason = row["reason"] as String? { result["ResourceStatusReason"] = .string(reason) }
        if let properties = row["properties"] as String? { result["ResourceProperties"] = .string(properties) }
        if let token = row["token"] as String? { result["ClientRequestToken"] = .string(token) }
        return result
    }
}
