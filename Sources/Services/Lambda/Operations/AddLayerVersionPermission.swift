import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Adds a statement to the policy of a layer version. Policies are kept and shown, not enforced.
/// Errors: ResourceNotFoundException, ResourceConflictException, PreconditionFailedException.
/// Source: Lambda API reference, AddLayerVersionPermission.
enum AddLayerVersionPermission: Operation {
    struct Input: Decodable, Sendable {
        let layerName: String
        let versionNumber: Int
        let statementId: String
        let action: String
        let principal: String
        let organizationId: String?
        let revisionId: String?
    }
    struct Output: Encodable, Sendable {
        let statement: String
        let revisionId: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let layer = LayerReference(input.layerName, context)
        let revision = context.random.uuid()
        let principal: JSON =
            input.principal == "*" ? "*" : ["AWS": .string("arn:aws:iam::\(input.principal):root")]
        var statement: JSON = [
            "Sid": .string(input.statementId), "Effect": "Allow", "Principal": principal,
            "Action": .string(input.action), "Resource": .string("\(layer.arn):\(input.versionNumber)"),
        ]
        if let organization = input.organizationId {
            statement["Condition"] = ["StringEquals": ["aws:PrincipalOrgID": .string(organization)]]
        }
        let text = statement.text()
        return try await context.write { transaction in
            _ = try LayerVersion.find(layer, input.versionNumber, transaction.db)
            try LayerPolicy.check(input.revisionId, layer, input.versionNumber, transaction)
            let inserted = try transaction.execute(
                """
                INSERT OR IGNORE INTO lambda_layer_permission
                    (account, region, name, version, statement_id, statement, revision) VALUES (?, ?, ?, ?, ?, ?, ?)
                """, layer.account, layer.region, layer.name, input.versionNumber, input.statementId, text, revision)
            guard inserted == 1 else {
                throw LambdaError.conflict(
                    "The statement id (\(input.statementId)) provided already exists. Please provide a new statement id,"
                        + " or remove the existing statement.")
            }
            try LayerPolicy.move(to: revision, layer, input.versionNumber, transaction)
            return Output(statement: text, revisionId: revision)
        }
    }
}

/// The policy of a layer version; all its statements bear the revision of the last change.
enum LayerPolicy {
    static func rows(_ layer: LayerReference, _ version: Int, _ db: Database) throws -> [Row] {
        try db.rows(
            """
            SELECT statement, revision FROM lambda_layer_permission
            WHERE account = ? AND region = ? AND name = ? AND version = ? ORDER BY statement_id
            """, layer.account, layer.region, layer.name, version)
    }

    /// Errors: PreconditionFailedException.
    static func check(
        _ revision: String?, _ layer: LayerReference, _ version: Int, _ transaction: Transaction
    ) throws {
        guard let revision else { return }
        guard try rows(layer, version, transaction.db).first?["revision"] == revision else {
            throw LambdaError.otherRevision()
        }
    }

    static func move(
        to revision: String, _ layer: LayerReference, _ version: Int, _ transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE lambda_layer_permission SET revision = ? WHERE account = ? AND region = ? AND name = ? AND version = ?
            """, revision, layer.account, layer.region, layer.name, version)
    }
}
