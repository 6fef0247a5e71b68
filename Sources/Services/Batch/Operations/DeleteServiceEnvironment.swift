import AWSWire
import BatonCore

/// Service environments run service jobs: left to AWS.
/// Errors: ClientException, always. Source: Batch API reference, DeleteServiceEnvironment.
enum DeleteServiceEnvironment: Operation {
    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Nothing {
        throw BatchError.elsewhere("service environments")
    }
}
