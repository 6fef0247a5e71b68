import BatonStore
import GRDB

/// What belongs to what: policies to those they are attached to, users to groups, roles to instance profiles.
enum Link: String {
    /// From `role:key` (or user, group) to the ARN of a policy.
    case attachment
    /// From a group to a user.
    case membership
    /// From an instance profile to a role.
    case profile

    /// Answers false when it was there already.
    @discardableResult
    func add(_ account: String, _ holder: String, _ target: String, _ transaction: Transaction) throws -> Bool {
        try transaction.execute(
            """
            INSERT OR IGNORE INTO iam_link (account, relation, holder, target, number)
            VALUES (?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM iam_link))
            """, account, rawValue, holder, target) == 1
    }

    /// Answers false when it was not there.
    @discardableResult
    func remove(_ account: String, _ holder: String, _ target: String, _ transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM iam_link WHERE account = ? AND relation = ? AND holder = ? AND target = ?", account,
            rawValue, holder, target) == 1
    }

    func targets(of holder: String, _ account: String, _ db: Database) throws -> [String] {
        try db.rows(
            "SELECT target FROM iam_link WHERE account = ? AND relation = ? AND holder = ? ORDER BY number", account,
            rawValue, holder
        ).map { $0["target"] }
    }

    func holders(of target: String, _ account: String, _ db: Database) throws -> [String] {
        try db.rows(
            "SELECT holder FROM iam_link WHERE account = ? AND relation = ? AND target = ? ORDER BY number", account,
            rawValue, target
        ).map { $0["holder"] }
    }

    /// Everything that anybody holds.
    func allTargets(_ account: String, _ db: Database) throws -> [String] {
        try db.rows(
            "SELECT DISTINCT target FROM iam_link WHERE account = ? AND relation = ? ORDER BY target", account,
            rawValue
        ).map { $0["target"] }
    }
}
