import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// Stores an item in place of the one with the same key.
/// Errors: ConditionalCheckFailedException, ResourceNotFoundException, ValidationException (400 KB, keys, expressions).
/// Source: API reference, PutItem.
enum PutItem: WriteOperation {
    typealias Output = ItemWrite.Answer

    struct Input: Decodable, ItemWriteInput {
        let tableName: String
        let item: JSON
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

    static let needsSavepoint = false

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<ItemWrite.Answer> {
        let expressions = try input.conditionOnly()
        let item = try Item(tree: input.item)
        let returnValues = try input.oldValuesOnly()
        let condition = try input.condition(expressions)
        let table = try TableReference.table(input.tableName, context)
        let key = try check(item, table)
        if let condition { try ItemWrite.checkPaths(condition.paths, table) }
        let write = input.write(table, key, condition, returnValues)
        return writing(item, write)
    }

    /// The key of an item that may be stored.
    static func check(_ item: Item, _ table: Table) throws(AWSError) -> ItemKey {
        let key = try table.key.key(put: item)
        try ItemWrite.checkIndexKeys(item, table)
        if item.byteCount > Limits.itemBytes {
            throw .validation("Item size has exceeded the maximum allowed size")
        }
        return key
    }

    static func writing(_ item: Item, _ write: ItemWrite) -> Write<ItemWrite.Answer> {
        // One statement suffices when nobody asks what was there before.
        if !write.needsOld {
            let stored = StoredItem(item)
            let answer = ItemWrite.Answer(itemCollectionMetrics: write.metrics(of: item))
            return { transaction in
                if try ItemRows.replace(transaction, write.table, write.key, stored) { return answer }
                return try transaction.nested { try write.perform($0) { (_, _) in item } }
            }
        }
        return { transaction in try transaction.nested { try write.perform($0) { (_, _) in item } } }
    }
}
