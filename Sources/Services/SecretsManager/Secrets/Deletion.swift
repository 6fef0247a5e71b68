import BatonCore
import BatonStore
import JSON

/// The end of a secret's recovery window as a due row.
enum Deletion {
    static let kind = "secretsmanager.deletion"

    static func schedule(_ secret: Secret, atMs: Int64, _ transaction: Transaction) throws {
        try transaction.cancelDue(kind: kind, key: secret.key)
        try transaction.schedule(
            kind, atMs: atMs, account: secret.account, region: secret.region, key: secret.key, payload: secret.name)
    }

    /// A secret that was restored and marked again has a row of its own.
    static func handle(_ row: DueRow, _ context: Context) -> DueOutcome {
        .commit { transaction in
            let secret = try Secret.find(
                named: row.payload, account: row.account, region: row.region, transaction.db)
            guard let secret, let deletionMs = secret.deletionMs, deletionMs <= transaction.nowMs else { return }
            try secret.remove(transaction)
        }
    }
}
