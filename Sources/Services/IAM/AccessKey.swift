import AWSWire
import BatonStore
import GRDB
import JSON

/// A user's key. Limit: 2 for each user.
struct AccessKey: Sendable {
    static let limit = 2

    let id: String
    let account: String
    let userKey: String
    let secret: String
    let status: String
    let createdMs: Int64

    init(id: String, account: String, userKey: String, secret: String, createdMs: Int64) {
        self.id = id
        self.account = account
        self.userKey = userKey
        self.secret = secret
        status = "Active"
        self.createdMs = createdMs
    }

    init(_ row: Row) {
        id = row["id"]
        account = row["account"]
        userKey = row["user_key"]
        secret = row["secret"]
        status = row["status"]
        createdMs = row["created_ms"]
    }

    static func all(of user: Entity, _ db: Database) throws -> [AccessKey] {
        try db.rows(
            "SELECT * FROM iam_access_key WHERE account = ? AND user_key = ? ORDER BY created_ms, id", user.account,
            user.key
        ).map(AccessKey.init)
    }

    /// - Throws: NoSuchEntity.
    static func existing(_ id: String, of user: Entity, _ db: Database) throws -> AccessKey {
        guard let found = try all(of: user, db).first(where: { $0.id == id }) else {
            throw IAMError.notFound("The Access Key with id \(id) cannot be found.")
        }
        return found
    }

    func insert(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT INTO iam_access_key (id, account, user_key, secret, status, created_ms) VALUES (?, ?, ?, ?, ?, ?)",
            id, account, userKey, secret, status, createdMs)
    }

    func listed(_ userName: String) -> JSON {
        [
            "UserName": .string(userName), "AccessKeyId": .string(id), "Status": .string(status),
            "CreateDate": .number(Int(createdMs / 1000)),
        ]
    }
}
