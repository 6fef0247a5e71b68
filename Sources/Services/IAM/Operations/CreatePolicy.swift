import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes a managed policy with its first version. Errors: EntityAlreadyExists, MalformedPolicyDocument. Source: API reference, CreatePolicy.
enum CreatePolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let policyName: String
        let path: String?
        let policyDocument: String
        let description: String?
        let tags: [Tag]?
    }

    struct Output: Encodable, Sendable { let policy: JSON }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        try PolicyDocument.check(input.policyDocument)
        var body = ManagedPolicy.body(input.policyDocument, nowMs: context.nowMs)
        body["description"] = input.description.map { .string($0) }
        body["tags"] = try Tag.body(input.tags)
        let entity = Entity(.policy, input.policyName, path: input.path, body: body, context)
        return { transaction in
            try entity.insert(transaction)
            let policy = ManagedPolicy(arn: entity.arn, entity: entity)
            return Output(policy: try policy.shown(entity.account, transaction.db))
        }
    }
}
