import AWSWire
import BatonCore
import BatonStore
import JSON

/// Says whether a stack may be deleted. Source: CloudFormation API reference, UpdateTerminationProtection.
enum UpdateTerminationProtection: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let enableTerminationProtection: Bool
    }
    struct Output: Encodable, Sendable { let stackId: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try await context.write { transaction in
            var stack = try StackOperations.namedStack(input.stackName, context, transaction.db)
            stack.settings.terminationProtection = input.enableTerminationProtection
            try stack.update(transaction.db)
            return Output(stackId: stack.id)
        }
    }
}
