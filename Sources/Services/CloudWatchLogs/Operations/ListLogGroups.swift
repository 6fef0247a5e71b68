import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists log groups by name, at most 50 at a time (1000 when asked for): all, or those whose name fits a regular
/// expression; `^` at its front anchors it.
/// Errors: InvalidParameterException. Source: CloudWatch Logs API reference, ListLogGroups.
enum ListLogGroups: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let expression: FilterExpression? =
            if let text = input["logGroupNamePattern"]?.string { try FilterExpression(text) } else { nil }
        let tags = input["logGroupTags"]?.array ?? []
        let groups = try context.read { db in
            try db.rows(
                "SELECT * FROM logs_group WHERE account = ? AND region = ? ORDER BY name", context.account,
                context.region
            ).map(LogGroup.init)
        }.filter { group in
            (expression?.isFound(in: group.name) ?? true)
                && (input["logGroupClass"]?.string ?? group.logClass) == group.logClass
                && tags.allSatisfy { tag in
                    guard let value = group.tags[tag["key"]?.string ?? ""] else { return false }
                    return tag["values"]?.array?.contains(.string(value)) ?? true
                }
        }
        let (page, token) = try ListPage.of(groups, input) { $0.name }
        var output: JSON = [
            "logGroups": .array(
                page.map {
                    [
                        "logGroupName": .string($0.name), "logGroupArn": .string($0.arn.description),
                        "logGroupClass": .string($0.logClass),
                    ]
                })
        ]
        output["nextToken"] = token
        return output
    }
}
