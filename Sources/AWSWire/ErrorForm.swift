import AWSModel
import JSON

/// An error joined with what the model says of its form.
struct ErrorForm {
    let code: String
    /// The code of the query and XML protocols.
    let queryCode: String
    /// Code with its namespace, as in `__type`.
    let namespacedCode: String
    let message: String?
    /// The name of the message's member: services differ in its casing.
    let messageName: String
    let status: Int
    let queryStatus: Int
    let fault: AWSError.Fault
    let fields: JSON.Object
    let shape: Shape?
    /// Lambda's errors have a member that tells whose fault it is.
    let hasType: Bool

    init(_ error: AWSError, _ service: ServiceModel) {
        let shape = service.errors[error.code]
        self.shape = shape
        code = error.code
        queryCode = error.queryCode ?? shape?.error?.code ?? error.code
        namespacedCode = Self.namespaced(error.code, shape, service)
        message = error.message.isEmpty ? nil : error.message
        messageName =
            shape?.member(caseless: "message")?.wireName
            ?? (error.code == "SerializationException" ? "Message" : "message")
        // 400 is what factories leave when they say nothing: then the model knows better.
        queryStatus = error.status == 400 ? shape?.error?.status ?? 400 : error.status
        // Assumed: SQS answers 400 to all of the caller's errors over JSON; its model's statuses are those of query.
        status = service.isQueryCompatible ? error.status : queryStatus
        fault = error.fault
        fields = error.fields
        hasType = shape?.member("Type") != nil
    }

    /// Assumed: errors of AWS's own framework keep its namespaces in every service that shows namespaces at all.
    private static func namespaced(_ code: String, _ shape: Shape?, _ service: ServiceModel) -> String {
        guard !service.errorNamespace.isEmpty else { return code }
        if shape != nil { return service.errorNamespace + code }
        switch code {
        case "ValidationException": return "com.amazon.coral.validate#ValidationException"
        case "SerializationException", "UnknownOperationException", "MissingAuthenticationTokenException",
            "IncompleteSignatureException", "InvalidSignatureException", "UnrecognizedClientException",
            "AccessDeniedException", "InternalFailure", "ServiceUnavailableException":
            return "com.amazon.coral.service#\(code)"
        default: return service.errorNamespace + code
        }
    }
}
