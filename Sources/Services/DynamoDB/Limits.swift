/// What DynamoDB allows. Source: "Quotas in Amazon DynamoDB", Developer Guide.
enum Limits {
    /// Bytes of one item, names included.
    static let itemBytes = 400 * 1024
    /// Bytes of a partition key value.
    static let hashKeyBytes = 2048
    /// Bytes of a sort key value.
    static let rangeKeyBytes = 1024
    /// Nested levels of lists and maps in one attribute.
    static let nesting = 32
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
    /// Bytes of one expression.
    static let expressionBytes = 4096
    /// Operators and functions of one expression.
    static let expressionOperators = 300
    static let inOperands = 100
    /// Parentheses and `NOT` inside each other. Assumed: AWS's own bound is not documented; this one protects the stack.
    static let expressionNesting = 64
    /// Bytes of the name of a placeholder.
    static let placeholderBytes = 255
    static let capacityUnits = 1_000_000_000_000
    static let tagsPerTable = 50
}
