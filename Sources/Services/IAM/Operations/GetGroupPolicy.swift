import AWSWire
import BatonCore

/// A policy inside of a group, percent-encoded. Errors: NoSuchEntity. Source: API reference, GetGroupPolicy.
enum GetGroupPolicy: Operation {
    struct Input: Decodable, Sendable {
        let groupName: String
        let policyName: String
    }

    struct Output: Encodable, Sendable {
        let groupName: String
        let policyName: String
        let policyDocument: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let found = try InlinePolicies.get(input.policyName, of: .group, input.groupName, context)
        return Output(groupName: found.name, policyName: input.policyName, policyDocument: found.document)
    }
}
