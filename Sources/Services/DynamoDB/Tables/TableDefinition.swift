import DynamoDBExpressions

/// What a client has said about a table, as it is stored. Field names are the wire's in Swift casing.
struct TableDefinition: Codable, Sendable {
    struct AttributeDefinition: Codable, Sendable, Equatable {
        var attributeName: String
        var attributeType: String
    }

    struct KeySchemaElement: Codable, Sendable, Equatable {
        var attributeName: String
        var keyType: String
    }

    struct Projection: Codable, Sendable, Equatable {
        var projectionType: String?
        var nonKeyAttributes: [String]?
    }

    struct Throughput: Codable, Sendable, Equatable {
        var readCapacityUnits: Int
        var writeCapacityUnits: Int

        static let none = Throughput(readCapacityUnits: 0, writeCapacityUnits: 0)
    }

    /// Units, and when they were changed.
    struct ThroughputState: Codable, Sendable {
        var units: Throughput
        var lastIncreaseMs: Int64?
        var lastDecreaseMs: Int64?
    }

    struct OnDemandThroughput: Codable, Sendable {
        var maxReadRequestUnits: Int?
        var maxWriteRequestUnits: Int?
    }

    struct WarmThroughput: Codable, Sendable {
        var readUnitsPerSecond: Int?
        var writeUnitsPerSecond: Int?
    }

    struct StreamSpecification: Codable, Sendable {
        var streamEnabled: Bool
        var streamViewType: String?
    }

    struct SSESpecification: Codable, Sendable {
        var enabled: Bool?
        var sseType: String?
        var kmsMasterKeyId: String?
    }

    struct IndexDefinition: Codable, Sendable {
        /// Names the index in the rows; never used twice in one table.
        var number: Int
        var indexName: String
        var keySchema: [KeySchemaElement]
        var projection: Projection
        var throughput: ThroughputState?
        var onDemandThroughput: OnDemandThroughput?
        var warmThroughput: WarmThroughput?
        /// Items that were there before the index are still being entered.
        var isBackfilling: Bool?
    }

    var tableId: String
    var createdMs: Int64
    var attributeDefinitions: [AttributeDefinition]
    var keySchema: [KeySchemaElement]
    var localIndexes: [IndexDefinition] = []
    var globalIndexes: [IndexDefinition] = []
    var nextIndexNumber = 1
    /// `PROVISIONED` or `PAY_PER_REQUEST`.
    var billingMode: String
    var onDemandSinceMs: Int64?
    var throughput: ThroughputState
    var onDemandThroughput: OnDemandThroughput?
    var warmThroughput: WarmThroughput?
    var stream: StreamSpecification?
    /// When the present stream was enabled: its label and part of its ARN.
    var streamLabel: String?
    var sse: SSESpecification?
    var tableClass: String?
    var tableClassChangedMs: Int64?
    var isDeletionProtected = false
    /// The attribute with the time of expiry.
    var timeToLiveAttribute: String?
    /// Names the entries of the times of expiry, as the numbers of indexes do.
    var timeToLiveNumber: Int?
    var recoveryEnabledMs: Int64?
    var recoveryPeriodInDays: Int?
    /// The resource policy of the table, and the id of its last change.
    var policy: String?
    var policyRevision: String?

    var isOnDemand: Bool { billingMode == "PAY_PER_REQUEST" }
}
