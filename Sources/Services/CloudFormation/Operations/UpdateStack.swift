import AWSWire
import BatonCore
import BatonStore
import JSON

/// Starts the update of a stack. Errors: ValidationError (`No updates are to be performed.` among them),
/// InsufficientCapabilitiesException. Source: CloudFormation API reference, UpdateStack.
enum UpdateStack: Operation {
    struct Output: Encodable, Sendable { let stackId: String }

    static func run(_ input: StackInput, _ context: Context) async throws(AWSError) -> Output {
        let view = try context.read { db in
            try StackView(try StackOperations.namedStack(input.stackName, context, db), db)
        }
        if let token = input.clientRequestToken, view.stack.settings.clientToken == token {
            return Output(stackId: view.stack.id)
        }
        try StackOperations.checkUpdatable(view.stack)
        let (definition, resolved) = try await input.definition(
            changing: view.stack, pseudo: view.stack.pseudo, needsExpansion: true, context)
        try StackOperations.checkTypes(resolved, view.records)
        let changes = try Changes(view.with(definition), resolved)
        guard !changes.isEmpty || view.stack.status == .updateFailed || view.stack.status == .createFailed else {
            throw CloudFormationError.validation("No updates are to be performed.")
        }
        let policies = try await input.policies(context)
        var settings = view.stack.settings
        settings.policyDuringUpdate = policies.duringUpdate
        settings.retainsExceptOnCreate = input.retainExceptOnCreate ?? false
        settings.disableRollback = input.disableRollback ?? false
        settings.onFailure = settings.disableRollback ? .nothing : .rollback
        settings.description = resolved.template.description
        settings.clientToken = input.clientRequestToken
        settings.policy = policies.lasting ?? settings.policy
        settings.rollbackConfiguration = input.rollbackConfiguration ?? settings.rollbackConfiguration
        let (id, operationId, begun) = (view.stack.id, context.random.uuid(), settings)
        return try await context.write { transaction in
            let stack = try StackOperations.namedStack(id, context, transaction.db)
            try StackOperations.checkUpdatable(stack)
            try StackOperations.beginUpdate(
                stack, definition, resolved.graph, begun, operationId: operationId, transaction)
            return Output(stackId: id)
        }
    }
}

extension StackView {
    /// The same resources under another definition.
    func with(_ definition: StackDefinition) -> StackView {
        var stack = stack
        stack.definition = definition
        return StackView(stack: stack, records: records, exports: exports)
    }
}
