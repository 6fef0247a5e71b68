import AWSWire
import BatonCore
import BatonStore
import JSON

/// Does what a change set has prepared; the stack's other change sets go. Errors: ChangeSetNotFound,
/// InvalidChangeSetStatus. Source: CloudFormation API reference, ExecuteChangeSet.
enum ExecuteChangeSet: Operation {
    struct Input: Decodable, Sendable {
        let changeSetName: String
        let stackName: String?
        let clientRequestToken: String?
        let disableRollback: Bool?
        let retainExceptOnCreate: Bool?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let (changeSet, stack) = try context.read { db in
            try ChangeSetRecord.find(input.changeSetName, stack: input.stackName, context.account, context.region, db)
        }
        try check(changeSet)
        let resolved = try changeSet.document.definition.resolved(stack.pseudo)
        let operationId = context.random.uuid()
        return try await context.write { transaction in
            let (changeSet, current) = try ChangeSetRecord.find(
                changeSet.id, stack: nil, context.account, context.region, transaction.db)
            try check(changeSet)
            let document = changeSet.document
            var stack = current
            var settings = document.settings
            settings.changeSetId = changeSet.id
            settings.clientToken = input.clientRequestToken
            settings.terminationProtection = settings.terminationProtection || stack.settings.terminationProtection
            settings.policy = stack.settings.policy ?? settings.policy
            settings.retainsExceptOnCreate = input.retainExceptOnCreate ?? false
            if let disables = input.disableRollback {
                settings.disableRollback = disables
                settings.onFailure = disables ? .nothing : .rollback
            }
            try transaction.execute(
                "DELETE FROM cfn_change_sets WHERE stack_id = ? AND id <> ?", stack.id, changeSet.id)
            try transaction.execute(
                "UPDATE cfn_change_sets SET execution_status = 'EXECUTE_COMPLETE' WHERE id = ?", changeSet.id)
            guard document.isCreate else {
                try StackOperations.checkUpdatable(stack)
                try StackOperations.beginUpdate(
                    stack, document.definition, resolved.graph, settings, operationId: operationId, transaction)
                return Nothing()
            }
            guard stack.status == .reviewInProgress else {
                throw CloudFormationError.alreadyExists(stack.name)
            }
            stack.definition = document.definition
            stack.settings = settings
            let lifecycle = StackLifecycle.create(resolved.graph, onFailure: settings.onFailure)
            try StackEngine.begin(stack, lifecycle, operationId: operationId, transaction)
            return Nothing()
        }
    }

    private static func check(_ changeSet: ChangeSetRecord) throws(AWSError) {
        guard changeSet.status == "CREATE_COMPLETE", changeSet.executionStatus == "AVAILABLE" else {
            throw CloudFormationError.changeSetStatus(
                changeSet.id, status: changeSet.status, execution: changeSet.executionStatus)
        }
    }
}
