import AWSWire
import BatonCore

/// A policy inside of a user, percent-encoded. Errors: NoSuchEntity. Source: API reference, GetUserPolicy.
enum GetUserPolicy: Operation {
    struct Input: Decodable, Sendable {
        let userName: String
        let policyName: String
    }

    struct Output: Encodable, Sendable {
        let userName: String
        let policyName: String
        let policyDocument: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let found = try InlinePolicies.get(input.policyName, of: .user, input.userName, context)
        return Output(userName: found.name, policyName: input.policyName, policyDocument: found.document)
    }
}
