import BatonStore
import GRDB
import Synchronization

/// A machine of which executions run is only marked; with the end of the last one it goes.
enum MachineDeletion {
    static let status = "DELETING"

    /// Deletes the machine, or marks it.
    /// - Parameter onlyMarked: leaves one alone that was created under the same name since.
    /// - Returns: whether there is nothing left to delete.
    static func proceed(_ arn: MachineARN, onlyMarked: Bool, _ tx: Transaction) throws -> Bool {
        let row = try tx.row(
            "SELECT id, status FROM sfn_state_machine WHERE account = ? AND region = ? AND name = ?", arn.account,
            arn.region, arn.name)
        guard let row, !onlyMarked || row["status"] as String == status else { return true }
        let machine: Int64 = row["id"]
        let running = try tx.row(
            "SELECT 1 FROM sfn_execution WHERE machine_arn = ? AND status = ? LIMIT 1", arn.unqualified.description,
            ExecutionRecord.running)
        if running != nil {
            try tx.execute("UPDATE sfn_state_machine SET status = ? WHERE id = ?", status, machine)
            return false
        }
        try tx.execute("DELETE FROM sfn_alias WHERE machine = ?", machine)
        try tx.execute("DELETE FROM sfn_version WHERE machine = ?", machine)
        try tx.execute("DELETE FROM sfn_state_machine WHERE id = ?", machine)
        return true
    }
}

/// The machines that wait for the end of their executions, so that the end of any other execution asks nobody.
final class MachineDeletions: Sendable {
    private let waiting = Mutex<Set<String>>([])

    func add(_ arn: String) { _ = waiting.withLock { $0.insert(arn) } }

    /// What was being deleted when Baton ended.
    func load(_ store: Store) async throws {
        let arns = try store.read { db in
            try db.rows("SELECT * FROM sfn_state_machine WHERE status = ?", MachineDeletion.status).map { row in
                MachineARN(region: row["region"], account: row["account"], name: row["name"]).description
            }
        }
        for arn in arns {
            add(arn)
            try await proceed(arn, store)
        }
    }

    /// An execution of that machine has ended.
    func proceed(_ arn: String, _ store: Store) async throws {
        guard waiting.withLock({ $0.contains(arn) }), let machine = try? MachineARN(arn) else { return }
        if try await store.write({ tx in try MachineDeletion.proceed(machine, onlyMarked: true, tx) }) {
            _ = waiting.withLock { $0.remove(arn) }
        }
    }

    func isWaiting(_ arn: String) -> Bool { waiting.withLock { $0.contains(arn) } }
}
