import BatonCore
import BatonStore
import JSON

/// The start of a secret's next rotation window as a due row. Windows that passed while Baton did not run are made up
/// for once.
enum RotationTimer {
    static let kind = "secretsmanager.rotation"

    static func handle(_ row: DueRow, _ context: Context) throws -> DueOutcome {
        let token = context.random.uuid()
        return .commit { transaction in
            let found = try Secret.find(named: row.payload, account: row.account, region: row.region, transaction.db)
            guard var secret = found, secret.deletionMs == nil, var rotation = secret.rotation, rotation.isEnabled
            else { return }
            try rotation.arm(secret, after: max(row.atMs, transaction.nowMs), transaction)
            secret.rotation = rotation
            try secret.save(transaction)
            try RotationStep.begin(&secret, token: token, context, transaction)
        }
    }
}
