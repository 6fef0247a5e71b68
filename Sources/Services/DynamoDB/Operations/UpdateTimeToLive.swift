import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import GRDB

/// Names the attribute that holds the time of expiry, in seconds since 1970.
///
/// Assumed: AWS's hour between two changes is not enforced.
/// Errors: ResourceNotFoundException, ValidationException. Source: API reference, UpdateTimeToLive.
enum UpdateTimeToLive: Operation {
    struct Specification: Codable, Sendable {
        let enabled: Bool
        let attributeName: String
    }
    struct Input: Decodable, Sendable {
        let tableName: String
        let timeToLiveSpecification: Specification
    }
    struct Output: Encodable, Sendable { let timeToLiveSpecification: Specification }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name = try TableReference.name(input.tableName, context)
        let specification = input.timeToLiveSpecification
        if specification.attributeName.isEmpty {
            throw .validation("TimeToLive attribute name must not be empty")
        }
        let cache = context.service(DynamoDB.self).cache
        let (account, region) = (context.account, context.region)
        return try await context.write { transaction in
            guard let table = try TableRows.find(transaction.db, account, region, name) else {
                throw AWSError.tableNotFound(name)
            }
            var definition = table.definition
            if specification.enabled, definition.timeToLiveAttribute != nil {
                throw AWSError.validation("TimeToLive is already enabled")
            }
            if !specification.enabled {
                guard let attribute = definition.timeToLiveAttribute else {
                    throw AWSError.validation("TimeToLive is already disabled")
                }
                guard attribute == specification.attributeName else {
                    throw AWSError.validation(
                        "TimeToLive is active on a different AttributeName: current AttributeName is \(attribute)")
                }
            }
            definition.timeToLiveAttribute = specification.enabled ? specification.attributeName : nil
            definition.timeToLiveNumber = specification.enabled ? definition.nextIndexNumber : nil
            if specification.enabled { definition.nextIndexNumber += 1 }
            let changed = try TableRows.update(transaction, table, definition, cache)
            if let expiry = changed.expiry { _ = try Backfill.begin(transaction, changed, expiry.number, cache) }
            if let number = table.expiry?.number { try Cleanup.schedule(transaction, table, index: number) }
            return Output(timeToLiveSpecification: specification)
        }
    }
}
