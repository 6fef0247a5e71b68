import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Changes the description or the routes of an alias.
/// Errors: InvalidArn, ResourceNotFound, ValidationException. Source: Step Functions API reference,
/// UpdateStateMachineAlias.
enum UpdateStateMachineAlias: WriteOperation {
    struct Input: Decodable, Sendable {
        let stateMachineAliasArn: String
        let description: String?
        let routingConfiguration: [Route]?
    }
    struct Output: Encodable, Sendable { let updateDate: Double }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let arn = try MachineARN(input.stateMachineAliasArn)
        guard case .alias(let name) = arn.qualifier else { throw StepFunctionsError.noSuchResource }
        guard input.description != nil || input.routingConfiguration != nil else {
            throw StepFunctionsError.validation(
                "Either the description or the RoutingConfiguration must be specified")
        }
        if let routes = input.routingConfiguration, try Route.check(routes) != arn.unqualified {
            throw StepFunctionsError.validation("Versions must belong to the state machine of the alias.")
        }
        return { tx in
            let machine = try AliasTarget.machine(arn, input.routingConfiguration ?? [], tx)
            guard let alias = try Alias.find(name, machine: machine, tx.db) else {
                throw StepFunctionsError.noSuchResource
            }
            try tx.execute(
                "UPDATE sfn_alias SET description = ?, routing = ?, updated_ms = ? WHERE machine = ? AND name = ?",
                input.description ?? alias.description,
                StoredJSON.text(input.routingConfiguration ?? alias.routes), tx.nowMs, machine, name)
            return Output(updateDate: tx.nowMs.seconds)
        }
    }
}
