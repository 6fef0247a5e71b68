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
        let items: [ItemFiles.Item]
        if let reader = fields.itemReader {
            items = try await read(reader, scope)
        } else {
            let values = seed["items"]?.object.map(ItemFile.pairs) ?? seed["items"]?.array ?? []
            items = values.map { ItemFiles.Item(value: $0, source: "STATE_DATA") }
        }
        let selected = try select(items, fields, scope)
        guard let batcher = fields.itemBatcher else { return selected.map { (1, $0.text()) } }
        return try batcher.batches(selected, scope).map { ($0["Items"]?.array?.count ?? 0, $0.text()) }
    }

    private func select(
        _ items: [ItemFiles.Item], _ fields: MapFields, _ scope: Scope
    ) throws(StatesError) -> [JSON] {
        let values = items.map(\.value)
        guard let selector = fields.itemSelector else { return values }
        return try selector.each(values, scope) { items[$0].source }
    }

    private func read(_ reader: ItemReader, _ scope: Scope) async throws(StatesError) -> [ItemFiles.Item] {
        let arguments = try reader.arguments?.evaluate(scope) ?? [:]
        return try await ItemFiles(context: host.context(account: run.account, region: run.region))
            .items(reader.resource, arguments, try reader.configuration(scope))
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
