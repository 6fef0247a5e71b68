import AWSWire
import BatonCore
import JSON

/// One deployment. Errors: NotFoundException. Source: API reference, GetDeployment.
enum GetDeployment: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Changes.get(.deployment, input, context)
    }
}
