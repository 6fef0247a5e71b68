import AWSWire
import DynamoDBExpressions
import JSON

/// The parameters that PutItem, UpdateItem and DeleteItem have in common.
protocol ItemWriteInput: Sendable {
    var expected: JSON? { get }
    var conditionalOperator: String? { get }
    var conditionExpression: String? { get }
    var expressionAttributeNames: JSON? { get }
    var expressionAttributeValues: JSON? { get }
    var returnValues: String? { get }
    var returnConsumedCapacity: String? { get }
    var returnItemCollectionMetrics: String? { get }
    var returnValuesOnConditionCheckFailure: String? { get }
}

extension ItemWriteInput {
    /// The legacy parameters of all three, for messages.
    var legacyParameters: [(name: String, isPresent: Bool)] {
        [("Expected", expected != nil), ("ConditionalOperator", conditionalOperator != nil)]
    }

    /// The expressions of an operation that has a condition alone.
    func conditionOnly() throws(AWSError) -> Expressions {
        try Expressions(
            Expressions.Source(
                condition: conditionExpression, names: expressionAttributeNames, values: expressionAttributeValues,
                kinds: [.condition], legacy: legacyParameters))
    }

    /// Errors: ValidationException for what only updates return.
    func oldValuesOnly() throws(AWSError) -> ItemWrite.ReturnValues {
        let values = ItemWrite.ReturnValues(rawValue: returnValues ?? "NONE")
        guard let values, values == .none || values == .allOld else {
            throw .validation("ReturnValues can only be ALL_OLD or NONE")
        }
        return values
    }

    /// The condition: an expression or the legacy `Expected`.
    func condition(_ expressions: Expressions) throws(AWSError) -> Condition? {
        if let condition = expressions.condition { return condition }
        let conditions = try LegacyCondition.read(expected: expected)
        try ItemWrite.checkOperator(
            conditionalOperator, count: conditions.count, isGiven: expected != nil, "Expected")
        return LegacyCondition.joined(conditions, by: conditionalOperator)
    }

    func write(
        _ table: Table, _ key: ItemKey, _ condition: Condition?, _ returnValues: ItemWrite.ReturnValues
    ) -> ItemWrite {
        ItemWrite(
            table: table, key: key, condition: condition,
            returnsItemOnFailure: returnValuesOnConditionCheckFailure == "ALL_OLD", returnValues: returnValues,
            detail: ConsumedCapacity.Detail(returnConsumedCapacity),
            showsCollection: returnItemCollectionMetrics == "SIZE")
    }
}
