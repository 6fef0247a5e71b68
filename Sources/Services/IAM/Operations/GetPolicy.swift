import AWSWire
import BatonCore
import JSON

/// A managed policy, also one of AWS's own. Errors: NoSuchEntity. Source: API reference, GetPolicy.
enum GetPolicy: Operation {
    struct Input: Decodable, Sendable { let policyArn: String }
    struct Output: Encodable, Sendable { let policy: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try context.read { db in
            let policy = try ManagedPolicy.existing(input.policyArn, context.account, db)
            return Output(policy: try policy.shown(context.account, db))
        }
    }
}
