import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// Up to 100 puts, updates, deletes and condition checks on different items: all of them or none.
///
/// Transactions never conflict here, since one write follows the other.
/// Errors: IdempotentParameterMismatchException, ResourceNotFoundException, TransactionCanceledException,
/// ValidationException. Source: API reference, TransactWriteItems.
enum TransactWriteItems: WriteOperation {
    struct Input: Decodable, Sendable {
        let transactItems: [TransactItem]
        let returnConsumedCapacity: String?
        let returnItemCollectionMetrics: String?
        let clientRequestToken: String?
    }

    struct TransactItem: Codable, Sendable {
        let conditionCheck: TransactionStep.Request?
        let put: TransactionStep.Request?
        let delete: TransactionStep.Request?
        let update: TransactionStep.Request?

        fileprivate var one: (TransactionStep.Kind, TransactionStep.Request)? {
            let all: [(TransactionStep.Kind, TransactionStep.Request?)] = [
                (.check, conditionCheck), (.put, put), (.delete, delete), (.update, update),
            ]
            let given = all.compactMap { kind, request in request.map { (kind, $0) } }
            return given.count == 1 ? given.first : nil
        }
    }

    struct Output: Encodable, Sendable {
        var consumedCapacity: [JSON]?
        var itemCollectionMetrics: JSON?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let showsCollection = input.returnItemCollectionMetrics == "SIZE"
        var steps: [TransactionStep] = []
        for item in input.transactItems {
            guard let (kind, request) = item.one else {
                throw .validation("TransactItems can only contain one of Check, Put, Update or Delete")
            }
            steps.append(try TransactionStep(kind, request, context, showsCollection: showsCollection))
        }
        try TransactionSteps.check(steps)
        let detail = ConsumedCapacity.Detail(input.returnConsumedCapacity)
        let use = try input.clientRequestToken.map { (token) throws(AWSError) in
            guard let content = try? JSON(encoding: input.transactItems) else {
                throw .validation("The transaction cannot be read")
            }
            return TransactionTokens.Use(token, content, account: context.account, region: context.region)
        }
        let plan = steps
        return { transaction in
            let isFirst = try use.map { try TransactionTokens.isFirst($0, transaction) } ?? true
            return try TransactionSteps.perform(plan, transaction, detail, isFirst: isFirst)
        }
    }
}

/// What the steps of a transaction come to together.
enum TransactionSteps {
    /// Bytes of the items of one transaction.
    private static let maxBytes = 4 << 20

    private struct Target: Hashable {
        let table: Int64
        let key: ItemKey
    }

    static func check(_ steps: [TransactionStep]) throws(AWSError) {
        var seen: Set<Target> = []
        for step in steps {
            guard case .success(let plan) = step.plan else { continue }
            guard seen.insert(Target(table: step.table.id, key: plan.write.key)).inserted else { throw .repeatedItem }
        }
        // Assumed: the text.
        if steps.reduce(0, { $0 + $1.byteCount }) > maxBytes {
            throw .validation("Transaction request exceeded the maximum allowed size of 4 MB")
        }
    }

    /// - Parameter isFirst: false for a transaction that was carried out before: nothing changes, and what is reported
    ///   is what reading the items costs.
    static func perform(
        _ steps: [TransactionStep], _ transaction: Transaction, _ detail: ConsumedCapacity.Detail, isFirst: Bool
    ) throws -> TransactWriteItems.Output {
        var reasons = CancellationReasons()
        var tables: [(name: String, capacity: ConsumedCapacity, collections: [JSON])] = []
        for step in steps {
            do {
                let plan = try step.plan.get()
                var capacity: ConsumedCapacity
                var shown: Item?
                if isFirst {
                    let (change, table) = try plan.write.carryOut(transaction, plan.change)
                    capacity = ConsumedCapacity(change, table).doubled
                    shown = change.new ?? change.old
                } else {
                    let stored = try ItemRows.find(transaction.db, step.table, plan.write.key)
                    let units = ConsumedCapacity.readUnits(stored?.byteCount ?? 0, isConsistent: true)
                    capacity = ConsumedCapacity(table: units).doubled
                }
                reasons.none()
                let collection = shown.flatMap(plan.write.metrics(of:)).map { [$0] } ?? []
                if let position = tables.firstIndex(where: { $0.name == step.table.name }) {
                    tables[position].capacity.add(capacity)
                    tables[position].collections += collection
                } else {
                    tables.append((step.table.name, capacity, collection))
                }
            } catch let error as AWSError {
                guard reasons.add(error) else { throw error }
            }
        }
        guard reasons.isEmpty else { throw reasons.error }
        let kind = isFirst ? "WriteCapacityUnits" : "ReadCapacityUnits"
        let collections = tables.filter { !$0.collections.isEmpty }
        return TransactWriteItems.Output(
            consumedCapacity: detail == .none
                ? nil : tables.compactMap { $0.capacity.shown($0.name, detail, kind: kind) },
            itemCollectionMetrics: collections.isEmpty
                ? nil : .object(JSON.Object(collections.map { ($0.name, .array($0.collections)) })))
    }
}
