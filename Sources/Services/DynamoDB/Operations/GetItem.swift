import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// The item with a key, or nothing.
/// Errors: ResourceNotFoundException, ValidationException. Source: API reference, GetItem.
enum GetItem: ReadOperation {
    struct Input: Decodable, Sendable {
        let tableName: String
        let key: JSON
        let attributesToGet: [String]?
        let consistentRead: Bool?
        let projectionExpression: String?
        let expressionAttributeNames: JSON?
        let returnConsumedCapacity: String?
    }

    typealias Output = JSON

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> JSON {
        let projection = try ItemRead.projection(
            input.projectionExpression, input.expressionAttributeNames, input.attributesToGet)
        let keyItem = try Item(tree: input.key)
        let table = try TableReference.table(input.tableName, context)
        let key = try table.key.key(parameter: keyItem)
        if let projection { try ItemWrite.checkPaths(projection.paths, table) }
        let stored = try ItemRows.find(context, table, key)
        var output = JSON.Object()
        if let stored { output.put("Item", ItemRead.shown(stored, projection)) }
        let detail = ConsumedCapacity.Detail(input.returnConsumedCapacity)
        if detail != .none {
            let units = ConsumedCapacity.readUnits(stored?.byteCount ?? 0, isConsistent: input.consistentRead ?? false)
            output["ConsumedCapacity"] = ConsumedCapacity(table: units).shown(table.name, detail)
        }
        return .object(output)
    }
}

/// What the reading operations have in common.
enum ItemRead {
    /// `ProjectionExpression`, or the legacy `AttributesToGet`.
    static func projection(
        _ expression: String?, _ names: JSON?, _ attributes: [String]?
    ) throws(AWSError) -> Projection? {
        // Most requests are for whole items.
        if expression == nil, names == nil, attributes == nil { return nil }
        let expressions = try Expressions(
            Expressions.Source(
                projection: expression, names: names, kinds: [.projection],
                legacy: [("AttributesToGet", attributes != nil)]))
        return try self.projection(expressions, attributes)
    }

    static func projection(_ expressions: Expressions, _ attributes: [String]?) throws(AWSError) -> Projection? {
        guard expressions.projection == nil, let attributes else { return expressions.projection }
        var seen: Set<String> = []
        for name in attributes where !seen.insert(name).inserted {
            throw .invalidParameter("Duplicate value in attribute name: \(name)")
        }
        return Projection(attributes: attributes)
    }

    /// A whole item goes from the row to the answer without a look inside.
    static func shown(_ stored: StoredItem, _ projection: Projection?) -> JSON {
        guard let projection else { return stored.output }
        return projection.applied(to: stored.item).tree
    }
}
