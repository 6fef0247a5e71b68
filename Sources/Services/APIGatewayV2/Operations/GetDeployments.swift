import AWSWire
import BatonCore
import JSON

/// The deployments of an API. Errors: NotFoundException. Source: API reference, GetDeployments.
enum GetDeployments: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Changes.list(.deployment, input, context)
    }
}
