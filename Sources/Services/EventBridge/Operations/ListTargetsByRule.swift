import AWSWire
import BatonCore
import BatonStore
import JSON

/// The targets of a rule. Errors: ResourceNotFoundException. Source: API reference, ListTargetsByRule.
enum ListTargetsByRule: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let rule: String
        let eventBusName: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        let targets: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let key = BusKey(input.eventBusName, context)
        let start = try Page.start(input.nextToken)
        let targets = try context.read { db in
            try Target.list(try Rule.require(input.rule, key, db), db).filter { $0.id > start }
        }
        let (page, token) = Page.cut(targets, input.limit) { $0.id }
        return Output(targets: page.map(\.settings), nextToken: token)
    }
}
