import AWSWire
import BatonCore
import JSON

/// The integrations of an API. Errors: NotFoundException. Source: API reference, GetIntegrations.
enum GetIntegrations: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Changes.list(.integration, input, context)
    }
}
