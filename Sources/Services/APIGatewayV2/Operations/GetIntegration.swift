import AWSWire
import BatonCore
import JSON

/// One integration. Errors: NotFoundException. Source: API reference, GetIntegration.
enum GetIntegration: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Changes.get(.integration, input, context)
    }
}
