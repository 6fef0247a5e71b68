import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import StatesLanguage

/// Puts the results of a map run together.
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
        let outputs = try host.store.read { db in
            try db.rows(
                "SELECT output FROM sfn_map_item WHERE run = ? AND status = 'SUCCEEDED' ORDER BY item", run.id)
        }
        let values = try outputs.map { try JSON.parse($0["output"] as String? ?? "null") }
        try await engine.mapRuns.finish(
            run, "SUCCEEDED", to: .telling, outcome: TaskOutcome.succeeded(.array(values)).tree.text(), host)
        return true
    }
}
