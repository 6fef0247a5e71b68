import AWSWire
import BatonCore

/// Service environments run service jobs: left to AWS.
/// Errors: ClientException, always. Source: Batch API reference, UpdateServiceEnvironment.
enum UpdateServiceEnvironment: Operation {
    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Nothing {
        throw BatchError.elsewhere("service environments")
    }
}
