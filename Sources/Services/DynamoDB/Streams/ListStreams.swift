import AWSWire
import BatonCore
import BatonStore
import GRDB

/// The streams of the account, or of one table, 100 at a time; ended ones for 24 hours. Source: API reference,
/// ListStreams.
enum ListStreams: Operation {
    struct Input: Decodable, Sendable {
        let tableName: String?
        let limit: Int?
        let exclusiveStartStreamArn: String?
    }

    struct Listed: Encodable, Sendable {
        let streamArn: String
        let tableName: String
        let streamLabel: String
    }

    struct Output: Encodable, Sendable {
        let streams: [Listed]
        let lastEvaluatedStreamArn: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let limit = min(max(input.limit ?? 100, 1), 100)
        let found = try context.read { db in
            try db.rows(
                """
                SELECT * FROM ddb_streams WHERE account = ? AND region = ? AND (? IS NULL OR table_name = ?)
                AND (disabled_ms IS NULL OR disabled_ms > ?) ORDER BY table_name, label
                """, context.account, context.region, input.tableName, input.tableName,
                context.nowMs - StreamRows.retentionMs
            ).map(TableStream.init)
        }
        let start = found.firstIndex { $0.arn == input.exclusiveStartStreamArn }.map { $0 + 1 } ?? 0
        let page = found.dropFirst(start).prefix(limit)
        return Output(
            streams: page.map { Listed(streamArn: $0.arn, tableName: $0.tableName, streamLabel: $0.label) },
            lastEvaluatedStreamArn: start + page.count < found.count ? page.last?.arn : nil)
    }
}
