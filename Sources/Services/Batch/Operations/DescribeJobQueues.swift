import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Shows job queues by name or ARN, or all; unknown ones are left out.
/// Errors: ClientException. Source: Batch API reference, DescribeJobQueues.
enum DescribeJobQueues: Operation {
    struct Input: Decodable, Sendable {
        let jobQueues: [String]?
        let maxResults: Int?
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        if let named = input.jobQueues, !named.isEmpty {
            let found = try context.read { db in try named.compactMap { try QueueRecord.find($0, context, db) } }
            return ["jobQueues": .array(found.map(\.detail))]
        }
        let place = try Page.after(input.nextToken)?["id"]?.int ?? 0
        let size = Page.size(input.maxResults)
        let rows = try context.read { db in
            try db.rows(
                "SELECT * FROM batch_queue WHERE account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?",
                context.account, context.region, place, size + 1
            ).map(QueueRecord.init)
        }
        let last = rows.count > size ? rows[size - 1].id : nil
        return JSON.members([
            ("jobQueues", .array(rows.prefix(size).map(\.detail))),
            ("nextToken", last.map { .string(PageToken.encode(["id": .number(Int($0))])) }),
        ])
    }
}
