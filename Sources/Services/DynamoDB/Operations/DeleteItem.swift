import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// Removes an item; that there was none is no error.
/// Errors: ConditionalCheckFailedException, ResourceNotFoundException, ValidationException.
/// Source: API reference, DeleteItem.
enum DeleteItem: WriteOperation {
    typealias Output = ItemWrite.Answer

    struct Input: Decodable, Sendable {
        let tableName: String
        let key: JSON
        let expected: JSON?
        let conditionalOperator: String?
        let conditionExpression: String?
        let expressionAttributeNames: JSON?
        let expressionAttributeValues: JSON?
        let returnValues: String?
        let returnConsumedCapacity: String?
        let returnItemCollectionMetrics: String?
        let returnValuesOnConditionCheckFailure: String?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<ItemWrite.Answer> {
        let expressions = try Expressions(
            Expressions.Source(
                condition: input.conditionExpression, names: input.expressionAttributeNames,
                values: input.expressionAttributeValues, kinds: [.condition],
                legacy: [
                    ("Expected", input.expected != nil), ("ConditionalOperator", input.conditionalOperator != nil),
                ]))
        let keyItem = try Item(tree: input.key)
        let returnValues = ItemWrite.ReturnValues(rawValue: input.returnValues ?? "NONE")
        guard let returnValues, returnValues == .none || returnValues == .allOld else {
            throw .validation("ReturnValues can only be ALL_OLD or NONE")
        }
        let condition = try ItemWrite.condition(
            expressions, expected: input.expected, conditionalOperator: input.conditionalOperator)
        let table = try TableReference.table(input.tableName, context)
        let key = try table.key.key(parameter: keyItem)
        if let condition { try ItemWrite.checkPaths(condition.paths, table) }
        let write = ItemWrite(
            table: table, key: key, condition: condition,
            returnsItemOnFailure: input.returnValuesOnConditionCheckFailure == "ALL_OLD",
            returnValues: returnValues, detail: ConsumedCapacity.Detail(input.returnConsumedCapacity),
            showsCollection: input.returnItemCollectionMetrics == "SIZE")
        return { transaction in try write.perform(transaction) { (_, _) in nil } }
    }
}
