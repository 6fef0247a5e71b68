import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Takes a version out of sight; functions that use it go on. That there is none is no error.
/// Source: Lambda API reference, DeleteLayerVersion.
enum DeleteLayerVersion: Operation {
    typealias Input = GetLayerVersion.Input

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let layer = LayerReference(input.layerName, context)
        return try await context.write { transaction in
            try transaction.execute(
                """
                UPDATE lambda_layer_version SET is_deleted = 1
                WHERE account = ? AND region = ? AND name = ? AND version = ?
                """, layer.account, layer.region, layer.name, input.versionNumber)
            try transaction.execute(
                """
                DELETE FROM lambda_layer_permission WHERE account = ? AND region = ? AND name = ? AND version = ?
                """, layer.account, layer.region, layer.name, input.versionNumber)
            return Nothing()
        }
    }
}
