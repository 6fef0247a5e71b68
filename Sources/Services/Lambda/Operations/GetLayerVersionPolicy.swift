import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Errors: ResourceNotFoundException, also when there is no statement.
/// Source: Lambda API reference, GetLayerVersionPolicy.
enum GetLayerVersionPolicy: Operation {
    typealias Input = GetLayerVersion.Input
    struct Output: Encodable, Sendable {
        let policy: String
        let revisionId: String
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let layer = LayerReference(input.layerName, context)
        return try context.read { db in
            _ = try LayerVersion.find(layer, input.versionNumber, db)
            guard let document = try Policy.document(LayerPolicy.rows(layer, input.versionNumber, db)) else {
                throw LambdaError.notFound("No policy is associated with the given resource.")
            }
            return Output(policy: document.text, revisionId: document.revision)
        }
    }
}
