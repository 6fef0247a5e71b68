import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Makes a version of the current revision; when that is the newest version already, answers it.
/// Errors: InvalidArn, StateMachineDoesNotExist, ConflictException (other `revisionId`, other description),
/// ServiceQuotaExceededException. Source: Step Functions API reference, PublishStateMachineVersion.
enum PublishStateMachineVersion: WriteOperation {
    struct Input: Decodable, Sendable {
        let stateMachineArn: String
        let revisionId: String?
        let description: String?
    }
    struct Output: Encodable, Sendable {
        let creationDate: Double
        let stateMachineVersionArn: String
    }

    /// How callers name the first revision.
    static let initialRevision = "INITIAL"

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let arn = try MachineARN(input.stateMachineArn)
        guard arn.qualifier == nil else { throw StepFunctionsError.machineDoesNotExist(input.stateMachineArn) }
        let machines = context.machines
        return { tx in
            let row = try Machines.existing(arn, tx.db)
            let revision = try machines.revision(row["revision"], tx.db)
            let current = revision.revisionId ?? initialRevision
            if let asked = input.revisionId, asked != current {
                throw StepFunctionsError.otherRevision(asked, current: current)
            }
            let version = try Versions.publish(
                machine: row["id"], revision: revision.id, description: input.description, tx)
            return Output(
                creationDate: version.createdMs.seconds,
                stateMachineVersionArn: arn.version(version.number).description)
        }
    }
}
