import DynamoDBExpressions
import JSON

/// Capacity units that a request used and how much of them its answer shows.
/// Source: "DynamoDB read and write operations", Developer Guide; arms of indexes as measured on AWS.
struct ConsumedCapacity: Sendable {
    enum Detail: Sendable {
        case none, total, indexes

        /// - Parameter parameter: `ReturnConsumedCapacity`
        init(_ parameter: String?) {
            switch parameter {
            case "TOTAL": self = .total
            case "INDEXES": self = .indexes
            default: self = .none
            }
        }
    }

    var table = 0.0
    var local: [(name: String, units: Double)] = []
    var global: [(name: String, units: Double)] = []

    /// One unit for each 4 KB begun, half of it for an eventually consistent read, and at least that.
    static func readUnits(_ bytes: Int, isConsistent: Bool) -> Double {
        Double(max(1, (bytes + 4095) / 4096)) * (isConsistent ? 1 : 0.5)
    }

    /// One unit for each 1 KB begun, at least one.
    static func writeUnits(_ bytes: Int) -> Double { Double(max(1, (bytes + 1023) / 1024)) }

    init() {}

    init(table: Double) { self.table = table }

    /// What a write costs: the larger of old and new item, and what it changes in the indexes.
    init(_ change: ItemChange, _ schema: Table) {
        table = Self.writeUnits(max(change.old?.byteCount ?? 0, change.new?.byteCount ?? 0))
        for index in schema.indexes { add(Self.indexUnits(change, index), index) }
    }

    mutating func add(_ units: Double, _ index: SecondaryIndex) {
        guard units > 0 else { return }
        if index.isGlobal { Self.add(units, index.name, &global) } else { Self.add(units, index.name, &local) }
    }

    private static func add(_ units: Double, _ name: String, _ arms: inout [(name: String, units: Double)]) {
        if let position = arms.firstIndex(where: { $0.name == name }) {
            arms[position].units += units
        } else {
            arms.append((name, units))
        }
    }

    mutating func add(_ other: ConsumedCapacity) {
        table += other.table
        for arm in other.local { Self.add(arm.units, arm.name, &local) }
        for arm in other.global { Self.add(arm.units, arm.name, &global) }
    }

    /// An entry that moves costs its removal and its insertion; one that stays as it was costs nothing.
    private static func indexUnits(_ change: ItemChange, _ index: SecondaryIndex) -> Double {
        let oldKey = change.old.flatMap(index.key.key(of:))
        let newKey = change.new.flatMap(index.key.key(of:))
        let old = oldKey == nil ? nil : change.old.map(index.view(of:))
        let new = newKey == nil ? nil : change.new.map(index.view(of:))
        switch (old, new) {
        case (nil, nil): return 0
        case (let old?, nil): return writeUnits(old.byteCount)
        case (nil, let new?): return writeUnits(new.byteCount)
        case (let old?, let new?):
            if oldKey != newKey { return writeUnits(old.byteCount) + writeUnits(new.byteCount) }
            return old == new ? 0 : writeUnits(max(old.byteCount, new.byteCount))
        }
    }

    var total: Double { (local + global).reduce(table) { $0 + $1.units } }

    /// Transactions cost twice as much: each item is prepared and committed.
    var doubled: ConsumedCapacity {
        var result = self
        result.add(self)
        return result
    }

    /// The member of an answer; nil when the caller did not ask for it.
    /// - Parameter kind: `ReadCapacityUnits` or `WriteCapacityUnits`, where the answer tells them apart (transactions).
    func shown(_ tableName: String, _ detail: Detail, kind: String? = nil) -> JSON? {
        guard detail != .none else { return nil }
        func shown(_ units: Double) -> JSON {
            var tree: JSON = ["CapacityUnits": .number(units)]
            if let kind { tree[kind] = .number(units) }
            return tree
        }
        var result = shown(total)
        result["TableName"] = .string(tableName)
        guard detail == .indexes else { return result }
        func arms(_ list: [(name: String, units: Double)]) -> JSON {
            .object(JSON.Object(list.map { ($0.name, shown($0.units)) }))
        }
        result["Table"] = shown(table)
        if !local.isEmpty { result["LocalSecondaryIndexes"] = arms(local) }
        if !global.isEmpty { result["GlobalSecondaryIndexes"] = arms(global) }
        return result
    }
}
