/// What DynamoDB allows of values, keys and expressions. Source: "Quotas in Amazon DynamoDB", Developer Guide.
enum ExpressionLimits {
    /// Bytes of a partition key value.
    static let hashKeyBytes = 2048
    /// Bytes of a sort key value.
    static let rangeKeyBytes = 1024
    /// Nested levels of lists and maps in one attribute.
    static let nesting = 32
    /// Bytes of one expression.
    static let expressionBytes = 4096
    /// Operators and functions of one expression.
    static let operators = 300
    static let inOperands = 100
    /// Parentheses and `NOT` inside each other. Assumed: AWS's own bound is not documented; this one protects the stack.
    static let expressionNesting = 64
    /// Bytes of the name of a placeholder.
    static let placeholderBytes = 255
}
