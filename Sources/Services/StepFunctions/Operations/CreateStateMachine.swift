import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// Creates a state machine; asking again for the same one answers the one that exists (other role and tags are not
/// looked at). With `publish` it becomes version 1 at once.
/// Errors: InvalidName, InvalidDefinition, InvalidLoggingConfiguration, InvalidEncryptionConfiguration,
/// StateMachineAlreadyExists, StateMachineDeleting, TooManyTags, ValidationException. Source: Step Functions API reference,
/// CreateStateMachine.
enum CreateStateMachine: Operation {
    struct Input: Decodable, Sendable {
        let name: String
        let definition: String
        let roleArn: String
        let type: MachineType?
        let loggingConfiguration: LoggingConfiguration?
        let tags: [Tag]?
        let tracingConfiguration: TracingConfiguration?
        let publish: Bool?
        let versionDescription: String?
        let encryptionConfiguration: EncryptionConfiguration?
    }
    struct Output: Encodable, Sendable {
        let stateMachineArn: String
        let creationDate: Double
        let stateMachineVersionArn: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let publishes = input.publish ?? false
        guard input.versionDescription == nil || publishes else { throw StepFunctionsError.descriptionWithoutPublish }
        try ResourceName.check(input.name)
        let arn = MachineARN(region: context.region, account: context.account, name: input.name)
        let type = input.type ?? .standard
        try DefinitionCheck.check(input.definition, type: type)
        try await input.loggingConfiguration?.check(context)
        let draft = RevisionDraft(
            definition: input.definition, roleArn: input.roleArn,
            logging: input.loggingConfiguration?.complete ?? .none,
            isTraced: input.tracingConfiguration?.enabled ?? false,
            encryption: try input.encryptionConfiguration?.checked())
        let tags = try Tag.merged([], input.tags ?? [], arn: arn.description)
        // How it was first published belongs to what must be the same when it is asked for again.
        let firstVersion = publishes ? "+" + (input.versionDescription ?? "") : ""
        let machines = context.machines
        return try await context.write { tx in
            let row = try tx.row(
                "SELECT * FROM sfn_state_machine WHERE account = ? AND region = ? AND name = ?", arn.account,
                arn.region, arn.name)
            if let row {
                guard row["status"] as String != MachineDeletion.status else {
                    throw StepFunctionsError.machineIsDeleting(arn.description)
                }
                let revision = try machines.revision(row["first_revision"], tx.db)
                var same = RevisionDraft(revision)
                same.roleArn = draft.roleArn
                guard same == draft, revision.type == type, row["first_version"] as String == firstVersion else {
                    throw StepFunctionsError.machineAlreadyExists(arn.description)
                }
                return Output(arn, row["created_ms"], version: publishes ? 1 : nil)
            }
            let revision = try draft.insert(arn, type: type, revisionId: "", tx)
            try tx.execute(
                """
                INSERT INTO sfn_state_machine (account, region, name, type, revision, first_revision, first_version,
                    tags, created_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, arn.account, arn.region, arn.name, type.rawValue, revision, revision, firstVersion,
                StoredJSON.text(tags), tx.nowMs)
            guard publishes else { return Output(arn, tx.nowMs, version: nil) }
            let version = try Versions.publish(
                machine: tx.db.lastInsertedRowID, revision: revision, description: input.versionDescription, tx)
            return Output(arn, tx.nowMs, version: version.number)
        }
    }
}

extension CreateStateMachine.Output {
    fileprivate init(_ arn: MachineARN, _ createdMs: Int64, version: Int?) {
        self.init(
            stateMachineArn: arn.description, creationDate: createdMs.seconds,
            stateMachineVersionArn: version.map { arn.version($0).description })
    }
}
