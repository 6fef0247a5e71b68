import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// One item of TransactWriteItems, checked as far as that goes without the item as it is.
struct TransactionStep: Sendable {
    /// What the members `ConditionCheck`, `Put`, `Delete` and `Update` carry between them.
    struct Request: Codable, Sendable {
        let tableName: String
        let key: JSON?
        let item: JSON?
        let updateExpression: String?
        let conditionExpression: String?
        let expressionAttributeNames: JSON?
        let expressionAttributeValues: JSON?
        let returnValuesOnConditionCheckFailure: String?
    }

    enum Kind: Sendable { case check, put, delete, update }
    typealias Change = @Sendable (Item?, Table) throws(AWSError) -> Item?

    let table: Table
    /// What is to be done, or why the item does not fit the table.
    let plan: Result<(write: ItemWrite, change: Change), AWSError>
    /// Bytes that the request brings.
    let byteCount: Int

    /// - Throws: what is wrong with the whole request; what only concerns the item and its table is in the plan.
    init(_ kind: Kind, _ request: Request, _ context: Context, showsCollection: Bool) throws(AWSError) {
        let expressions = try Expressions(
            Expressions.Source(
                update: request.updateExpression, condition: request.conditionExpression,
                names: request.expressionAttributeNames, values: request.expressionAttributeValues,
                kinds: kind == .update ? [.update, .condition] : [.condition]))
        let item = try Item(tree: request.item ?? request.key ?? [:])
        let table = try TableReference.table(request.tableName, context)
        self.table = table
        byteCount = item.byteCount
        do throws(AWSError) {
            let key = kind == .put ? try PutItem.check(item, table) : try table.key.key(parameter: item)
            let update = expressions.update
            if let update { try UpdateItem.checkKeys(update, table) }
            try ItemWrite.checkPaths((update?.paths ?? []) + (expressions.condition?.paths ?? []), table)
            let write = ItemWrite(
                table: table, key: key, condition: expressions.condition,
                returnsItemOnFailure: request.returnValuesOnConditionCheckFailure == "ALL_OLD",
                showsCollection: showsCollection)
            plan = .success((write, Self.change(kind, item, update)))
        } catch {
            plan = .failure(error)
        }
    }

    private static func change(_ kind: Kind, _ item: Item, _ update: Update?) -> Change {
        switch kind {
        case .check: { (old, _) in old }
        case .put: { (_, _) in item }
        case .delete: { (_, _) in nil }
        case .update:
            { (old, table) throws(AWSError) in
                try UpdateItem.changed(old ?? item, update ?? Update(actions: []), table)
            }
        }
    }
}
