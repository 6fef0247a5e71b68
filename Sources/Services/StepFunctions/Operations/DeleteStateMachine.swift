import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Deletes a state machine with its versions and aliases; one that is not there is no error. While
/// executions of it run it is `DELETING`; they go on to their end with the revision they began with.
/// Errors: InvalidArn. Source: Step Functions API reference, DeleteStateMachine.
enum DeleteStateMachine: WriteOperation {
    struct Input: Decodable, Sendable { let stateMachineArn: String }
    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = try MachineARN(input.stateMachineArn)
        guard arn.qualifier == nil else {
            throw StepFunctionsError.invalidArn("Invalid ARN: \(input.stateMachineArn)")
        }
        let machines = context.machines
        return { tx in
            machines.changed(tx)
            guard try !MachineDeletion.proceed(arn, onlyMarked: false, tx) else { return Nothing() }
            // Before the commit, so that an execution that ends right after it sees what it has to do.
            machines.deletions.add(arn.description)
            return Nothing()
        }
    }
}
