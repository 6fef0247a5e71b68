import AWSWire
import BatonCore
import BatonStore
import JSON

/// Stores the policy of a stack. Assumed: it is only kept, updates do not ask it.
/// Source: CloudFormation API reference, SetStackPolicy.
enum SetStackPolicy: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String
        let stackPolicyBody: String?
        let stackPolicyURL: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let policy = try await TemplateText.load(input.stackPolicyBody, input.stackPolicyURL, context)
        guard (try? JSON.parse(policy)) != nil else {
            throw CloudFormationError.validation("Error validating stack policy: Invalid stack policy")
        }
        return try await context.write { transaction in
            var stack = try StackOperations.namedStack(input.stackName, context, transaction.db)
            stack.settings.policy = policy
            try stack.update(transaction.db)
            return Nothing()
        }
    }
}
