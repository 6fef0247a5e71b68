import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// What is kept beside a function, one of its versions or aliases: one row of `lambda_attachment`.
struct Attachment<Settings: Codable & Sendable>: Sendable {
    let name: String
    let qualifier: String?
    let settings: Settings
    let createdMs: Int64
    let modifiedMs: Int64

    private init(_ row: Row) throws {
        name = row["name"]
        let qualifier: String = row["qualifier"]
        self.qualifier = qualifier.isEmpty ? nil : qualifier
        settings = try JSON.parse(row["settings"] as String).decoded()
        createdMs = row["created_ms"]
        modifiedMs = row["modified_ms"]
    }

    /// - Parameter kind: what the row is about, for example `url`.
    static func find(_ kind: String, _ reference: FunctionReference, _ db: Database) throws -> Attachment? {
        try db.row(
            """
            SELECT * FROM lambda_attachment
            WHERE account = ? AND region = ? AND name = ? AND kind = ? AND qualifier = ?
            """, reference.account, reference.region, reference.name, kind, reference.qualifier ?? ""
        ).map(Attachment.init)
    }

    static func all(_ kind: String, _ reference: FunctionReference, _ db: Database) throws -> [Attachment] {
        try db.rows(
            """
            SELECT * FROM lambda_attachment WHERE account = ? AND region = ? AND name = ? AND kind = ? ORDER BY qualifier
            """, reference.account, reference.region, reference.name, kind
        ).map(Attachment.init)
    }

    @discardableResult
    static func store(
        _ kind: String, _ reference: FunctionReference, _ settings: Settings, _ transaction: Transaction
    ) throws -> Attachment {
        try transaction.execute(
            """
            INSERT INTO lambda_attachment (account, region, name, kind, qualifier, settings, created_ms, modified_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
            ON CONFLICT DO UPDATE SET settings = excluded.settings, modified_ms = excluded.modified_ms
            """, reference.account, reference.region, reference.name, kind, reference.qualifier ?? "",
            try JSON(encoding: settings).text(), transaction.nowMs)
        guard let stored = try find(kind, reference, transaction.db) else {
            throw LambdaError.service("The row that was just stored is not there.")
        }
        return stored
    }

    /// - Returns: false when there was none.
    static func remove(_ kind: String, _ reference: FunctionReference, _ transaction: Transaction) throws -> Bool {
        try transaction.execute(
            """
            DELETE FROM lambda_attachment
            WHERE account = ? AND region = ? AND name = ? AND kind = ? AND qualifier = ?
            """, reference.account, reference.region, reference.name, kind, reference.qualifier ?? "") == 1
    }
}
