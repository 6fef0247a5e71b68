import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// Up to 100 items of one or several tables, 16 MB at most; keys beyond that come back as unprocessed.
/// Errors: ResourceNotFoundException, ValidationException. Source: API reference, BatchGetItem.
enum BatchGetItem: ReadOperation {
    struct Input: Decodable, Sendable {
        let requestItems: [String: KeysAndAttributes]
        let returnConsumedCapacity: String?
    }

    struct KeysAndAttributes: Decodable, Sendable {
        let keys: [JSON]
        let attributesToGet: [String]?
        let consistentRead: Bool?
        let projectionExpression: String?
        let expressionAttributeNames: JSON?
    }

    struct Output: Encodable {
        var responses: JSON
        var unprocessedKeys: JSON
        var consumedCapacity: [JSON]?
    }

    /// The checked request for one table.
    private struct Part {
        let reference: String
        let table: Table
        let keys: [(tree: JSON, key: ItemKey)]
        let projection: Projection?
        let request: KeysAndAttributes
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        if input.requestItems.isEmpty {
            throw .validation("The requestItems parameter is required for BatchGetItem")
        }
        if input.requestItems.values.reduce(0, { $0 + $1.keys.count }) > Limits.batchGetKeys {
            throw .validation("Too many items requested for the BatchGetItem call")
        }
        var parts: [Part] = []
        for (reference, request) in input.requestItems.sorted(by: { $0.key < $1.key }) {
            parts.append(try part(reference, request, context))
        }
        let checked = parts
        let detail = ConsumedCapacity.Detail(input.returnConsumedCapacity)
        return try context.read { db in
            var output = Output(responses: [:], unprocessedKeys: [:], consumedCapacity: detail == .none ? nil : [])
            var bytes = 0
            for part in checked {
                var items: [JSON] = []
                var left: [JSON] = []
                var capacity = ConsumedCapacity()
                for (tree, key) in part.keys {
                    if bytes >= Limits.batchGetBytes {
                        left.append(tree)
                        continue
                    }
                    let stored = try ItemRows.find(db, part.table, key)
                    capacity.table += ConsumedCapacity.readUnits(
                        stored?.byteCount ?? 0, isConsistent: part.request.consistentRead ?? false)
                    guard let stored else { continue }
                    bytes += stored.byteCount
                    items.append(ItemRead.shown(stored, part.projection))
                }
                output.responses[part.reference] = .array(items)
                if !left.isEmpty { output.unprocessedKeys[part.reference] = unprocessed(left, part.request) }
                if let shown = capacity.shown(part.table.name, detail) { output.consumedCapacity?.append(shown) }
            }
            return output
        }
    }

    private static func part(
        _ reference: String, _ request: KeysAndAttributes, _ context: Context
    ) throws(AWSError) -> Part {
        let projection = try ItemRead.projection(
            request.projectionExpression, request.expressionAttributeNames, request.attributesToGet)
        var items: [Item] = []
        for tree in request.keys { items.append(try Item(tree: tree)) }
        let table = try TableReference.table(reference, context)
        var keys: [(tree: JSON, key: ItemKey)] = []
        var seen: Set<ItemKey> = []
        for (tree, item) in zip(request.keys, items) {
            let key = try table.key.key(parameter: item)
            guard seen.insert(key).inserted else {
                throw .validation("Provided list of item keys contains duplicates")
            }
            keys.append((tree, key))
        }
        if let projection { try ItemWrite.checkPaths(projection.paths, table) }
        return Part(reference: reference, table: table, keys: keys, projection: projection, request: request)
    }

    private static func unprocessed(_ keys: [JSON], _ request: KeysAndAttributes) -> JSON {
        var result: JSON = ["Keys": .array(keys)]
        result["AttributesToGet"] = request.attributesToGet.map { .array($0.map { .string($0) }) }
        result["ConsistentRead"] = request.consistentRead.map { .bool($0) }
        result["ProjectionExpression"] = request.projectionExpression.map { .string($0) }
        result["ExpressionAttributeNames"] = request.expressionAttributeNames
        return result
    }
}
