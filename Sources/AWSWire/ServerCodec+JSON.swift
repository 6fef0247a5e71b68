import AWSModel
import JSON

/// AWS JSON 1.0 and 1.1: the operation is in `X-Amz-Target`, everything else in the body.
extension ServerCodec {
    func decodeJSON(
        _ request: HTTPRequest, _ wire: Wire, _ operation: OperationModel
    ) throws(AWSError) -> Call {
        let body = try bytes(request)
        guard let input = operation.input else { return Call(operation: operation, wire: wire, input: [:]) }
        // Clients of operations without parameters may send nothing at all.
        let tree = body.isEmpty ? [:] : try json.read(body, input)
        return Call(operation: operation, wire: wire, input: tree)
    }

    func operation(target: String?) throws(AWSError) -> OperationModel {
        let prefix = service.targetPrefix.utf8.count
        guard let target, target.hasPrefix(service.targetPrefix),
            target.utf8.dropFirst(prefix).first == UInt8(ascii: "."),
            let operation = service.operations[String(Substring(target.utf8.dropFirst(prefix + 1)))]
        else { throw .unknownOperation() }
        return operation
    }

    func encodeJSON(
        _ output: JSON, _ operation: OperationModel, _ version: String, _ requestId: String
    ) -> HTTPResponse {
        // Assumed: the body of an operation without output is empty, not `{}`.
        let body = operation.output.map { JSONWriter.write(output, $0) } ?? []
        return respond(body, status: 200, version, requestId)
    }

    func encodeJSON(_ error: ErrorForm, _ version: String, _ requestId: String) -> HTTPResponse {
        var body: JSON.Object = ["__type": .string(error.namespacedCode)]
        if let message = error.message { body[error.messageName] = .string(message) }
        for (name, value) in error.fields { body[name] = value }
        var response = respond(JSON.object(body).serialized(), status: error.status, version, requestId)
        if service.isQueryCompatible {
            response.headers.add("x-amzn-query-error", "\(error.queryCode);\(error.fault.rawValue)")
        }
        return response
    }

    private func respond(_ body: [UInt8], status: Int, _ version: String, _ requestId: String) -> HTTPResponse {
        // Written out, because putting it together for each answer costs more than writing the answer.
        let type = version == "1.0" ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1"
        let headers: HTTPHeaders =
            if service.id == "dynamodb" {
                [
                    "x-amzn-RequestId": requestId, "Content-Type": type,
                    "x-amz-crc32": String(CRC32.checksum(body)),
                ]
            } else {
                ["x-amzn-RequestId": requestId, "Content-Type": type]
            }
        return HTTPResponse(status: status, headers: headers, body: .bytes(body))
    }
}
