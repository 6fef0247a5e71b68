import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import GRDB
import JSON

/// Up to 25 puts and deletes in one or several tables. Here they are one transaction, so that nothing is ever left
/// unprocessed.
/// Errors: ResourceNotFoundException, ValidationException. Source: API reference, BatchWriteItem.
enum BatchWriteItem: WriteOperation {
    struct Input: Decodable, Sendable {
        let requestItems: [String: [WriteRequest]]
        let returnConsumedCapacity: String?
        let returnItemCollectionMetrics: String?
    }

    struct WriteRequest: Decodable, Sendable {
        struct Put: Decodable, Sendable { let item: JSON }
        struct Delete: Decodable, Sendable { let key: JSON }
        let putRequest: Put?
        let deleteRequest: Delete?
    }

    struct Output: Encodable, Sendable {
        var unprocessedItems: JSON = [:]
        var itemCollectionMetrics: JSON?
        var consumedCapacity: [JSON]?
    }

    private struct Step: Sendable {
        let write: ItemWrite
        /// nil deletes.
        let item: Item?
        let stored: StoredItem?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        if input.requestItems.isEmpty {
            throw .validation("The requestItems parameter is required for BatchWriteItem")
        }
        if input.requestItems.values.reduce(0, { $0 + $1.count }) > Limits.batchWriteRequests {
            throw .validation("Too many items requested for the BatchWriteItem call")
        }
        let detail = ConsumedCapacity.Detail(input.returnConsumedCapacity)
        let showsCollection = input.returnItemCollectionMetrics == "SIZE"
        var tables: [(table: Table, steps: [Step])] = []
        for (reference, requests) in input.requestItems.sorted(by: { $0.key < $1.key }) {
            let contents = try contents(of: requests)
            let table = try TableReference.table(reference, context)
            tables.append((table, try steps(contents, table, detail, showsCollection)))
        }
        let plan = tables
        return { transaction in try perform(plan, transaction, detail) }
    }

    private static func contents(of requests: [WriteRequest]) throws(AWSError) -> [(put: Item?, delete: Item?)] {
        var contents: [(put: Item?, delete: Item?)] = []
        for request in requests {
            switch (request.putRequest, request.deleteRequest) {
            case (let put?, nil): contents.append((try Item(tree: put.item), nil))
            case (nil, let delete?): contents.append((nil, try Item(tree: delete.key)))
            default:
                throw .validation(
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
                        + "datatypes")
            }
        }
        return contents
    }

    private static func steps(
        _ contents: [(put: Item?, delete: Item?)], _ table: Table, _ detail: ConsumedCapacity.Detail,
        _ showsCollection: Bool
    ) throws(AWSError) -> [Step] {
        var steps: [Step] = []
        var seen: Set<ItemKey> = []
        for (put, delete) in contents {
            let key: ItemKey
            if let put { key = try check(put, table) } else { key = try table.key.key(parameter: delete ?? Item()) }
            guard seen.insert(key).inserted else {
                throw .validation("Provided list of item keys contains duplicates")
            }
            let write = ItemWrite(table: table, key: key, detail: detail, showsCollection: showsCollection)
            steps.append(Step(write: write, item: put, stored: put.map(StoredItem.init)))
        }
        return steps
    }

    /// A batch names a wrong key attribute less exactly than PutItem does.
    private static func check(_ item: Item, _ table: Table) throws(AWSError) -> ItemKey {
        for attribute in table.key.attributes {
            guard let value = item[attribute.name], value.type == attribute.type else { throw .keyMismatch }
        }
        return try PutItem.check(item, table)
    }

    private static func perform(
        _ tables: [(table: Table, steps: [Step])], _ transaction: Transaction, _ detail: ConsumedCapacity.Detail
    ) throws -> Output {
        var output = Output(consumedCapacity: detail == .none ? nil : [])
        var metrics = JSON.Object()
        for (table, steps) in tables {
            let current = try ItemRows.current(transaction, table)
            var capacity = ConsumedCapacity()
            var collections: [JSON] = []
            for step in steps {
                if !step.write.needsOld, let stored = step.stored,
                    try ItemRows.replace(transaction, table, step.write.key, stored)
                {
                    continue
                }
                let old = try ItemRows.find(transaction.db, current, step.write.key)?.item
                let change = ItemChange(key: step.write.key, old: old, new: step.item)
                try ItemRows.apply(transaction, current, change)
                capacity.add(ConsumedCapacity(change, current))
                if let item = step.item ?? old, let shown = step.write.metrics(of: item) { collections.append(shown) }
            }
            if !collections.isEmpty { metrics[table.name] = .array(collections) }
            if let shown = capacity.shown(table.name, detail) { output.consumedCapacity?.append(shown) }
        }
        if !metrics.isEmpty { output.itemCollectionMetrics = .object(metrics) }
        return output
    }
}
