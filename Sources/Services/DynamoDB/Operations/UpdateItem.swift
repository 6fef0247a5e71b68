import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// Changes attributes of an item, which is made when it is not there.
/// Errors: ConditionalCheckFailedException, ResourceNotFoundException, ValidationException.
/// Source: API reference, UpdateItem.
enum UpdateItem: WriteOperation {
    typealias Output = ItemWrite.Answer

    struct Input: Decodable, ItemWriteInput {
        let tableName: String
        let key: JSON
        let attributeUpdates: JSON?
        let updateExpression: String?
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
                update: input.updateExpression, condition: input.conditionExpression,
                names: input.expressionAttributeNames, values: input.expressionAttributeValues,
                kinds: [.update, .condition],
                legacy: [("AttributeUpdates", input.attributeUpdates != nil)] + input.legacyParameters))
        let keyItem = try Item(tree: input.key)
        let legacy = try input.attributeUpdates.map { (tree) throws(AWSError) in try Update(legacy: tree) }
        let update = expressions.update ?? legacy ?? Update(actions: [])
        let condition = try input.condition(expressions)
        let table = try TableReference.table(input.tableName, context)
        let key = try table.key.key(parameter: keyItem)
        try checkKeys(update, table)
        try ItemWrite.checkPaths(update.paths + (condition?.paths ?? []), table)
        let write = input.write(
            table, key, condition, ItemWrite.ReturnValues(rawValue: input.returnValues ?? "NONE") ?? .none)
        return { transaction in
            try write.perform(transaction, paths: update.paths) { (old, table) throws(AWSError) in
                try changed(old ?? keyItem, update, table)
            }
        }
    }

    /// An update may neither touch the key nor give an index's key another type.
    static func checkKeys(_ update: Update, _ table: Table) throws(AWSError) {
        for action in update.actions where table.key.names.contains(action.path.attribute) && !action.path.isNested {
            throw .invalidParameter(
                "Cannot update attribute \(action.path.attribute). This attribute is part of the key")
        }
        for index in table.indexes {
            for attribute in index.key.attributes {
                for action in update.actions where action.path == Path(attribute.name) {
                    try check(action, attribute, index)
                }
            }
        }
    }

    private static func check(
        _ action: Update.Action, _ attribute: KeyAttribute, _ index: SecondaryIndex
    ) throws(AWSError) {
        let type: AttributeType?
        switch action {
        case .set(_, let value): type = value.knownType
        case .add(_, let value), .delete(_, let value): type = value.type
        case .remove: type = nil
        }
        if let type, type != attribute.type { throw ItemWrite.typeMismatch(attribute, type, index) }
        if case .set(_, .value(let value)) = action, let kind = KeyAttribute.emptyKind(value) {
            throw unsupportedIndexKey(kind)
        }
    }

    private static func unsupportedIndexKey(_ kind: String) -> AWSError {
        .validation(
            "One or more parameter values are not valid. The update expression attempted to update a secondary index key "
                + "to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty "
                + "\(kind) value.")
    }

    static func changed(_ old: Item, _ update: Update, _ table: Table) throws(AWSError) -> Item {
        let item = try update.applied(to: old)
        for index in table.indexes {
            for attribute in index.key.attributes {
                guard let value = item[attribute.name] else { continue }
                if value.type != attribute.type {
                    throw .validation(
                        "The update expression attempted to update the secondary index key to unsupported type")
                }
                if let kind = KeyAttribute.emptyKind(value) { throw unsupportedIndexKey(kind) }
            }
        }
        if item.byteCount > Limits.itemBytes {
            throw .validation("Item size to update has exceeded the maximum allowed size")
        }
        return item
    }
}
