import AWSWire
import BatonCore
import BatonStore
import JSON

/// Starts the creation of a stack. Errors: AlreadyExistsException, InsufficientCapabilitiesException, ValidationError,
/// TokenAlreadyExistsException. Source: CloudFormation API reference, CreateStack.
enum CreateStack: Operation {
    struct Output: Encodable, Sendable { let stackId: String }

    static func run(_ input: StackInput, _ context: Context) async throws(AWSError) -> Output {
        try input.checkNewName()
        let id = StackRecord.id(
            input.stackName, account: context.account, region: context.region, uuid: context.random.uuid())
        let pseudo = PseudoParameters(
            account: context.account, region: context.region, stackId: id, stackName: input.stackName)
        let (definition, resolved) = try await input.definition(
            changing: nil, pseudo: pseudo, needsExpansion: true, context)
        var prepared = try input.settings(for: resolved.template)
        prepared.policy = try await input.policies(context).lasting
        let settings = prepared
        let lifecycle = StackLifecycle.create(resolved.graph, onFailure: settings.onFailure)
        let operationId = context.random.uuid()
        return try await context.write { transaction in
            if let existing = try StackRecord.find(input.stackName, context.account, context.region, transaction.db) {
                if let token = input.clientRequestToken, existing.settings.clientToken == token {
                    return Output(stackId: existing.id)
                }
                throw CloudFormationError.alreadyExists(input.stackName)
            }
            let stack = StackRecord(
                id: id, account: context.account, region: context.region, name: input.stackName,
                createdMs: transaction.nowMs, status: .createInProgress, definition: definition, settings: settings,
                outputs: [])
            try stack.insert(transaction.db)
            try StackEngine.begin(stack, lifecycle, operationId: operationId, transaction)
            return Output(stackId: id)
        }
    }
}
