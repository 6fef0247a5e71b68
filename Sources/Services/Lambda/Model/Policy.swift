import AWSWire
import BatonStore
import GRDB
import JSON

/// The resource policy of a function, version or alias: the rows of `lambda_permission`.
enum Policy {
    static func qualifier(_ reference: FunctionReference) -> String {
        reference.qualifier ?? FunctionVersion.latest
    }

    static func rows(_ reference: FunctionReference, _ db: Database) throws -> [Row] {
        try db.rows(
            """
            SELECT * FROM lambda_permission WHERE account = ? AND region = ? AND name = ? AND qualifier = ? ORDER BY id
            """, reference.account, reference.region, reference.name, qualifier(reference))
    }

    /// The policy document and the id of its last change; nil without statements.
    static func document(_ rows: [Row]) throws -> (text: String, revision: String)? {
        guard let last = rows.last else { return nil }
        let statements = try rows.map { try JSON.parse($0["statement"] as String) }
        let document: JSON = ["Version": "2012-10-17", "Id": "default", "Statement": .array(statements)]
        return (document.text(), last["revision"])
    }

    /// Errors: PreconditionFailedException when the policy is not at the revision that the caller knows.
    static func check(_ revision: String?, _ reference: FunctionReference, _ transaction: Transaction) throws {
        guard let revision else { return }
        guard try document(rows(reference, transaction.db))?.revision == revision else {
            throw LambdaError.otherRevision()
        }
    }
}
