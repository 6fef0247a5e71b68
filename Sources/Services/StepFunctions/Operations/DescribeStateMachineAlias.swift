import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// An alias and its routes.
/// Errors: InvalidArn, ResourceNotFound. Source: Step Functions API reference, DescribeStateMachineAlias.
enum DescribeStateMachineAlias: Operation {
    struct Input: Decodable, Sendable { let stateMachineAliasArn: String }
    struct Output: Encodable, Sendable {
        let stateMachineAliasArn: String
        let name: String
        let description: String?
        let routingConfiguration: [Route]
        let creationDate: Double
        let updateDate: Double
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let arn = try MachineARN(input.stateMachineAliasArn)
        guard case .alias(let name) = arn.qualifier else { throw StepFunctionsError.noSuchResource }
        let alias = try context.read { db -> Alias? in
            let row = try db.row(
                "SELECT id FROM sfn_state_machine WHERE account = ? AND region = ? AND name = ?", arn.account,
                arn.region, arn.name)
            guard let row else { return nil }
            return try Alias.find(name, machine: row["id"], db)
        }
        guard let alias else { throw StepFunctionsError.noSuchResource }
        return Output(
            stateMachineAliasArn: arn.description, name: alias.name,
            description: alias.description.isEmpty ? nil : alias.description, routingConfiguration: alias.routes,
            creationDate: alias.createdMs.seconds, updateDate: alias.updatedMs.seconds)
    }
}
