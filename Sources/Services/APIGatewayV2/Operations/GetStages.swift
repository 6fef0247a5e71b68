import AWSWire
import BatonCore
import JSON

/// The stages of an API. Errors: NotFoundException. Source: API reference, GetStages.
enum GetStages: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Changes.list(.stage, input, context)
    }
}
