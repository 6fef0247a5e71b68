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
        let scope = Scope(mapRun: seed, host)
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
        return try batcher.batches(selected, scope).map { ($0.items, $0.input.text()) }
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

    // MARK: Files

    private func read(_ reader: ItemReader, _ scope: Scope) async throws -> ([JSON], String) {
        let configuration = try ReaderConfiguration(reader, scope)
        let arguments = try reader.arguments?.evaluate(scope) ?? [:]
        let files = ItemFiles(context: host.context(account: run.account, region: run.region))
        let bucket = arguments["Bucket"]?.string ?? ""
        guard reader.resource.hasSuffix("listObjectsV2") else {
            let source = "s3://\(bucket)/\(arguments["Key"]?.string ?? "")"
            return (try await content(of: try await files.object(arguments), configuration, files), source)
        }
        let source = "s3://\(bucket)/\(arguments["Prefix"]?.string ?? "")"
        let limit = configuration.flattens ? nil : configuration.maxItems
        let listed = try await files.listing(arguments, limit: limit)
        guard configuration.flattens else { return (listed, source) }
        var items: [JSON] = []
        for object in listed where items.count < configuration.maxItems ?? .max {
            let bytes = try await files.object(["Bucket": .string(bucket), "Key": object["Key"] ?? .null])
            items += try ItemFile.items(bytes, configuration)
        }
        return (Array(items.prefix(configuration.maxItems ?? .max)), source)
    }

    private func content(
        of bytes: [UInt8], _ configuration: ReaderConfiguration, _ files: ItemFiles
    ) async throws -> [JSON] {
        guard configuration.inputType == .manifest || configuration.manifestType != nil else {
            return try ItemFile.items(bytes, configuration)
        }
        let manifest = try Manifest(bytes, type: configuration.manifestType)
        let inner = manifest.configuration(configuration)
        var items: [JSON] = []
        for file in manifest.files where items.count < configuration.maxItems ?? .max {
            let bytes = try await files.object(["Bucket": .string(file.bucket), "Key": .string(file.key)])
            guard !manifest.isCompressed else {
                throw StatesError("States.ItemReaderFailed", "Compressed inventories are not supported.")
            }
            items += try ItemFile.items(bytes, inner)
        }
        return Array(items.prefix(configuration.maxItems ?? .max))
    }
}

/// What templates of the Map state see.
extension Scope {
    init(mapRun seed: JSON, _ host: Host) {
        let random = host.random
        self.init(
        input: seed["input"] ?? .null, context: seed["context"] ?? [:],
        variables: Dictionary((seed["variables"]?.object?.members ?? []).map { ($0.key, $0.value) }) { $1 },
        environment: Environment(
            nowMs: host.clock.nowMs, random: { random.double() }, uuid: { random.uuid() }))
    }
}
