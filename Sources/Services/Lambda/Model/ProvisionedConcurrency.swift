import AWSWire
import BatonCore

/// Provisioned concurrency of a version or an alias: kept and answered as ready, since processes start in milliseconds.
struct ProvisionedConcurrency: Codable, Sendable {
    static let kind = "provisioned"
    let requested: Int

    struct Output: Encodable, Sendable {
        var functionArn: String?
        let requestedProvisionedConcurrentExecutions: Int
        let availableProvisionedConcurrentExecutions: Int
        let allocatedProvisionedConcurrentExecutions: Int
        let status: String
        let lastModified: String
    }

    static func output(_ found: Attachment<ProvisionedConcurrency>, functionArn: String? = nil) -> Output {
        let count = found.settings.requested
        return Output(
            functionArn: functionArn, requestedProvisionedConcurrentExecutions: count,
            availableProvisionedConcurrentExecutions: count, allocatedProvisionedConcurrentExecutions: count,
            status: "READY", lastModified: Times.lastModified(found.modifiedMs))
    }

    /// Errors: InvalidParameterValueException without a version or an alias.
    static func reference(
        _ name: String, _ qualifier: String, _ context: Context
    ) throws(AWSError) -> FunctionReference {
        let reference = try FunctionReference(name, qualifier: qualifier, context)
        guard reference.qualifier != FunctionVersion.latest else {
            throw LambdaError.invalid(
                "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
        }
        return reference
    }
}
