import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// What PutItem, UpdateItem and DeleteItem have in common: a condition, a change, and an answer about it.
struct ItemWrite: Sendable {
    /// What the answer shows of the item.
    enum ReturnValues: String, Sendable {
        case none = "NONE"
        case allOld = "ALL_OLD"
        case updatedOld = "UPDATED_OLD"
        case allNew = "ALL_NEW"
        case updatedNew = "UPDATED_NEW"
    }

    let table: Table
    let key: ItemKey
    var condition: Condition?
    var returnsItemOnFailure = false
    var returnValues = ReturnValues.none
    var detail = ConsumedCapacity.Detail.none
    var showsCollection = false

    struct Answer: Encodable, Sendable {
        var attributes: JSON?
        var consumedCapacity: JSON?
        var itemCollectionMetrics: JSON?
    }

    /// Whether the item as it was plays a role.
    var needsOld: Bool {
        condition != nil || returnValues != .none || detail != .none || !table.entries.isEmpty
            || table.hasStream
    }

    /// Reads the item, checks the condition, lets `change` make the new item and stores it.
    /// - Parameters:
    ///   - paths: what an update names; for `UPDATED_OLD` and `UPDATED_NEW`.
    ///   - change: nil removes the item.
    func perform(
        _ transaction: Transaction, paths: [Path] = [], _ change: (Item?, Table) throws(AWSError) -> Item?
    ) throws -> Answer {
        let (done, table) = try carryOut(transaction, change)
        return answer(done, table, paths)
    }

    /// Reads the item, checks the condition and stores what `change` makes of it.
    /// - Returns: also the table as this transaction sees it.
    func carryOut(
        _ transaction: Transaction, _ change: (Item?, Table) throws(AWSError) -> Item?
    ) throws -> (change: ItemChange, table: Table) {
        let table = try ItemRows.current(transaction, table)
        let old = try ItemRows.find(transaction.db, table, key)?.item
        if let condition, !condition.holds(for: old ?? Item()) {
            throw AWSError.conditionFailed(returnsItemOnFailure ? old : nil)
        }
        let done = ItemChange(key: key, old: old, new: try change(old, table))
        if done.old != nil || done.new != nil { try ItemRows.apply(transaction, table, done) }
        return (done, table)
    }

    private func answer(_ change: ItemChange, _ table: Table, _ paths: [Path]) -> Answer {
        var answer = Answer()
        let shown: Item? =
            switch returnValues {
            case .none: nil
            case .allOld: change.old
            case .allNew: change.new
            case .updatedOld: change.old.map(Projection(paths).applied(to:))
            case .updatedNew: change.new.map(Projection(paths).applied(to:))
            }
        if let shown, !shown.isEmpty { answer.attributes = shown.tree }
        if detail != .none {
            answer.consumedCapacity = ConsumedCapacity(change, table).shown(table.name, detail)
        }
        if showsCollection, let item = change.new ?? change.old { answer.itemCollectionMetrics = metrics(of: item) }
        return answer
    }

    /// Assumed: every item collection is small.
    func metrics(of item: Item) -> JSON? {
        guard showsCollection, table.hasLocalIndexes, let hash = item[table.key.hash.name] else { return nil }
        return [
            "ItemCollectionKey": .object([table.key.hash.name: hash.tree]), "SizeEstimateRangeGB": [0, 1],
        ]
    }
}

// MARK: - Checks of parameters

extension ItemWrite {
    static func checkOperator(
        _ conditionalOperator: String?, count: Int, isGiven: Bool, _ parameter: String
    ) throws(AWSError) {
        guard conditionalOperator != nil else { return }
        if !isGiven {
            throw .validation("ConditionalOperator cannot be used without Filter or Expected")
        }
        if count < 2 {
            throw .validation(
                "ConditionalOperator can only be used when Filter or Expected has two or more elements")
        }
    }

    /// Expressions must not look into key attributes, which are scalars.
    static func checkPaths(_ paths: [Path], _ table: Table) throws(AWSError) {
        let names = Set(paths.filter(\.isNested).map(\.attribute))
        guard !names.isEmpty else { return }
        func refuse(_ kind: String, _ name: String) -> AWSError {
            .validation(
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: \(kind): "
                    + name)
        }
        if let name = table.key.names.first(where: names.contains) { throw refuse("Key", name) }
        for index in table.indexes {
            if let name = index.key.names.first(where: names.contains) { throw refuse("IndexKey", name) }
        }
    }

    /// Attributes that are keys of an index must fit it.
    static func checkIndexKeys(_ item: Item, _ table: Table) throws(AWSError) {
        for index in table.indexes {
            for attribute in index.key.attributes {
                guard let value = item[attribute.name] else { continue }
                guard value.type == attribute.type else {
                    throw typeMismatch(attribute, value.type, index)
                }
                if let kind = KeyAttribute.emptyKind(value) {
                    throw .validation(
                        "One or more parameter values are not valid. A value specified for a secondary index key is not "
                            + "supported. The AttributeValue for a key attribute cannot contain an empty \(kind) value. "
                            + "IndexName: \(index.name), IndexKey: \(attribute.name)")
                }
            }
        }
    }

    static func typeMismatch(
        _ attribute: KeyAttribute, _ type: AttributeType, _ index: SecondaryIndex
    ) -> AWSError {
        .invalidParameter(
            "Type mismatch for Index Key \(attribute.name) Expected: \(attribute.type.rawValue) Actual: "
                + "\(type.rawValue) IndexName: \(index.name)")
    }
}
