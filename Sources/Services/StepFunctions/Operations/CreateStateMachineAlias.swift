import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Gives a name to one or two versions of a machine, with the percentage of executions that each gets. Asking again
/// for the same alias answers the one that exists.
/// Errors: InvalidArn, InvalidName, ResourceNotFound, ConflictException, ServiceQuotaExceededException,
/// ValidationException. Source: Step Functions API reference, CreateStateMachineAlias.
enum CreateStateMachineAlias: WriteOperation {
    struct Input: Decodable, Sendable {
        let description: String?
        let name: String
        let routingConfiguration: [Route]
    }
    struct Output: Encodable, Sendable {
        let stateMachineAliasArn: String
        let creationDate: Double
    }

    /// Aliases of one machine.
    static let limit = 100

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let arn = try Route.check(input.routingConfiguration)
        let aliasArn = arn.alias(input.name).description
        return { tx in
            let machine = try AliasTarget.machine(arn, input.routingConfiguration, tx)
            if let alias = try Alias.find(input.name, machine: machine, tx.db) {
                guard alias.description == input.description ?? "", alias.routes == input.routingConfiguration else {
                    throw StepFunctionsError.aliasExistsOtherwise
                }
                return Output(stateMachineAliasArn: aliasArn, creationDate: alias.createdMs.seconds)
            }
            guard try Alias.all(machine: machine, tx.db).count < limit else {
                throw StepFunctionsError.tooMany("aliases", limit)
            }
            try tx.execute(
                """
                INSERT INTO sfn_alias (machine, name, description, routing, created_ms, updated_ms)
                VALUES (?, ?, ?, ?, ?, ?)
                """, machine, input.name, input.description ?? "", StoredJSON.text(input.routingConfiguration),
                tx.nowMs, tx.nowMs)
            return Output(stateMachineAliasArn: aliasArn, creationDate: tx.nowMs.seconds)
        }
    }
}

/// What aliases point to.
enum AliasTarget {
    /// - Returns: the id of the machine, when it and all versions of `routes` exist.
    static func machine(_ arn: MachineARN, _ routes: [Route], _ tx: Transaction) throws -> Int64 {
        let row = try tx.row(
            "SELECT id FROM sfn_state_machine WHERE account = ? AND region = ? AND name = ?", arn.account, arn.region,
            arn.name)
        guard let machine = row?["id"] as Int64? else { throw StepFunctionsError.noSuchResource }
        for route in routes {
            let version = try tx.row(
                "SELECT 1 FROM sfn_version WHERE machine = ? AND number = ?", machine, route.number)
            guard version != nil else { throw StepFunctionsError.noSuchResource }
        }
        return machine
    }
}
