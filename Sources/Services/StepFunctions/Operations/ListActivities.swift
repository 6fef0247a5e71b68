import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The caller's activities in the order of their creation.
/// Errors: InvalidToken. Source: Step Functions API reference, ListActivities.
enum ListActivities: Operation {
    typealias Input = PageInput
    struct Item: Encodable, Sendable {
        let activityArn: String
        let name: String
        let creationDate: Double
    }
    struct Output: Encodable, Sendable {
        let activities: [Item]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (page, token) = try Paging.read(input.maxResults, input.nextToken, context) { after, limit, db in
            try db.rows(
                "SELECT * FROM sfn_activity WHERE account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?",
                context.account, context.region, after?.int ?? 0, limit
            ).map { row in (row["id"] as Int, try Activity(row)) }
        } place: {
            .number($0.0)
        }
        return Output(
            activities: page.map { _, activity in
                Item(
                    activityArn: activity.arn, name: activity.name, creationDate: activity.createdMs.seconds)
            }, nextToken: token)
    }
}
