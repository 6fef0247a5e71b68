import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import JSONata
import StatesLanguage

/// Finds the items of a map run and makes the inputs of its children.
struct MapRunReading {
    let run: MapRunRecord
    let engine: Engine
    let host: Host

    init(_ run: MapRunRecord, _ engine: Engine, _ host: Host) {
        self.run = run
        self.engine = engine
        self.host = host
    }

    func read() async throws -> Bool {
        let children: [(items: Int, input: String)]
        do {
            children = try await inputs()
        } catch let error as StatesError {
            try await engine.mapRuns.move(
                run, to: .stopping, outcome: TaskOutcome.failed(error).tree.text(), host)
            return true
        }
        let run = run
        try await host.store.write { tx in
            guard try MapRunRecord.find(run.id, tx.db)?.phase == .reading else { return }
            for (item, child) in children.enumerated() {
                try tx.execute(
                    "INSERT INTO sfn_map_item (run, item, status, items, input) VALUES (?, ?, 'PENDING', ?, ?)", run.id,
                    item, child.items, child.input)
            }
            let total = children.reduce(0) { $0 + $1.items }
            try MapRunCounts.add(run.id, "PENDING", children.count, total, tx)
            try tx.execute(
                "UPDATE sfn_map_run SET phase = ? WHERE id = ?", MapRunPhase.running.rawValue, run.id)
        }
        return true
    }

    private func inputs() async throws -> [(items: Int, input: String)] {
        let (revision, seed) = try host.store.read { db in
            let row = try db.row("SELECT seed FROM sfn_map_run WHERE id = ?", run.id)
            return (try engine.machines.revision(run.revision, db), try JSON.parse(row?["seed"] as String? ?? "{}"))
        }
        guard let fields = revision.definition.graph.map(named: run.state) else { return [] }
        let scope = MapRunScope(seed, host)
        let items: [JSON]
        let source: String
        if let reader = fields.itemReader {
            (items, source) = try await read(reader, scope)
        } else if let object = seed["items"]?.object {
            (items, source) = (object.map { ["Key": .string($0.key), "Value": $0.value] }, "STATE_DATA")
        } else {
            (items, source) = (seed["items"]?.array ?? [], "STATE_DATA")
        }
        let selected = try select(items, fields, scope, source)
        guard let batcher = fields.itemBatcher else { return selected.map { (1, $0.text()) } }
        return try batches(selected, batcher, scope)
    }

    private func select(
        _ items: [JSON], _ fields: MapFields, _ scope: Scope, _ source: String
    ) throws(StatesError) -> [JSON] {
        guard let selector = fields.itemSelector else { return items }
        var selected: [JSON] = []
        selected.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            var scope = scope
            scope.context["Map"] = [
                "Item": ["Index": .number(index), "Value": item, "Source": .string(source)]
            ]
            selected.append(try selector.evaluate(scope))
        }
        return selected
    }

    private func read(_ reader: ItemReader, _ scope: Scope) async throws -> ([JSON], String) {
        throw StatesError("States.ItemReaderFailed", "not yet")
    }

    private func batches(
        _ items: [JSON], _ batcher: ItemBatcher, _ scope: Scope
    ) throws(StatesError) -> [(items: Int, input: String)] {
        []
    }
}

/// What templates of the Map state see.
func MapRunScope(_ seed: JSON, _ host: Host) -> Scope {
    let random = host.random
    return Scope(
        input: seed["input"] ?? .null, context: seed["context"] ?? [:],
        variables: Dictionary((seed["variables"]?.object?.members ?? []).map { ($0.key, $0.value) }) { $1 },
        environment: Environment(
            nowMs: host.clock.nowMs, random: { random.double() }, uuid: { random.uuid() }))
}
