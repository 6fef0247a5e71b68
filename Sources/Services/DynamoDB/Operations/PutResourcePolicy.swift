import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Sets the policy of a table. Errors: PolicyNotFoundException, ResourceNotFoundException, ValidationException.
/// Source: API reference, PutResourcePolicy.
enum PutResourcePolicy: Operation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let policy: String
        let expectedRevisionId: String?
        /// Whether a policy may keep its caller out; nobody is kept out here.
        let confirmRemoveSelfResourceAccess: Bool?
    }
    struct Output: Encodable, Sendable { let revisionId: String? }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name = try TaggedTable.name(input.resourceArn, context)
        let policy = try ResourcePolicy.checked(input.policy)
        let revision = context.random.uuid()
        let cache = context.service(DynamoDB.self).cache
        let (account, region) = (context.account, context.region)
        return try await context.write { transaction in
            let table = try TaggedTable.find(transaction.db, account, region, name, input.resourceArn)
            try ResourcePolicy.check(input.expectedRevisionId, table.definition, input.resourceArn)
            var definition = table.definition
            definition.policy = policy
            definition.policyRevision = revision
            _ = try TableRows.update(transaction, table, definition, cache)
            return Output(revisionId: revision)
        }
    }
}
