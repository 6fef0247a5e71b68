import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import Logging
import StatesLanguage

/// Puts the results of a map run together.
struct MapRunWriting {
    let run: MapRunRecord
    let engine: Engine
    let host: Host

    func write() async throws -> Bool {
        let outcome: TaskOutcome
        do {
            outcome = .succeeded(try await output())
        } catch let error as StatesError {
            outcome = .failed(error)
        }
        var status = "SUCCEEDED"
        if case .failed = outcome { status = "FAILED" }
        try await engine.mapRuns.finish(run, status, to: .telling, outcome: outcome.tree.text(), host)
        return true
    }

    /// What the state puts out: the results, or where they are in S3.
    private func output() async throws -> JSON {
        let (writer, scope) = try context()
        let isExported = writer?.resource != nil
        let format = ResultFormat(try writer?.configuration?.evaluate(scope), isExported: isExported)
        guard isExported else { return format.output(try results(where: "AND status = 'SUCCEEDED'")) }
        return try await export(writer, scope, format)
    }

    /// Of a map run that has failed: what its children have left goes where results go.
    func exportFailed() async {
        do {
            let (writer, scope) = try context()
            guard writer?.resource != nil else { return }
            _ = try await export(
                writer, scope, ResultFormat(try writer?.configuration?.evaluate(scope), isExported: true))
        } catch {
            host.logger.warning("results of a map run were not written", metadata: ["error": "\(error)"])
        }
    }

    private func export(_ writer: ResultWriter?, _ scope: Scope, _ format: ResultFormat) async throws -> JSON {
        try await ResultFolder(
            context: host.context(account: run.account, region: run.region), mapRunArn: run.arn,
            arguments: try writer?.arguments?.evaluate(scope) ?? [:]
        ).write(try results(where: ""), format)
    }

    private func context() throws -> (ResultWriter?, Scope) {
        let (revision, seed) = try host.store.read { db in
            let row = try db.row("SELECT seed FROM sfn_map_run WHERE id = ?", run.id)
            return (try engine.machines.revision(run.revision, db), try JSON.parse(row?["seed"] as String? ?? "{}"))
        }
        return (revision.definition.graph.map(named: run.state)?.resultWriter, MapRunScope(seed, host))
    }

    private func results(where condition: String) throws -> [ChildResult] {
        try host.store.read { db in
            try db.rows(
                """
                SELECT status, name, input, output, error, cause, start_ms, stop_ms FROM sfn_map_item
                WHERE run = ? \(condition) ORDER BY item
                """, run.id
            ).map { row in
                let name = row["name"] as String? ?? ""
                return ChildResult(
                    executionArn: Engine.executionArn(run.machineArn, name, run.isExpress ? "express" : "execution"),
                    stateMachineArn: run.machineArn, name: name,
                    status: ChildResult.Status(rawValue: row["status"]) ?? .pending,
                    input: try JSON.parse(row["input"] as String),
                    output: try (row["output"] as String?).map { try JSON.parse($0) }, error: row["error"],
                    cause: row["cause"], startMs: row["start_ms"] as Int64? ?? run.startMs, stopMs: row["stop_ms"])
            }
        }
    }
}
