import AWSWire
import BatonCore

/// A policy inside of a role, percent-encoded. Errors: NoSuchEntity. Source: API reference, GetRolePolicy.
enum GetRolePolicy: Operation {
    struct Input: Decodable, Sendable {
        let roleName: String
        let policyName: String
    }

    struct Output: Encodable, Sendable {
        let roleName: String
        let policyName: String
        let policyDocument: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let found = try InlinePolicies.get(input.policyName, of: .role, input.roleName, context)
        return Output(roleName: found.name, policyName: input.policyName, policyDocument: found.document)
    }
}
