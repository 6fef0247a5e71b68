import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import JSONata
import StatesLanguage

/// Puts the results of a map run together: as the output of its state, or as files in S3.
struct MapRunWriting {
    let run: MapRunRecord
    let engine: Engine
    let host: Host

    init(_ run: MapRunRecord, _ engine: Engine, _ host: Host) {
        self.run = run
        self.engine = engine
        self.host = host
    }

    func write() async throws -> Bool {
        let outcome: TaskOutcome
        do {
            outcome = .succeeded(try await output())
        } catch let error as StatesError {
            outcome = .failed(error)
        }
        let status = if case .succeeded = outcome { "SUCCEEDED" } else { "FAILED" }
        try await engine.mapRuns.finish(run, status, to: .telling, outcome: outcome.tree.text(), host)
        return true
    }

    private func output() async throws -> JSON {
        let (writer, seed) = try host.store.read { db in
            let row = try db.row("SELECT seed FROM sfn_map_run WHERE id = ?", run.id)
            let revision = try engine.machines.revision(run.revision, db)
            return (
                revision.definition.graph.map(named: run.state)?.resultWriter,
                try JSON.parse(row?["seed"] as String? ?? "{}")
            )
        }
        let scope = Scope(mapRun: seed, host)
        let configuration = try writer?.configuration?.evaluate(scope)
        let isExported = writer?.resource != nil
        let format = ResultFormat(configuration, isExported: isExported)
        guard let writer, isExported else {
            return format.output(try results().filter { $0.status == .succeeded })
        }
        return try await export(try results(), format, try writer.arguments?.evaluate(scope) ?? [:])
    }

    private func export(_ results: [ChildResult], _ format: ResultFormat, _ arguments: JSON) async throws -> JSON {
        let bucket = arguments["Bucket"]?.string ?? ""
        var prefix = arguments["Prefix"]?.string ?? ""
        if !prefix.isEmpty, !prefix.hasSuffix("/") { prefix += "/" }
        prefix += (run.arn.split(separator: ":").last.map(String.init) ?? "") + "/"
        let folder = ResultFolder(
            context: host.context(account: run.account, region: run.region), bucket: bucket, prefix: prefix)
        let files = format.files(results)
        for file in files { try await folder.put(file.name, file.content) }
        let manifest = ResultFormat.manifest(files, mapRunArn: run.arn, bucket: bucket, prefix: prefix)
        try await folder.put("manifest.json", manifest.serialized())
        return ResultFormat.exported(mapRunArn: run.arn, bucket: bucket, prefix: prefix)
    }

    private func results() throws -> [ChildResult] {
        let run = run
        return try host.store.read { db in
            try db.rows("SELECT * FROM sfn_map_item WHERE run = ? ORDER BY item", run.id).map { row in
                let name = row["name"] as String? ?? ""
                let output = try (row["output"] as String?).map { try JSON.parse($0) }
                return ChildResult(
                    executionArn: Engine.executionArn(run.machineArn, name, run.isExpress ? "express" : "execution"),
                    stateMachineArn: run.machineArn, name: name,
                    status: ChildResult.Status(rawValue: row["status"]) ?? .pending,
                    input: try JSON.parse(row["input"] as String), output: output, error: row["error"],
                    cause: row["cause"], startMs: row["start_ms"] as Int64? ?? 0, stopMs: row["stop_ms"])
            }
        }
    }
}
