import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetLayerVersion.
enum GetLayerVersion: Operation {
    struct Input: Decodable, Sendable {
        let layerName: String
        let versionNumber: Int
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> LayerVersion.Output {
        let layer = LayerReference(input.layerName, context)
        return try context.read { db in try LayerVersion.find(layer, input.versionNumber, db) }.output(context)
    }
}
