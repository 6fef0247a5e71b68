import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetLayerVersionByArn.
enum GetLayerVersionByArn: Operation {
    struct Input: Decodable, Sendable { let arn: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> LayerVersion.Output {
        let version = input.arn.split(separator: ":").last.flatMap { Int($0) } ?? 0
        let layer = LayerReference(input.arn, context)
        return try context.read { db in try LayerVersion.find(layer, version, db) }.output(context)
    }
}
