import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// Changes what is given of a state machine; running executions go on with what they began with. A change makes a new
/// revision, an update that changes nothing keeps the one that is.
/// Errors: MissingRequiredParameter, InvalidArn, InvalidDefinition, InvalidLoggingConfiguration,
/// InvalidEncryptionConfiguration, StateMachineDoesNotExist, ConflictException, ValidationException.
/// Source: Step Functions API reference, UpdateStateMachine.
enum UpdateStateMachine: Operation {
    struct Input: Decodable, Sendable {
        let stateMachineArn: String
        let definition: String?
        let roleArn: String?
        let loggingConfiguration: LoggingConfiguration?
        let tracingConfiguration: TracingConfiguration?
        let publish: Bool?
        let versionDescription: String?
        let encryptionConfiguration: EncryptionConfiguration?

        var changesNothing: Bool {
            definition == nil && roleArn == nil && loggingConfiguration == nil && tracingConfiguration == nil
                && encryptionConfiguration == nil
        }
    }
    struct Output: Encodable, Sendable {
        let updateDate: Double
        let revisionId: String?
        let stateMachineVersionArn: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let publishes = input.publish ?? false
        guard !input.changesNothing || publishes else { throw StepFunctionsError.nothingToUpdate }
        guard input.versionDescription == nil || publishes else { throw StepFunctionsError.descriptionWithoutPublish }
        let arn = try MachineARN(input.stateMachineArn)
        guard arn.qualifier == nil else { throw StepFunctionsError.machineDoesNotExist(input.stateMachineArn) }
        let type = try context.read { db in
            MachineType(rawValue: try Machines.existing(arn, db)["type"]) ?? .standard
        }
        if let definition = input.definition { try DefinitionCheck.check(definition, type: type) }
        try await input.loggingConfiguration?.check(context)
        let encryption = try input.encryptionConfiguration?.checked()
        let revisionId = context.random.uuid()
        let machines = context.machines
        return try await context.write { tx in
            let row = try Machines.existing(arn, tx.db)
            let machine: Int64 = row["id"]
            let revision = try machines.revision(row["revision"], tx.db)
            var draft = RevisionDraft(revision)
            if let definition = input.definition { draft.definition = definition }
            if let roleArn = input.roleArn { draft.roleArn = roleArn }
            if let logging = input.loggingConfiguration { draft.logging = logging.complete }
            if let tracing = input.tracingConfiguration { draft.isTraced = tracing.enabled ?? false }
            if let encryption { draft.encryption = encryption }
            let isChanged = draft != RevisionDraft(revision)
            // The new row is not read into the cache here: this transaction may still be undone.
            let current = isChanged ? try draft.insert(arn, type: type, revisionId: revisionId, tx) : revision.id
            if isChanged {
                try tx.execute("UPDATE sfn_state_machine SET revision = ? WHERE id = ?", current, machine)
                machines.changed(tx)
            }
            let version =
                publishes
                ? try Versions.publish(
                    machine: machine, revision: current, description: input.versionDescription, tx) : nil
            return Output(
                updateDate: tx.nowMs.seconds, revisionId: isChanged ? revisionId : revision.revisionId,
                stateMachineVersionArn: version.map { arn.version($0.number).description })
        }
    }
}
