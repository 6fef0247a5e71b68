import AWSWire
import BatonCore
import GRDB
import JSON

/// The aliases of a state machine by name; those of a version when its ARN is given.
/// Errors: InvalidArn, InvalidToken, StateMachineDoesNotExist. Source: Step Functions API reference,
/// ListStateMachineAliases.
enum ListStateMachineAliases: Operation {
    struct Input: Decodable, Sendable {
        let stateMachineArn: String
        let nextToken: String?
        let maxResults: Int?
    }
    struct Item: Encodable, Sendable {
        let stateMachineAliasArn: String
        let creationDate: Double
    }
    struct Output: Encodable, Sendable {
        let stateMachineAliases: [Item]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let arn = try MachineARN(input.stateMachineArn)
        let (page, token) = try Paging.read(input.maxResults, input.nextToken, context) { after, limit, db in
            let machine: Int64 = try Machines.existing(arn, db)["id"]
            return try Alias.all(machine: machine, db).filter { alias in
                guard alias.name > after?.string ?? "" else { return false }
                guard case .version(let number) = arn.qualifier else { return true }
                return alias.routes(to: number)
            }.prefix(limit).map { $0 }
        } place: {
            .string($0.name)
        }
        return Output(
            stateMachineAliases: page.map { alias in
                Item(
                    stateMachineAliasArn: arn.alias(alias.name).description, creationDate: alias.createdMs.seconds)
            }, nextToken: token)
    }
}
