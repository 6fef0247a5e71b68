import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The rules of a bus that have this target. Errors: ResourceNotFoundException. Source: API reference,
/// ListRuleNamesByTarget.
enum ListRuleNamesByTarget: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let targetArn: String
        let eventBusName: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        let ruleNames: [String]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let key = BusKey(input.eventBusName, context)
        let start = try Page.start(input.nextToken)
        let names: [String] = try context.read { db in
            _ = try EventBus.find(key, db)
            return try db.rows(
                """
                SELECT DISTINCT rule FROM events_target
                WHERE account = ? AND region = ? AND arn = ? AND bus = ? AND rule > ? ORDER BY rule
                """, key.account, key.region, input.targetArn, key.name, start
            ).map { $0["rule"] }
        }
        let (page, token) = Page.cut(names, input.limit) { $0 }
        return Output(ruleNames: page, nextToken: token)
    }
}
