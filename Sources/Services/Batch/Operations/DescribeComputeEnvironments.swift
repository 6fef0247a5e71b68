import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Shows compute environments by name or ARN, or all; unknown ones are left out.
/// Errors: ClientException. Source: Batch API reference, DescribeComputeEnvironments.
enum DescribeComputeEnvironments: Operation {
    struct Input: Decodable, Sendable {
        let computeEnvironments: [String]?
        let maxResults: Int?
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        if let named = input.computeEnvironments, !named.isEmpty {
            let found = try context.read { db in try named.compactMap { try EnvironmentRecord.find($0, context, db) } }
            return ["computeEnvironments": .array(found.map(\.detail))]
        }
        let place = try Page.after(input.nextToken)?["id"]?.int ?? 0
        let size = Page.size(input.maxResults)
        let rows = try context.read { db in
            try db.rows(
                "SELECT * FROM batch_environment WHERE account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?",
                context.account, context.region, place, size + 1
            ).map(EnvironmentRecord.init)
        }
        let last = rows.count > size ? rows[size - 1].id : nil
        return JSON.members([
            ("computeEnvironments", .array(rows.prefix(size).map(\.detail))),
            ("nextToken", last.map { .string(PageToken.encode(["id": .number(Int($0))])) }),
        ])
    }
}
