import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import GRDB
import JSON

/// Makes a table.
///
/// Assumed: the answer says `CREATING` as AWS's does; with the commit, before the answer leaves, the table is active.
/// Errors: ResourceInUseException, ValidationException. Source: API reference, CreateTable.
enum CreateTable: Operation {
    struct Input: Decodable, Sendable {
        let tableName: String
        let attributeDefinitions: [TableDefinition.AttributeDefinition]
        let keySchema: [TableDefinition.KeySchemaElement]
        let localSecondaryIndexes: [LocalIndex]?
        let globalSecondaryIndexes: [GlobalIndex]?
        let billingMode: String?
        let provisionedThroughput: TableDefinition.Throughput?
        let streamSpecification: TableDefinition.StreamSpecification?
        let sseSpecification: TableDefinition.SSESpecification?
        let tags: [Tag]?
        let tableClass: String?
        let deletionProtectionEnabled: Bool?
        let warmThroughput: TableDefinition.WarmThroughput?
        let onDemandThroughput: TableDefinition.OnDemandThroughput?
        let resourcePolicy: String?
        // Of global tables, which Baton does not have.
        let globalTableSourceArn: String?
        let globalTableSettingsReplicationMode: String?
    }

    struct LocalIndex: Decodable, Sendable {
        let indexName: String
        let keySchema: [TableDefinition.KeySchemaElement]
        let projection: TableDefinition.Projection
    }

    struct GlobalIndex: Decodable, Sendable {
        let indexName: String
        let keySchema: [TableDefinition.KeySchemaElement]
        let projection: TableDefinition.Projection
        let provisionedThroughput: TableDefinition.Throughput?
        let onDemandThroughput: TableDefinition.OnDemandThroughput?
        let warmThroughput: TableDefinition.WarmThroughput?
    }

    struct Output: Encodable, Sendable { let tableDescription: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name = try TableReference.name(input.tableName, context)
        let definition = try definition(input, context)
        let tags = try Tag.checked(input.tags ?? [])
        let cache = context.service(DynamoDB.self).cache
        let (account, region) = (context.account, context.region)
        return try await context.write { transaction in
            if try TableRows.find(transaction.db, account, region, name) != nil { throw AWSError.tableExists(name) }
            guard let table = try TableRows.insert(transaction, account, region, name, definition) else {
                throw AWSError.validation("Invalid KeySchema: Some index key attribute have no definition")
            }
            transaction.afterCommit { cache.forget(table) }
            try Tag.store(tags, table, transaction)
            try StreamRows.follow(transaction, table)
            return Output(tableDescription: TableDescription(table: table, status: "CREATING").tree)
        }
    }

    private static func definition(_ input: Input, _ context: Context) throws(AWSError) -> TableDefinition {
        if input.globalTableSourceArn != nil || input.globalTableSettingsReplicationMode != nil {
            throw .validation("Baton has no global tables: GlobalTableSourceArn cannot be used")
        }
        let mode = input.billingMode ?? "PROVISIONED"
        try TableValidation.checkThroughput(mode, input.provisionedThroughput)
        try TableValidation.checkTableKey(input.keySchema, input.attributeDefinitions)
        var names: Set<String> = []
        if let indexes = input.localSecondaryIndexes { try TableValidation.checkLocal(indexes, input, &names) }
        if let indexes = input.globalSecondaryIndexes {
            try TableValidation.checkGlobal(indexes, input, mode: mode, &names)
        }
        try TableValidation.checkStream(input.streamSpecification)
        let now = context.nowMs
        var definition = TableDefinition(
            tableId: context.random.uuid(), createdMs: now, attributeDefinitions: input.attributeDefinitions,
            keySchema: input.keySchema, billingMode: mode,
            throughput: TableDefinition.ThroughputState(units: input.provisionedThroughput ?? .none))
        definition.onDemandSinceMs = mode == "PAY_PER_REQUEST" ? now : nil
        definition.onDemandThroughput = input.onDemandThroughput
        definition.warmThroughput = input.warmThroughput
        definition.stream = input.streamSpecification
        if input.streamSpecification?.streamEnabled == true {
            definition.streamLabel = TableValidation.streamLabel(now)
        }
        definition.sse = input.sseSpecification
        definition.tableClass = input.tableClass
        if let policy = input.resourcePolicy {
            definition.policy = try ResourcePolicy.checked(policy)
            definition.policyRevision = context.random.uuid()
        }
        definition.isDeletionProtected = input.deletionProtectionEnabled ?? false
        for index in input.localSecondaryIndexes ?? [] { definition.add(index) }
        for index in input.globalSecondaryIndexes ?? [] { definition.add(index) }
        try TableValidation.checkWhole(definition)
        return definition
    }
}

extension TableDefinition {
    fileprivate mutating func add(_ index: CreateTable.LocalIndex) {
        localIndexes.append(
            IndexDefinition(
                number: nextIndexNumber, indexName: index.indexName, keySchema: index.keySchema,
                projection: index.projection))
        nextIndexNumber += 1
    }

    mutating func add(_ index: CreateTable.GlobalIndex) {
        globalIndexes.append(
            IndexDefinition(
                number: nextIndexNumber, indexName: index.indexName, keySchema: index.keySchema,
                projection: index.projection,
                throughput: ThroughputState(units: index.provisionedThroughput ?? .none),
                onDemandThroughput: index.onDemandThroughput, warmThroughput: index.warmThroughput))
        nextIndexNumber += 1
    }
}
