import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// The state machine as it was when the execution began.
/// Errors: InvalidArn, ExecutionDoesNotExist.
/// Source: Step Functions API reference, DescribeStateMachineForExecution.
enum DescribeStateMachineForExecution: Operation {
    struct Input: Decodable, Sendable { let executionArn: String }
    struct Output: Encodable, Sendable {
        let stateMachineArn: String
        let name: String
        let definition: String
        let roleArn: String
        let updateDate: Double
        let loggingConfiguration: LoggingConfiguration
        let tracingConfiguration: TracingConfiguration
        let mapRunArn: String?
        let label: String?
        let revisionId: String?
        let encryptionConfiguration: EncryptionConfiguration?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let machines = context.machines
        return try context.read { db in
            let record = try ExecutionRecord.existing(input.executionArn, db)
            let revision = try machines.revision(record.revision, db)
            let run = try record.mapRun.flatMap { try MapRunRecord.find($0, db) }
            return Output(
                stateMachineArn: record.machineArn, name: revision.name, definition: revision.definitionText,
                roleArn: revision.roleArn, updateDate: revision.updatedMs.seconds,
                loggingConfiguration: revision.logging,
                tracingConfiguration: TracingConfiguration(enabled: revision.isTraced), mapRunArn: run?.arn,
                label: run.flatMap { $0.machineArn.split(separator: "/").last.map(String.init) },
                revisionId: revision.revisionId, encryptionConfiguration: revision.encryption)
        }
    }
}
