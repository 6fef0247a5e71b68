import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// A state machine as it is now, or a version of it.
/// Errors: InvalidArn, StateMachineDoesNotExist. Source: Step Functions API reference, DescribeStateMachine.
enum DescribeStateMachine: Operation {
    struct Input: Decodable, Sendable {
        let stateMachineArn: String
        let includedData: String?
    }
    struct Output: Encodable, Sendable {
        let stateMachineArn: String
        let name: String
        let status: String
        let definition: String
        let roleArn: String
        let type: MachineType
        let creationDate: Double
        let loggingConfiguration: LoggingConfiguration
        let tracingConfiguration: TracingConfiguration
        let revisionId: String?
        let description: String?
        let encryptionConfiguration: EncryptionConfiguration?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let arn = try MachineARN(input.stateMachineArn)
        let machines = context.machines
        return try context.read { db in
            let row = try Machines.existing(arn, db, evenDeleting: true)
            var revision: Int64 = row["revision"]
            var createdMs: Int64 = row["created_ms"]
            var description: String?
            switch arn.qualifier {
            case nil: break
            case .alias: throw StepFunctionsError.machineDoesNotExist(input.stateMachineArn)
            case .version(let number):
                let version = try db.row(
                    "SELECT * FROM sfn_version WHERE machine = ? AND number = ?", row["id"] as Int64, number)
                guard let version else { throw StepFunctionsError.machineDoesNotExist(input.stateMachineArn) }
                revision = version["revision"]
                createdMs = version["created_ms"]
                description = version["description"] as String
            }
            let found = try machines.revision(revision, db)
            let isMetadata = input.includedData == "METADATA_ONLY"
            return Output(
                stateMachineArn: input.stateMachineArn, name: found.name, status: row["status"],
                // Assumed: the definition is hidden from those who may not see data only where a customer's key is.
                definition: isMetadata && found.encryption?.type == .customer ? "{}" : found.definitionText,
                roleArn: found.roleArn, type: found.type, creationDate: createdMs.seconds,
                loggingConfiguration: found.logging,
                tracingConfiguration: TracingConfiguration(enabled: found.isTraced),
                revisionId: found.revisionId, description: description?.isEmpty == true ? nil : description,
                encryptionConfiguration: found.encryption)
        }
    }
}
