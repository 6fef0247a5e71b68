import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Deletes a state machine with its versions and aliases; one that is not there is no error. Running executions go on
/// to their end with the revision they began with.
/// Errors: InvalidArn. Source: Step Functions API reference, DeleteStateMachine.
enum DeleteStateMachine: WriteOperation {
    struct Input: Decodable, Sendable { let stateMachineArn: String }
    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try MachineARN(input.stateMachineArn)
        guard arn.qualifier == nil else {
            throw StepFunctionsError.invalidArn("Invalid ARN: \(input.stateMachineArn)")
        }
        return { tx in
            let row = try tx.row(
                "SELECT id FROM sfn_state_machine WHERE account = ? AND region = ? AND name = ?", arn.account,
                arn.region, arn.name)
            guard let row else { return Nothing() }
            let machine: Int64 = row["id"]
            try tx.execute("DELETE FROM sfn_alias WHERE machine = ?", machine)
            try tx.execute("DELETE FROM sfn_version WHERE machine = ?", machine)
            try tx.execute("DELETE FROM sfn_state_machine WHERE id = ?", machine)
            return Nothing()
        }
    }
}
