import AWSWire
import BatonCore

/// Service jobs run on Amazon SageMaker: left to AWS.
/// Errors: ClientException, always. Source: Batch API reference, SubmitServiceJob.
enum SubmitServiceJob: Operation {
    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Nothing {
        throw BatchError.elsewhere("service jobs")
    }
}
