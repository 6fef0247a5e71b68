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
    let fault: AWSError.Fault
    /// Further members in the body, under their wire names.
    let fields: JSON.Object
    /// Further members that travel in headers (REST).
    let headers: HTTPHeaders
    /// Lambda's errors have a member that tells whose fault it is.
    let hasType: Bool

    init(_ error: AWSError, _ service: ServiceModel) {
        let shape = service.error(error.code)
        let framework = shape == nil ? Self.framework[error.code] : nil
        code = framework?.type ?? shape?.name ?? error.code
        queryCode = error.queryCode ?? shape?.error?.code ?? framework?.queryCode ?? error.code
        let namespace = service.errorNamespace.isEmpty ? "" : framework?.namespace ?? service.errorNamespace
        namespacedCode = namespace + code
        message = error.message.isEmpty ? nil : error.message
        messageName =
            shape?.member(caseless: "message")?.wireName
            ?? (error.code == "SerializationException" ? "Message" : "message")
        // 400 is what factories leave when they say nothing: then the model knows better.
        status = error.status == 400 ? shape?.error?.status ?? 400 : error.status
        fault = error.fault
        var fields = JSON.Object()
        var headers = HTTPHeaders()
        for (name, value) in error.fields {
            let member = shape?.member(caseless: name)
            if let member, member.location == .header {
                headers.add(member.wireName, value.string ?? value.text())
            } else {
                fields[member?.wireName ?? name] = value
            }
        }
        self.fields = fields
        self.headers = headers
        hasType = shape?.member("Type") != nil
    }

    /// Errors that AWS's own framework makes before a service sees the request, under both of their names. Seen from
    /// SQS and DynamoDB; Assumed for the others that show namespaces.
    private static let framework: [String: (namespace: String, type: String, queryCode: String)] = {
        let coral = "com.amazon.coral.service#"
        let rows = [
            (coral, "SerializationException", "MalformedInput"),
            (coral, "UnknownOperationException", "InvalidAction"),
            (coral, "InvalidParameterValueException", "InvalidParameterValue"),
            (coral, "MissingRequiredParameterException", "MissingParameter"),
            (coral, "AccessDeniedException", "AccessDenied"),
            (coral, "UnrecognizedClientException", "InvalidClientTokenId"),
            (coral, "InvalidSignatureException", "SignatureDoesNotMatch"),
            (coral, "IncompleteSignatureException", "IncompleteSignature"),
            (coral, "MissingAuthenticationTokenException", "MissingAuthenticationToken"),
            (coral, "ExpiredTokenException", "ExpiredToken"),
            (coral, "ServiceUnavailableException", "ServiceUnavailable"),
            (coral, "InternalFailure", "InternalFailure"),
            ("com.amazon.coral.validate#", "ValidationException", "ValidationError"),
        ]
        var table: [String: (namespace: String, type: String, queryCode: String)] = [:]
        for row in rows {
            table[row.1] = row
            table[row.2] = row
        }
        return table
    }()
}
