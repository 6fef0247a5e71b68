import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// Up to 100 items of one or several tables as they are at one moment; items that are not there leave a gap.
/// Errors: ResourceNotFoundException, TransactionCanceledException, ValidationException.
/// Source: API reference, TransactGetItems.
enum TransactGetItems: ReadOperation {
    struct Input: Decodable, Sendable {
        let transactItems: [TransactItem]
        let returnConsumedCapacity: String?
    }

    struct TransactItem: Decodable, Sendable { let get: Get }

    struct Get: Decodable, Sendable {
        let key: JSON
        let tableName: String
        let projectionExpression: String?
        let expressionAttributeNames: JSON?
    }

    struct Response: Encodable, Sendable { let item: JSON? }

    struct Output: Encodable, Sendable {
        var consumedCapacity: [JSON]?
        var responses: [Response] = []
    }

    private struct Target: Hashable {
        let table: Int64
        let key: ItemKey
    }

    /// The bytes that one transaction may read.
    private static let maxBytes = 4 << 20

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        var reads: [(table: Table, key: ItemKey, projection: Projection?)] = []
        var reasons = CancellationReasons()
        var seen: Set<Target> = []
        for get in input.transactItems.map(\.get) {
            let projection = try ItemRead.projection(get.projectionExpression, get.expressionAttributeNames, nil)
            let item = try Item(tree: get.key)
            let table = try TableReference.table(get.tableName, context)
            do throws(AWSError) {
                let key = try table.key.key(parameter: item)
                if let projection { try ItemWrite.checkPaths(projection.paths, table) }
                reads.append((table, key, projection))
                reasons.none()
            } catch {
                guard reasons.add(error) else { throw error }
                continue
            }
            guard let key = reads.last?.key, seen.insert(Target(table: table.id, key: key)).inserted else {
                throw .repeatedItem
            }
        }
        guard reasons.isEmpty else { throw reasons.error }
        let plan = reads
        let detail = ConsumedCapacity.Detail(input.returnConsumedCapacity)
        return try context.read { db in
            var output = Output()
            var tables: [(name: String, capacity: ConsumedCapacity)] = []
            var bytes = 0
            for (table, key, projection) in plan {
                let stored = try ItemRows.find(db, table, key)
                bytes += stored?.byteCount ?? 0
                output.responses.append(Response(item: stored.map { ItemRead.shown($0, projection) }))
                let units = ConsumedCapacity.readUnits(stored?.byteCount ?? 0, isConsistent: true)
                let capacity = ConsumedCapacity(table: units).doubled
                if let position = tables.firstIndex(where: { $0.name == table.name }) {
                    tables[position].capacity.add(capacity)
                } else {
                    tables.append((table.name, capacity))
                }
            }
            // Assumed: the text.
            if bytes > maxBytes {
                throw AWSError.validation("Transaction request exceeded the maximum allowed size of 4 MB")
            }
            if detail != .none {
                output.consumedCapacity = tables.compactMap {
                    $0.capacity.shown($0.name, detail, kind: "ReadCapacityUnits")
                }
            }
            return output
        }
    }
}
