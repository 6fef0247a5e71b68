import AWSWire
import DynamoDBExpressions
import JSON

/// What Query and Scan check alike: the index, what is selected, the starting key.
enum ReadRequest {
    /// The index that a request names.
    static func index(_ name: String?, _ table: Table, isConsistent: Bool) throws(AWSError) -> SecondaryIndex? {
        guard let name else { return nil }
        guard let index = table.index(name) else {
            throw .validation("The table does not have the specified index: \(name)")
        }
        if index.isGlobal, isConsistent {
            throw .validation("Consistent reads are not supported on global secondary indexes")
        }
        if index.isBackfilling {
            throw .validation("Cannot read from backfilling global secondary index: \(name)")
        }
        return index
    }

    /// Rules between `Select` and what names attributes.
    static func checkSelect(
        _ select: String?, hasProjection: Bool, hasAttributes: Bool, hasIndex: Bool
    ) throws(AWSError) {
        guard let select else { return }
        if select == "SPECIFIC_ATTRIBUTES" {
            guard hasProjection || hasAttributes else {
                throw .validation(
                    "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
            }
        } else if hasProjection || hasAttributes {
            let parameter = hasProjection ? "ProjectionExpression" : "AttributesToGet"
            throw .validation("Cannot specify the \(parameter) when choosing to get \(select)")
        }
        if select == "ALL_PROJECTED_ATTRIBUTES", !hasIndex {
            throw .validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
        }
    }

    /// Whether the request wants more of an item than the index holds; only a local index can reach it.
    static func fetchesItems(
        _ select: String?, _ projection: Projection?, _ index: SecondaryIndex?
    ) throws(AWSError) -> Bool {
        guard let index, case .attributes(let held) = index.projected else { return false }
        if select == "ALL_ATTRIBUTES" {
            guard !index.isGlobal else {
                throw .invalidParameter(
                    "Select type ALL_ATTRIBUTES is not supported for global secondary index \(index.name) because its "
                        + "projection type is not ALL")
            }
            return true
        }
        let missing = projection?.paths.map(\.attribute).filter { !held.contains($0) } ?? []
        guard !missing.isEmpty else { return false }
        if index.isGlobal {
            throw .invalidParameter(
                "Global secondary index \(index.name) does not project [\(missing.joined(separator: ", "))]")
        }
        return true
    }

    // MARK: The starting key

    /// Reads `ExclusiveStartKey`: the keys of the table and of the index, nothing else.
    static func startKey(
        _ tree: JSON?, _ table: Table, _ index: SecondaryIndex?, isQuery: Bool
    ) throws(AWSError) -> (item: Item, key: ItemKey, base: ItemKey)? {
        guard let tree else { return nil }
        let item: Item
        do throws(AWSError) {
            item = try Item(tree: tree)
        } catch {
            throw invalidStart(error.message)
        }
        let names = Set(table.key.names + (index?.key.names ?? []))
        guard item.count == names.count, names.allSatisfy({ item[$0] != nil }) else {
            throw isQuery || index != nil
                ? .validation("The provided starting key is invalid") : invalidStart(AWSError.keyMismatch.message)
        }
        do throws(AWSError) {
            let base = try table.key.key(parameter: table.key.keyItem(of: item))
            guard let index else { return (item, base, base) }
            return (item, try index.key.key(parameter: index.key.keyItem(of: item)), base)
        } catch {
            throw invalidStart(error.message)
        }
    }

    static func invalidStart(_ reason: String) -> AWSError {
        .validation("The provided starting key is invalid: \(reason)")
    }

    /// The filter: an expression or one of the legacy parameters.
    static func filter(
        _ expression: Condition?, _ legacy: JSON?, _ conditionalOperator: String?, _ parameter: String
    ) throws(AWSError) -> (condition: Condition, isLegacy: Bool)? {
        if let expression { return (expression, false) }
        let conditions = try LegacyCondition.read(legacy)
        try ItemWrite.checkOperator(conditionalOperator, count: conditions.count, isGiven: legacy != nil, parameter)
        return LegacyCondition.joined(conditions, by: conditionalOperator).map { ($0, true) }
    }
}
