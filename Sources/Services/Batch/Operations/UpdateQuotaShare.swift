import AWSWire
import BatonCore

/// Quota shares divide a queue of service jobs: left to AWS.
/// Errors: ClientException, always. Source: Batch API reference, UpdateQuotaShare.
enum UpdateQuotaShare: Operation {
    static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Nothing {
        throw BatchError.elsewhere("quota shares")
    }
}
