import AWSWire
import BatonCore
import BatonStore
import JSON

/// The policy of a stack, if it has one. Source: CloudFormation API reference, GetStackPolicy.
enum GetStackPolicy: Operation {
    struct Input: Decodable, Sendable { let stackName: String }
    struct Output: Encodable, Sendable { let stackPolicyBody: String? }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try context.read { db in
            Output(stackPolicyBody: try StackOperations.namedStack(input.stackName, context, db).settings.policy)
        }
    }
}
