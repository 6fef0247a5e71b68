import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import GRDB
import JSON

/// Changes capacity, billing mode, indexes, stream, encryption, class or protection of a table.
///
/// Assumed: the answer says `UPDATING` as AWS's does; with the commit the change is complete, except for a new index on
/// many items, which becomes active when all of them are in it.
/// Errors: LimitExceededException, ResourceInUseException, ResourceNotFoundException, ValidationException.
/// Source: API reference, UpdateTable.
enum UpdateTable: Operation {
    struct Input: Decodable, Sendable {
        let tableName: String
        let attributeDefinitions: [TableDefinition.AttributeDefinition]?
        let billingMode: String?
        let provisionedThroughput: TableDefinition.Throughput?
        let globalSecondaryIndexUpdates: [IndexUpdate]?
        let streamSpecification: TableDefinition.StreamSpecification?
        let sseSpecification: TableDefinition.SSESpecification?
        let tableClass: String?
        let deletionProtectionEnabled: Bool?
        let onDemandThroughput: TableDefinition.OnDemandThroughput?
        let warmThroughput: TableDefinition.WarmThroughput?
        let replicaUpdates: JSON?
        let multiRegionConsistency: String?
        let globalTableWitnessUpdates: JSON?
        let globalTableSettingsReplicationMode: String?
    }

    struct IndexUpdate: Decodable, Sendable {
        struct Change: Decodable, Sendable {
            let indexName: String
            let provisionedThroughput: TableDefinition.Throughput?
            let onDemandThroughput: TableDefinition.OnDemandThroughput?
            let warmThroughput: TableDefinition.WarmThroughput?
        }
        struct Deletion: Decodable, Sendable { let indexName: String }

        let update: Change?
        let create: CreateTable.GlobalIndex?
        let delete: Deletion?
        var indexName: String? { update?.indexName ?? create?.indexName ?? delete?.indexName }
    }

    struct Output: Encodable, Sendable { let tableDescription: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name = try TableReference.name(input.tableName, context)
        try check(input)
        let service = context.service(DynamoDB.self)
        let cache = service.cache
        let (account, region) = (context.account, context.region)
        let changed = try await context.write { transaction -> Table in
            guard let table = try TableRows.find(transaction.db, account, region, name) else {
                throw AWSError.tableNotFound(name)
            }
            var change = TableChange(table, nowMs: transaction.nowMs)
            try change.apply(input)
            var changed = try TableRows.update(transaction, table, change.definition, cache)
            try StreamRows.follow(transaction, changed)
            for number in change.deletedIndexes { try Cleanup.schedule(transaction, table, index: number) }
            for number in change.createdIndexes {
                changed = try Backfill.begin(transaction, changed, number, cache)
            }
            return changed
        }
        let statistics = try service.statistics.statistics(of: changed, context)
        return Output(
            tableDescription: TableDescription(table: changed, status: "UPDATING", statistics: statistics).tree)
    }

    private static func check(_ input: Input) throws(AWSError) {
        let updates = input.globalSecondaryIndexUpdates ?? []
        let hasOther =
            input.billingMode != nil || input.streamSpecification != nil || input.sseSpecification != nil
            || input.tableClass != nil || input.deletionProtectionEnabled != nil || input.onDemandThroughput != nil
            || input.warmThroughput != nil
        if input.replicaUpdates?.array?.isEmpty == false || input.multiRegionConsistency != nil
            || input.globalTableWitnessUpdates != nil || input.globalTableSettingsReplicationMode != nil
        {
            throw .validation("Baton has no global tables: ReplicaUpdates cannot be used")
        }
        if input.provisionedThroughput == nil, updates.isEmpty, !hasOther {
            throw .validation(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
                    + "SSESpecification or ReplicaUpdates is required")
        }
        if input.billingMode == "PAY_PER_REQUEST", input.provisionedThroughput != nil {
            try TableValidation.checkThroughput("PAY_PER_REQUEST", input.provisionedThroughput)
        }
        if let throughput = input.provisionedThroughput { try TableValidation.checkBounds(throughput) }
        try TableValidation.checkStream(input.streamSpecification)
        var names: Set<String> = []
        for update in updates { try check(update, &names) }
        if updates.filter({ $0.create != nil || $0.delete != nil }).count > 1 {
            throw .limitExceeded(
                "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
        }
    }

    private static func check(_ update: IndexUpdate, _ names: inout Set<String>) throws(AWSError) {
        guard let name = update.indexName else {
            throw .invalidParameter(
                "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                    + "GlobalSecondaryIndexUpdate.Delete must not be null")
        }
        guard names.insert(name).inserted else {
            throw .invalidParameter(
                "Only one global secondary index update per index is allowed simultaneously. Index: \(name)")
        }
        if let throughput = update.update?.provisionedThroughput {
            try TableValidation.checkBounds(throughput, index: name)
        }
        if let create = update.create {
            try TableReference.check(name, at: "indexName")
            try TableValidation.checkProjection(create.projection)
        }
    }
}
