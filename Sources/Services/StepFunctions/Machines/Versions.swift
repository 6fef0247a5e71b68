import AWSWire
import BatonStore
import GRDB

/// Publishing: a version is a number for a revision, never given twice.
enum Versions {
    /// Versions of one machine that may exist at once.
    static let limit = 1000

    /// Publishes a revision; one that is the newest version already is not published again.
    /// - Returns: its number and when it was created.
    static func publish(
        machine: Int64, revision: Int64, description: String?, _ tx: Transaction
    ) throws -> (number: Int, createdMs: Int64) {
        let newest = try tx.row(
            "SELECT * FROM sfn_version WHERE machine = ? ORDER BY number DESC LIMIT 1", machine)
        if let newest, newest["revision"] as Int64 == revision {
            guard description == nil || description == newest["description"] as String else {
                throw StepFunctionsError.otherVersionDescription
            }
            return (newest["number"], newest["created_ms"])
        }
        let count: Int = try tx.row("SELECT count(*) AS n FROM sfn_version WHERE machine = ?", machine)?["n"] ?? 0
        guard count < limit else { throw StepFunctionsError.tooMany("versions", limit) }
        try tx.execute("UPDATE sfn_state_machine SET last_version = last_version + 1 WHERE id = ?", machine)
        let number: Int =
            try tx.row("SELECT last_version FROM sfn_state_machine WHERE id = ?", machine)?["last_version"] ?? 1
        try tx.execute(
            "INSERT INTO sfn_version (machine, number, revision, description, created_ms) VALUES (?, ?, ?, ?, ?)",
            machine, number, revision, description ?? "", tx.nowMs)
        return (number, tx.nowMs)
    }
}
