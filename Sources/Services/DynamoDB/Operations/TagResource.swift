import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import GRDB

/// Errors: ResourceNotFoundException, ValidationException. Source: API reference, TagResource.
enum TagResource: Operation {
    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tags: [Tag]
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let name = try TaggedTable.name(input.resourceArn, context)
        if input.tags.isEmpty { throw .validation("Atleast one Tag needs to be provided as Input.") }
        let tags = try Tag.checked(input.tags)
        let (account, region, arn) = (context.account, context.region, input.resourceArn)
        return try await context.write { transaction in
            let table = try TaggedTable.find(transaction.db, account, region, name, arn)
            try Tag.store(tags, table, transaction)
            return Nothing()
        }
    }
}

/// The table that an ARN names.
enum TaggedTable {
    static func name(_ arn: String, _ context: Context) throws(AWSError) -> String {
        guard let parsed = ARN(arn), parsed.service == "dynamodb", parsed.resource.hasPrefix("table/") else {
            throw .validation("Invalid TableArn: Invalid ResourceArn provided as input \(arn)")
        }
        guard parsed.account == context.account, parsed.region == context.region else { throw .arnNotFound(arn) }
        return String(parsed.resource.dropFirst("table/".count))
    }

    static func find(
        _ db: Database, _ account: String, _ region: String, _ name: String, _ arn: String
    ) throws -> Table {
        guard let table = try TableRows.find(db, account, region, name) else { throw AWSError.arnNotFound(arn) }
        return table
    }
}
