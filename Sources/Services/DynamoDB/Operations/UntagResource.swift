import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import GRDB

/// Errors: ResourceNotFoundException, ValidationException. Source: API reference, UntagResource.
enum UntagResource: Operation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tagKeys: [String]
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let name = try TaggedTable.name(input.resourceArn, context)
        if input.tagKeys.isEmpty { throw .validation("Atleast one Tag Key needs to be provided as Input.") }
        let (account, region) = (context.account, context.region)
        return try await context.write { transaction in
            let table = try TaggedTable.find(transaction.db, account, region, name, input.resourceArn)
            for key in input.tagKeys {
                try transaction.execute("DELETE FROM ddb_tags WHERE table_id = ? AND key = ?", table.id, key)
            }
            return Nothing()
        }
    }
}
