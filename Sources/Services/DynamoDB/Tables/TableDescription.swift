import AWSWire
import BatonStore
import DynamoDBExpressions
import GRDB
import JSON

/// A table as DescribeTable and its relatives show it.
///
struct TableDescription {
    let table: Table
    var status = "ACTIVE"
    var statistics = TableStatistics()

    private var definition: TableDefinition { table.definition }
    private var arn: String {
        ARN(service: "dynamodb", region: table.region, account: table.account, resource: "table/\(table.name)")
            .description
    }

    static func arn(_ table: Table) -> String { TableDescription(table: table).arn }

    var tree: JSON {
        var tree: JSON = [
            "AttributeDefinitions": .array(
                definition.attributeDefinitions.map {
                    ["AttributeName": .string($0.attributeName), "AttributeType": .string($0.attributeType)]
                }),
            "TableName": .string(table.name),
            "KeySchema": Self.schema(definition.keySchema),
            "TableStatus": .string(status),
            "CreationDateTime": Self.seconds(definition.createdMs),
            "ProvisionedThroughput": Self.throughput(definition.throughput),
            "TableSizeBytes": .number(statistics.bytes),
            "ItemCount": .number(statistics.count),
            "TableArn": .string(arn),
            "TableId": .string(definition.tableId),
            "DeletionProtectionEnabled": .bool(definition.isDeletionProtected),
        ]
        addBilling(&tree)
        addIndexes(&tree)
        addStream(&tree)
        if let sse { tree["SSEDescription"] = sse }
        if let tableClass = definition.tableClass {
            tree["TableClassSummary"] = ["TableClass": .string(tableClass)]
            if let changed = definition.tableClassChangedMs {
                tree["TableClassSummary"]?["LastUpdateDateTime"] = Self.seconds(changed)
            }
        }
        return tree
    }

    private func addBilling(_ tree: inout JSON) {
        if definition.isOnDemand || definition.onDemandSinceMs != nil {
            var summary: JSON = ["BillingMode": .string(definition.billingMode)]
            if let since = definition.onDemandSinceMs {
                summary["LastUpdateToPayPerRequestDateTime"] = Self.seconds(since)
            }
            tree["BillingModeSummary"] = summary
        }
        tree["OnDemandThroughput"] = definition.onDemandThroughput.map(Self.onDemand)
        tree["WarmThroughput"] = Self.warm(definition.warmThroughput, definition.throughput, status: status)
    }

    private func addIndexes(_ tree: inout JSON) {
        if !definition.localIndexes.isEmpty {
            tree["LocalSecondaryIndexes"] = .array(definition.localIndexes.map(index))
        }
        guard !definition.globalIndexes.isEmpty else { return }
        tree["GlobalSecondaryIndexes"] = .array(
            definition.globalIndexes.map { definition in
                let isBackfilling = definition.isBackfilling ?? false
                let indexStatus = isBackfilling ? "CREATING" : status
                var tree = index(definition)
                tree["IndexStatus"] = .string(indexStatus)
                if isBackfilling { tree["Backfilling"] = true }
                let throughput = definition.throughput ?? TableDefinition.ThroughputState(units: .none)
                tree["ProvisionedThroughput"] = Self.throughput(throughput)
                tree["OnDemandThroughput"] = definition.onDemandThroughput.map(Self.onDemand)
                tree["WarmThroughput"] = Self.warm(definition.warmThroughput, throughput, status: indexStatus)
                return tree
            })
    }

    private func index(_ index: TableDefinition.IndexDefinition) -> JSON {
        var projection: JSON = [:]
        projection["ProjectionType"] = index.projection.projectionType.map { .string($0) }
        projection["NonKeyAttributes"] = index.projection.nonKeyAttributes.map { .array($0.map { .string($0) }) }
        return [
            "IndexName": .string(index.indexName),
            "KeySchema": Self.schema(index.keySchema),
            "Projection": projection,
            // Assumed: the size of an index is not counted.
            "IndexSizeBytes": 0,
            "ItemCount": .number(statistics.indexCounts[index.number] ?? 0),
            "IndexArn": .string("\(arn)/index/\(index.indexName)"),
        ]
    }

    private func addStream(_ tree: inout JSON) {
        if let stream = definition.stream, stream.streamEnabled {
            tree["StreamSpecification"] = ["StreamEnabled": true]
            tree["StreamSpecification"]?["StreamViewType"] = stream.streamViewType.map { .string($0) }
        }
        if let label = definition.streamLabel {
            tree["LatestStreamLabel"] = .string(label)
            tree["LatestStreamArn"] = .string("\(arn)/stream/\(label)")
        }
    }

    /// Tables are always encrypted; only a key of one's own shows.
    private var sse: JSON? {
        guard let sse = definition.sse, sse.enabled == true else { return nil }
        let key = sse.kmsMasterKeyId ?? "alias/aws/dynamodb"
        let keyArn =
            key.hasPrefix("arn:")
            ? key
            : ARN(
                service: "kms", region: table.region, account: table.account,
                resource: key.hasPrefix("alias/") ? key : "key/\(key)"
            ).description
        return ["Status": "ENABLED", "SSEType": .string(sse.sseType ?? "KMS"), "KMSMasterKeyArn": .string(keyArn)]
    }

    // MARK: Parts

    static func seconds(_ milliseconds: Int64) -> JSON { .number(Timestamp.number(milliseconds)) }

    private static func schema(_ elements: [TableDefinition.KeySchemaElement]) -> JSON {
        .array(elements.map { ["AttributeName": .string($0.attributeName), "KeyType": .string($0.keyType)] })
    }

    private static func throughput(_ state: TableDefinition.ThroughputState) -> JSON {
        var tree: JSON = [
            // Assumed: decreases are not limited, hence not counted.
            "NumberOfDecreasesToday": 0,
            "ReadCapacityUnits": .number(state.units.readCapacityUnits),
            "WriteCapacityUnits": .number(state.units.writeCapacityUnits),
        ]
        tree["LastIncreaseDateTime"] = state.lastIncreaseMs.map(seconds)
        tree["LastDecreaseDateTime"] = state.lastDecreaseMs.map(seconds)
        return tree
    }

    private static func onDemand(_ throughput: TableDefinition.OnDemandThroughput) -> JSON {
        var tree: JSON = [:]
        tree["MaxReadRequestUnits"] = throughput.maxReadRequestUnits.map { .number($0) }
        tree["MaxWriteRequestUnits"] = throughput.maxWriteRequestUnits.map { .number($0) }
        return tree
    }

    /// What a new table can serve at once: 12,000 reads and 4,000 writes on demand, else what is provisioned.
    private static func warm(
        _ warm: TableDefinition.WarmThroughput?, _ state: TableDefinition.ThroughputState, status: String
    ) -> JSON {
        let isOnDemand = state.units == .none
        return [
            "ReadUnitsPerSecond": .number(
                warm?.readUnitsPerSecond ?? (isOnDemand ? 12000 : state.units.readCapacityUnits)),
            "WriteUnitsPerSecond": .number(
                warm?.writeUnitsPerSecond ?? (isOnDemand ? 4000 : state.units.writeCapacityUnits)),
            "Status": .string(status),
        ]
    }
}
