import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// What an account has beside its entities: aliases, the password policy, identity providers.
struct AccountDocument: Sendable {
    enum Kind: String, Sendable { case alias, passwordPolicy, openIDConnect }

    let id: String
    var body: JSON

    static let migration = Migration(
        name: "iam-2",
        sql: """
            CREATE TABLE iam_document (
                account TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
                PRIMARY KEY (account, kind, id)) STRICT, WITHOUT ROWID;
            """)

    static func all(_ kind: Kind, _ account: String, _ db: Database) throws -> [AccountDocument] {
        try db.rows(
            "SELECT id, body FROM iam_document WHERE account = ? AND kind = ? ORDER BY id", account, kind.rawValue
        ).map { AccountDocument(id: $0["id"], body: try JSON.parse($0["body"] as String)) }
    }

    static func find(_ kind: Kind, _ id: String, _ account: String, _ db: Database) throws -> AccountDocument? {
        try all(kind, account, db).first { $0.id == id }
    }

    func save(_ kind: Kind, _ account: String, _ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO iam_document (account, kind, id, body) VALUES (?, ?, ?, ?)", account, kind.rawValue,
            id, body.text())
    }

    static func remove(_ kind: Kind, _ id: String, _ account: String, _ transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM iam_document WHERE account = ? AND kind = ? AND id = ?", account, kind.rawValue, id) > 0
    }
}
