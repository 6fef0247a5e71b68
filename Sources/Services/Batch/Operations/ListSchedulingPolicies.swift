import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Lists the ARNs of all scheduling policies.
/// Errors: ClientException. Source: Batch API reference, ListSchedulingPolicies.
enum ListSchedulingPolicies: Operation {
    struct Input: Decodable, Sendable {
        let maxResults: Int?
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let place = try Page.after(input.nextToken)?["name"]?.string ?? ""
        let size = Page.size(input.maxResults)
        let rows = try context.read { db in
            try db.rows(
                "SELECT * FROM batch_policy WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?",
                context.account, context.region, place, size + 1
            ).map(PolicyRecord.init)
        }
        let last = rows.count > size ? rows[size - 1].name : nil
        return JSON.members([
            ("schedulingPolicies", .array(rows.prefix(size).map { ["arn": .string($0.arn)] })),
            ("nextToken", last.map { .string(PageToken.encode(["name": .string($0)])) }),
        ])
    }
}
