import AWSWire
import BatonCore
import BatonStore

/// Sets the policy that updates of a stack must not break.
/// Source: CloudFormation API reference, SetStackPolicy.
enum SetStackPolicy: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let stackPolicyBody: String?
        let stackPolicyURL: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let policy = try StackPolicy.checked(
            try await TemplateText.load(input.stackPolicyBody, input.stackPolicyURL, context))
        return try await context.write { transaction in
            var stack = try StackOperations.namedStack(input.stackName, context, transaction.db)
            stack.settings.policy = policy
            try stack.update(transaction.db)
            return Nothing()
        }
    }
}
