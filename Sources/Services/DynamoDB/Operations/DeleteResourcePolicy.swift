import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Removes the policy of a table; that there is none is no error.
/// Errors: PolicyNotFoundException, ResourceNotFoundException. Source: API reference, DeleteResourcePolicy.
enum DeleteResourcePolicy: Operation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let expectedRevisionId: String?
    }
    typealias Output = PutResourcePolicy.Output

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name = try TaggedTable.name(input.resourceArn, context)
        let cache = context.service(DynamoDB.self).cache
        let (account, region) = (context.account, context.region)
        return try await context.write { transaction in
            let table = try TaggedTable.find(transaction.db, account, region, name, input.resourceArn)
            try ResourcePolicy.check(input.expectedRevisionId, table.definition, input.resourceArn)
            var definition = table.definition
            let revision = definition.policyRevision
            definition.policy = nil
            definition.policyRevision = nil
            _ = try TableRows.update(transaction, table, definition, cache)
            return Output(revisionId: revision)
        }
    }
}
