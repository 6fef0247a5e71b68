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

    struct Input: Decodable, ItemWriteInput {
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
        let expressions = try input.conditionOnly()
        let keyItem = try Item(tree: input.key)
        let returnValues = try input.oldValuesOnly()
        let condition = try input.condition(expressions)
        let table = try TableReference.table(input.tableName, context)
        let key = try table.key.key(parameter: keyItem)
        if let condition { try ItemWrite.checkPaths(condition.paths, table) }
        let write = input.write(table, key, condition, returnValues)
        return { transaction in try write.perform(transaction) { (_, _) in nil } }
    }
}
