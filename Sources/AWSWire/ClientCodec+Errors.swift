import AWSModel
import JSON

extension ClientCodec {
    /// The error of a response that is no success, whatever its body looks like.
    func error(_ response: HTTPResponse) -> AWSError {
        let body: [UInt8] = if case .bytes(let bytes) = response.body { bytes } else { [] }
        var error =
            switch wire {
            case .json, .restJSON: jsonError(body, response)
            case .query, .restXML: xmlError(body, response)
            }
        if let queryError = response.headers["x-amzn-query-error"] {
            let parts = queryError.split(separator: ";")
            error.queryCode = parts.first.map(String.init)
            if parts.last == "Receiver" { error.fault = .receiver }
        }
        return error
    }

    private func jsonError(_ body: [UInt8], _ response: HTTPResponse) -> AWSError {
        var fields = (try? JSON.parse(body, depth: WireLimits.depth))?.object ?? [:]
        let type =
            response.headers["x-amzn-errortype"] ?? fields["__type"]?.string ?? fields["code"]?.string
            ?? fallback(response.status)
        // `namespace#Code:http://…`
        var code = type[...]
        if let hash = code.firstIndex(of: "#") { code = code[code.index(after: hash)...] }
        if let colon = code.firstIndex(of: ":") { code = code[..<colon] }
        let message = fields.caseless("message")
        if let message { fields.removeValue(forKey: message.key) }
        fields.removeValue(forKey: "__type")
        return AWSError(String(code), message?.value.string ?? "", status: response.status, fields: fields)
    }

    private func xmlError(_ body: [UInt8], _ response: HTTPResponse) -> AWSError {
        guard let root = XMLElement.parse(body) else {
            return AWSError(fallback(response.status), "", status: response.status)
        }
        let element = root.child("Error") ?? root.child("Errors")?.child("Error") ?? root
        let queryCode = element.child("Code")?.text ?? fallback(response.status)
        var fields = JSON.Object()
        for child in element.children
        where child.children.isEmpty && !["Code", "Message", "Type", "RequestId", "HostId"].contains(child.name) {
            fields[child.name] = .string(child.text)
        }
        // Errors have the name of their shape here, whatever they are called in this protocol.
        let shape = service.error(queryCode)
        var error = AWSError(
            shape?.name ?? queryCode, element.child("Message")?.text ?? "", status: response.status,
            queryCode: queryCode,
            fields: fields)
        if let type = element.child("Type")?.text.flatMap(AWSError.Fault.init) { error.fault = type }
        return error
    }

    /// The code of an answer without a body, as to a HEAD request.
    private func fallback(_ status: Int) -> String {
        switch status {
        case 304: "NotModified"
        case 400: "BadRequest"
        case 403: "AccessDenied"
        case 404: "NotFound"
        case 412: "PreconditionFailed"
        case 500...: "InternalFailure"
        default: "HTTP\(status)"
        }
    }
}

extension String {
    fileprivate func flatMap<Result>(_ transform: (String) -> Result?) -> Result? { transform(self) }
}
