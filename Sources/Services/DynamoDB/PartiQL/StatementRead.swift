import AWSWire
import BatonCore
import DynamoDBExpressions
import JSON

/// What a request says of one PartiQL statement.
struct StatementInput: Sendable {
    let statement: PartiQLStatement

    init(_ text: String, _ parameters: [JSON]?) throws(AWSError) {
        var values: [AttributeValue] = []
        for parameter in parameters ?? [] { values.append(try AttributeValue(tree: parameter)) }
        statement = try PartiQLStatement(text, parameters: values)
    }
}

/// A `SELECT`: the read of a partition where the condition names one, else of the whole table or index.
struct StatementRead: Sendable {
    let table: Table
    private var page: PageRead
    /// Whether the condition names exactly one item of the table.
    let isOneItem: Bool

    /// Errors: ResourceNotFoundException, ValidationException.
    init(_ statement: PartiQLStatement, _ context: Context) throws(AWSError) {
        guard case .select(let paths, let isDescending) = statement.action else {
            throw .validation("Only SELECT statements read")
        }
        table = try TableReference.table(statement.table, context)
        let index = try ReadRequest.index(statement.index, table, isConsistent: false)
        let schema = index?.key ?? table.key
        let equalities = statement.equalities(schema.names)
        for attribute in schema.attributes {
            guard let value = equalities[attribute.name], value.type != attribute.type else { continue }
            throw .invalidParameter("Condition parameter type does not match schema type")
        }
        let projection = paths.map { Projection($0) }
        page = PageRead(
            table: table, index: index, hash: equalities[schema.hash.name].map(KeyAttribute.bytes), bounds: [],
            isForward: !isDescending, filter: statement.condition, projection: projection)
        page.fetchesItems = try ReadRequest.fetchesItems(nil, projection, index)
        if page.hash != nil, let range = schema.range, let value = equalities[range.name] {
            let bytes = KeyAttribute.bytes(value)
            page.bounds = [
                PageRead.Bound(comparison: ">=", bytes: bytes), PageRead.Bound(comparison: "<=", bytes: bytes),
            ]
        }
        isOneItem = index == nil && equalities.count == schema.names.count
    }

    func read(
        _ context: Context, limit: Int? = nil, isConsistent: Bool = false, after token: JSON? = nil
    ) throws(AWSError) -> PageRead.Page {
        var page = page
        page.limit = limit
        page.isConsistent = isConsistent
        page.start = try ReadRequest.startKey(token, table, page.index, isQuery: page.hash != nil)
            .map { ($0.key, $0.base) }
        let final = page
        return try context.read { db in try final.read(db) }
    }
}

extension TransactionStep {
    /// A statement that writes or checks one item, whose key its condition names.
    /// - Throws: what is wrong with the statement; what only concerns the item and its table is in the plan.
    init(
        _ statement: PartiQLStatement, _ context: Context, returnsItemOnFailure: Bool = false
    ) throws(AWSError) {
        let table = try TableReference.table(statement.table, context)
        let names = table.key.names
        let equalities = statement.equalities(names)
        var keyItem = Item()
        for name in names { keyItem[name] = equalities[name] }
        if case .insert(let item) = statement.action { keyItem = item }
        guard names.allSatisfy({ keyItem[$0] != nil }) else {
            throw .validation("Where clause does not contain a mandatory equality on all key attributes")
        }
        self.table = table
        byteCount = keyItem.byteCount
        do throws(AWSError) {
            let key: ItemKey
            if case .insert(let item) = statement.action {
                key = try PutItem.check(item, table)
            } else {
                key = try table.key.key(parameter: keyItem)
            }
            var write = ItemWrite(
                table: table, key: key, condition: Self.condition(statement, names),
                returnsItemOnFailure: returnsItemOnFailure)
            write.returnValues = statement.returning.flatMap(ItemWrite.ReturnValues.init) ?? .none
            plan = .success((write, try Self.change(statement, keyItem, table)))
        } catch {
            plan = .failure(error)
        }
    }

    private static func condition(_ statement: PartiQLStatement, _ names: [String]) -> Condition? {
        let isThere = Condition.exists(.path(Path(names[0])))
        let rest = statement.condition(without: names)
        switch statement.action {
        case .insert: return .not(isThere)
        case .update, .exists: return .and([isThere] + (rest.map { [$0] } ?? []))
        // That there is no item is no error.
        case .delete: return rest
        case .select: return nil
        }
    }

    private static func change(
        _ statement: PartiQLStatement, _ keyItem: Item, _ table: Table
    ) throws(AWSError) -> Change {
        switch statement.action {
        case .insert(let item): return { (_, _) in item }
        case .delete: return { (_, _) in nil }
        case .update(let update):
            try UpdateItem.checkKeys(update, table)
            try ItemWrite.checkPaths(update.paths, table)
            return { (old, table) throws(AWSError) in try UpdateItem.changed(old ?? keyItem, update, table) }
        case .exists, .select: return { (old, _) in old }
        }
    }
}

extension AWSError {
    /// An insert of what is there has an error of its own.
    func ofStatement(_ statement: PartiQLStatement) -> AWSError {
        guard case .insert = statement.action, code == "ConditionalCheckFailedException" else { return self }
        return AWSError("DuplicateItemException", "Duplicate primary key exists in table")
    }
}
