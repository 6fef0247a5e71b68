import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Deletes a version to which no alias routes; one that is not there is no error.
/// Errors: InvalidArn, ValidationException, ConflictException. Source: Step Functions API reference,
/// DeleteStateMachineVersion.
enum DeleteStateMachineVersion: WriteOperation {
    struct Input: Decodable, Sendable { let stateMachineVersionArn: String }
    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try MachineARN(input.stateMachineVersionArn)
        guard case .version(let number) = arn.qualifier else {
            throw StepFunctionsError.validation("Invalid state machine version ARN: \(input.stateMachineVersionArn)")
        }
        let machines = context.machines
        return { tx in
            let row = try tx.row(
                "SELECT id FROM sfn_state_machine WHERE account = ? AND region = ? AND name = ?", arn.account,
                arn.region, arn.name)
            guard let row else { return Nothing() }
            let machine: Int64 = row["id"]
            let aliases = try Alias.all(machine: machine, tx.db).filter { $0.routes(to: number) }
            guard aliases.isEmpty else { throw StepFunctionsError.versionHasAliases(aliases.map(\.name)) }
            try tx.execute("DELETE FROM sfn_version WHERE machine = ? AND number = ?", machine, number)
            machines.changed(tx)
            return Nothing()
        }
    }
}
