import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The versions of a state machine, newest first. A machine that does not exist has none.
/// Errors: InvalidArn, InvalidToken. Source: Step Functions API reference, ListStateMachineVersions.
enum ListStateMachineVersions: Operation {
    struct Input: Decodable, Sendable {
        let stateMachineArn: String
        let nextToken: String?
        let maxResults: Int?
    }
    struct Item: Encodable, Sendable {
        let stateMachineVersionArn: String
        let creationDate: Double
    }
    struct Output: Encodable, Sendable {
        let stateMachineVersions: [Item]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let arn = try MachineARN(input.stateMachineArn).unqualified
        let (page, token) = try Paging.read(input.maxResults, input.nextToken, context) { before, limit, db in
            try db.rows(
                """
                SELECT version.number, version.created_ms FROM sfn_version AS version
                JOIN sfn_state_machine AS machine ON machine.id = version.machine
                WHERE machine.account = ? AND machine.region = ? AND machine.name = ? AND version.number < ?
                ORDER BY version.number DESC LIMIT ?
                """, arn.account, arn.region, arn.name, before?.int ?? Int.max, limit)
        } place: {
            .number($0["number"] as Int)
        }
        return Output(
            stateMachineVersions: page.map { row in
                Item(
                    stateMachineVersionArn: arn.version(row["number"]).description,
                    creationDate: (row["created_ms"] as Int64).seconds)
            }, nextToken: token)
    }
}
