import AWSModel
import AWSWire
import StatesLanguage

/// How the failure of a call becomes the error and cause of a task. Two generations of SDK stand behind the
/// integrations, and each words it differently.
enum FailureStyle: Sendable {
    /// `aws-sdk` integrations: `DynamoDb.ResourceNotFoundException`,
    /// `… (Service: DynamoDb, Status Code: 400, Request ID: …)`.
    case sdk
    /// Optimised Lambda: worded as `sdk`, with the older name of what has no class of its own.
    case lambda
    /// The other optimised ones: `SNS.NotFoundException`,
    /// `… (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: …; Proxy: null)`.
    /// `base` is the class of errors that have none of their own.
    case optimized(prefix: String, client: String, base: String)

    func error(_ error: AWSError, _ service: String, requestId: String) -> StatesError {
        let model = ServiceModel.named(service)
        let shape = model?.error(error.code)
        switch self {
        case .sdk:
            let prefix = JavaName.pascal(model?.serviceId ?? service)
            return StatesError(
                "\(prefix).\(shape.map { JavaName.exception($0.name) } ?? "\(prefix)Exception")",
                cause(error, prefix, requestId, service))
        case .lambda:
            return StatesError(
                "Lambda.\(shape.map { JavaName.exception($0.name) } ?? "AWSLambdaException")",
                cause(error, "Lambda", requestId, service))
        case .optimized(let prefix, let client, let base):
            let code = error.queryCode ?? shape?.error?.code ?? error.code
            let name = shape.map { $0.name.hasSuffix("Exception") ? $0.name : "\($0.name)Exception" } ?? base
            return StatesError(
                "\(prefix).\(name)",
                "\(error.message) (Service: \(client); Status Code: \(error.status); Error Code: \(code); "
                    + "Request ID: \(requestId); Proxy: null)")
        }
    }

    private func cause(_ error: AWSError, _ name: String, _ requestId: String, _ service: String) -> String {
        let host = service == "s3" ? ", Extended Request ID: \(requestId)" : ""
        // Recorded in 2025; the recordings of other services are older and lack it.
        let attempts = service == "stepfunctions" ? " (SDK Attempt Count: 1)" : ""
        return "\(error.message) (Service: \(name), Status Code: \(error.status), Request ID: \(requestId)\(host))"
            + attempts
    }
}
