import AWSWire
import BatonCore
import BatonStore

/// Errors: PolicyNotFoundException, ResourceNotFoundException. Source: API reference, GetResourcePolicy.
enum GetResourcePolicy: ReadOperation {
    struct Input: Decodable, Sendable { let resourceArn: String }
    struct Output: Encodable, Sendable {
        let policy: String
        let revisionId: String?
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        let name = try TaggedTable.name(input.resourceArn, context)
        return try context.read { db in
            let table = try TaggedTable.find(db, context.account, context.region, name, input.resourceArn)
            guard let policy = table.definition.policy else { throw ResourcePolicy.notFound(input.resourceArn) }
            return Output(policy: policy, revisionId: table.definition.policyRevision)
        }
    }
}
