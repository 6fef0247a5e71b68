import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Prepares the creation or update of a stack and says what it would do. A new stack appears in REVIEW_IN_PROGRESS.
/// A change set without changes is FAILED. Errors: AlreadyExistsException, InsufficientCapabilitiesException,
/// ValidationError. Source: CloudFormation API reference, CreateChangeSet.
enum CreateChangeSet: Operation {
    struct Output: Encodable, Sendable {
        let id: String
        let stackId: String
    }

    static func run(_ input: StackInput, _ context: Context) async throws(AWSError) -> Output {
        let type = input.changeSetType ?? "UPDATE"
        guard type == "CREATE" || type == "UPDATE" else {
            throw CloudFormationError.validation("Change sets of type \(type) are not supported here.")
        }
        if input.importExistingResources == true {
            throw CloudFormationError.validation("Existing resources cannot be imported here: ImportExistingResources")
        }
        if let mode = input.deploymentMode {
            throw CloudFormationError.validation("Change sets of the mode \(mode) are not supported here.")
        }
        let known = try context.read { db in
            try StackRecord.find(input.stackName, context.account, context.region, db)
                .flatMap { try $0.deletedMs == nil ? StackView($0, db) : nil }
        }
        try check(input, type, known?.stack)
        let name = known?.stack.name ?? input.stackName
        let stackId =
            known?.stack.id
            ?? StackRecord.id(name, account: context.account, region: context.region, uuid: context.random.uuid())
        let pseudo = PseudoParameters(
            account: context.account, region: context.region, stackId: stackId, stackName: name)
        let (definition, resolved) = try await input.definition(
            changing: known?.stack, pseudo: pseudo, needsExpansion: false, context)
        let changes = try changes(definition, resolved, known)
        let changeSet = ChangeSetRecord(
            id: context.arn("cloudformation", "changeSet/\(input.changeSetName ?? "")/\(context.random.uuid())")
                .description,
            stackId: stackId, name: input.changeSetName ?? "", createdMs: context.nowMs,
            status: changes == nil ? "FAILED" : "CREATE_COMPLETE",
            executionStatus: changes == nil ? "UNAVAILABLE" : "AVAILABLE",
            reason: changes == nil ? ChangeSetRecord.noChanges : nil,
            document: ChangeSetRecord.Document(
                definition: definition, settings: try settings(input, resolved, known?.stack),
                changes: changes ?? [], isCreate: type == "CREATE", description: input.description,
                includesNested: input.includeNestedStacks ?? false, onStackFailure: input.onStackFailure))
        return try await context.write { transaction in
            try store(changeSet, name, isNew: known == nil, context, transaction)
            return Output(id: changeSet.id, stackId: stackId)
        }
    }

    private static func check(_ input: StackInput, _ type: String, _ stack: StackRecord?) throws(AWSError) {
        guard let stack else {
            guard type == "CREATE" else { throw CloudFormationError.unknownStackName(input.stackName) }
            return try input.checkNewName()
        }
        if type == "CREATE" {
            guard stack.status == .reviewInProgress else {
                throw CloudFormationError.validation(
                    "Stack [\(stack.name)] already exists and cannot be created again with the changeSet [\(input.changeSetName ?? "")]."
                )
            }
        } else {
            try StackOperations.checkUpdatable(stack)
        }
    }

    /// nil: there is nothing to do.
    private static func changes(
        _ definition: StackDefinition, _ resolved: ResolvedTemplate, _ known: StackView?
    ) throws(AWSError) -> [JSON]? {
        guard let known, known.stack.status != .reviewInProgress else {
            return resolved.graph.order.compactMap { logicalId in
                resolved.template.resource(logicalId).map {
                    ResourceChange(action: .add, logicalId: logicalId, type: $0.type).json
                }
            }
        }
        try StackOperations.checkTypes(resolved, known.records)
        let changes = try Changes(known.with(definition), resolved)
        return changes.isEmpty ? nil : changes.list.map(\.json)
    }

    private static func settings(
        _ input: StackInput, _ resolved: ResolvedTemplate, _ stack: StackRecord?
    ) throws(AWSError) -> StackSettings {
        guard var settings = stack?.settings, stack?.status != .reviewInProgress else {
            return try input.settings(for: resolved.template)
        }
        settings.description = resolved.template.description
        settings.rollbackConfiguration = input.rollbackConfiguration ?? settings.rollbackConfiguration
        return settings
    }

    private static func store(
        _ changeSet: ChangeSetRecord, _ name: String, isNew: Bool, _ context: Context, _ transaction: Transaction
    ) throws {
        if isNew {
            guard try StackRecord.find(name, context.account, context.region, transaction.db) == nil else {
                throw CloudFormationError.alreadyExists(name)
            }
            let stack = StackRecord(
                id: changeSet.stackId, account: context.account, region: context.region, name: name,
                createdMs: transaction.nowMs, status: .reviewInProgress, reason: "User Initiated",
                definition: StackDefinition(template: ""), settings: StackSettings(), outputs: [])
            try stack.insert(transaction.db)
            try StackEvents.add(stack, .reviewInProgress, reason: "User Initiated", transaction)
        }
        let same = try transaction.row(
            "SELECT 1 FROM cfn_change_sets WHERE stack_id = ? AND name = ?", changeSet.stackId, changeSet.name)
        guard same == nil else { throw CloudFormationError.changeSetExists(changeSet.name) }
        try changeSet.insert(transaction.db)
    }
}
