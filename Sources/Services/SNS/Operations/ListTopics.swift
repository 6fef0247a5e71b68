import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The topics of the caller's account and region, 100 at a time. Source: API reference, ListTopics.
enum ListTopics: Operation {
    struct Input: Decodable, Sendable { let nextToken: String? }
    struct Listed: Encodable, Sendable { let topicArn: String }
    struct Output: Encodable, Sendable {
        let topics: [Listed]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let start = try Page.start(input.nextToken)
        let arns: [String] = try context.read { db in
            try db.rows(
                "SELECT arn FROM sns_topic WHERE account = ? AND region = ? AND arn > ? ORDER BY arn LIMIT ?",
                context.account, context.region, start, Page.size + 1
            ).map { $0["arn"] }
        }
        let (page, token) = Page.cut(arns) { $0 }
        return Output(topics: page.map { Listed(topicArn: $0) }, nextToken: token)
    }
}
