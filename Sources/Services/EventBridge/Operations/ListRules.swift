import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The rules of a bus, 100 at a time. Errors: ResourceNotFoundException. Source: API reference, ListRules.
enum ListRules: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let namePrefix: String?
        let eventBusName: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Listed: Encodable, Sendable {
        let name: String
        let arn: String
        let eventPattern: String?
        let state: String
        let description: String?
        let scheduleExpression: String?
        let roleArn: String?
        let managedBy: String?
        let eventBusName: String
    }

    struct Output: Encodable, Sendable {
        let rules: [Listed]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let key = BusKey(input.eventBusName, context)
        let start = try Page.start(input.nextToken)
        let found: [Rule] = try context.read { db in
            _ = try EventBus.find(key, db)
            return try db.rows(
                """
                SELECT body FROM events_rule WHERE account = ? AND region = ? AND bus = ? AND name > ? ORDER BY name
                """, key.account, key.region, key.name, start
            ).map { try JSON.parse($0["body"] as String).decoded(as: Rule.self) }
                .filter { $0.name.hasPrefix(input.namePrefix ?? "") }
        }
        let (page, token) = Page.cut(found, input.limit) { $0.name }
        return Output(
            rules: page.map {
                Listed(
                    name: $0.name, arn: $0.arn.description, eventPattern: $0.eventPattern, state: $0.state,
                    description: $0.description, scheduleExpression: $0.scheduleExpression, roleArn: $0.roleArn,
                    managedBy: $0.managedBy, eventBusName: $0.bus)
            }, nextToken: token)
    }
}
