/// What DynamoDB allows. Source: "Quotas in Amazon DynamoDB", Developer Guide.
enum Limits {
    /// Bytes of one item, names included.
    static let itemBytes = 400 * 1024
    /// Bytes of items that one page of Query or Scan evaluates.
    static let pageBytes = 1024 * 1024
    /// Bytes of items that one BatchGetItem answers; the rest stays unprocessed.
    static let batchGetBytes = 16 * 1024 * 1024
    static let batchGetKeys = 100
    static let batchWriteRequests = 25
    static let localIndexes = 5
    static let globalIndexes = 20
    /// Attributes that all `INCLUDE` projections of a table name together.
    static let includedAttributes = 100
    static let capacityUnits = 1_000_000_000_000
    static let tagsPerTable = 50
}
