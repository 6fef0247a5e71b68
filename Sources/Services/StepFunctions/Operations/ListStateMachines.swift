import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The caller's state machines in the order of their creation.
/// Errors: InvalidToken. Source: Step Functions API reference, ListStateMachines.
enum ListStateMachines: Operation {
    typealias Input = PageInput
    struct Item: Encodable, Sendable {
        let stateMachineArn: String
        let name: String
        let type: String
        let creationDate: Double
    }
    struct Output: Encodable, Sendable {
        let stateMachines: [Item]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (page, token) = try Paging.read(input.maxResults, input.nextToken, context) { after, limit, db in
            try db.rows(
                """
                SELECT id, name, type, created_ms FROM sfn_state_machine
                WHERE account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?
                """, context.account, context.region, after?.int ?? 0, limit)
        } place: {
            .number($0["id"] as Int)
        }
        return Output(
            stateMachines: page.map { row in
                let arn = MachineARN(region: context.region, account: context.account, name: row["name"])
                return Item(
                    stateMachineArn: arn.description, name: row["name"], type: row["type"],
                    creationDate: (row["created_ms"] as Int64).seconds)
            }, nextToken: token)
    }
}
