import AWSWire
import BatonCore
import JSON

/// One stage. Errors: NotFoundException. Source: API reference, GetStage.
enum GetStage: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Changes.get(.stage, input, context)
    }
}
