import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Errors: ResourceNotFoundException, PreconditionFailedException.
/// Source: Lambda API reference, RemoveLayerVersionPermission.
enum RemoveLayerVersionPermission: Operation {
    struct Input: Decodable, Sendable {
        let layerName: String
        let versionNumber: Int
        let statementId: String
        let revisionId: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let layer = LayerReference(input.layerName, context)
        let revision = context.random.uuid()
        return try await context.write { transaction in
            try LayerPolicy.check(input.revisionId, layer, input.versionNumber, transaction)
            let removed = try transaction.execute(
                """
                DELETE FROM lambda_layer_permission
                WHERE account = ? AND region = ? AND name = ? AND version = ? AND statement_id = ?
                """, layer.account, layer.region, layer.name, input.versionNumber, input.statementId)
            guard removed == 1 else { throw LambdaError.statementNotFound(input.statementId) }
            try LayerPolicy.move(to: revision, layer, input.versionNumber, transaction)
            return Nothing()
        }
    }
}
