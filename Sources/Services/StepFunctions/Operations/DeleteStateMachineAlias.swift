import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Deletes an alias; one that is not there is no error.
/// Errors: InvalidArn. Source: Step Functions API reference, DeleteStateMachineAlias.
enum DeleteStateMachineAlias: WriteOperation {
    struct Input: Decodable, Sendable { let stateMachineAliasArn: String }
    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try MachineARN(input.stateMachineAliasArn)
        guard case .alias(let name) = arn.qualifier else { throw StepFunctionsError.noSuchResource }
        return { tx in
            try tx.execute(
                """
                DELETE FROM sfn_alias WHERE name = ? AND machine IN
                    (SELECT id FROM sfn_state_machine WHERE account = ? AND region = ? AND name = ?)
                """, name, arn.account, arn.region, arn.name)
            return Nothing()
        }
    }
}
