import AWSModel
import JSON

/// The query protocol: a form in, XML out.
extension ServerCodec {
    func decodeQuery(_ request: HTTPRequest) throws(AWSError) -> Call {
        guard var fields = PercentEncoding.fields(Array(request.query.utf8)),
            let body = PercentEncoding.fields(try bytes(request))
        else { throw .malformedInput("The request is not valid UTF-8") }
        fields += body
        guard let action = fields.last(where: { $0.name == "Action" })?.value, !action.isEmpty else {
            throw .missingAction
        }
        guard let operation = service.operations[action] else {
            let version = fields.last { $0.name == "Version" }?.value ?? service.apiVersion
            throw .invalidAction(String(action.prefix(128)), String(version.prefix(32)))
        }
        guard let shape = operation.input else { return Call(operation: operation, wire: .query, input: [:]) }
        guard let form = FormNode(fields) else { throw .malformedInput("The request is nested too deeply") }
        var input = try QueryForm.read(form, shape)
        addQueueUrl(request, shape, &input)
        return Call(operation: operation, wire: .query, input: input)
    }

    /// Old SQS clients post to the queue's URL instead of naming it in the form.
    private func addQueueUrl(_ request: HTTPRequest, _ shape: Shape, _ input: inout JSON) {
        guard service.validation == .sqs, shape.member("QueueUrl") != nil, input["QueueUrl"] == nil,
            request.path.utf8.count > 1
        else { return }
        input["QueueUrl"] = .string("http://\(request.headers["Host"] ?? "localhost")\(request.path)")
    }

    func encodeQuery(_ output: JSON, _ operation: OperationModel, _ requestId: String) -> HTTPResponse {
        var writer = XMLWriter()
        let root = "\(operation.name)Response"
        writer.open(root, attributes: service.xmlNamespace.map { [("xmlns", $0)] } ?? [])
        if let shape = operation.output {
            writer.open(operation.resultWrapper)
            queryXML.write(members: output, shape, into: &writer)
            writer.close(operation.resultWrapper)
        }
        writer.open("ResponseMetadata")
        writer.element("RequestId", requestId)
        writer.close("ResponseMetadata")
        writer.close(root)
        return respond(writer.bytes, status: 200, requestId)
    }

    func encodeQuery(_ error: ErrorForm, _ requestId: String) -> HTTPResponse {
        var writer = XMLWriter()
        writer.open("ErrorResponse", attributes: service.xmlNamespace.map { [("xmlns", $0)] } ?? [])
        writer.open("Error")
        writer.element("Type", error.fault.rawValue)
        writer.element("Code", error.queryCode)
        if let message = error.message { writer.element("Message", message) }
        for (name, value) in error.fields { writer.element(name, value.string ?? value.text()) }
        writer.close("Error")
        writer.element("RequestId", requestId)
        writer.close("ErrorResponse")
        return respond(writer.bytes, status: error.status, requestId)
    }

    /// SQS speaks JSON first, its query answers use the query names all the same.
    private var queryXML: XMLBody { XMLBody(isQuery: true, showsMilliseconds: service.showsMilliseconds) }

    private func respond(_ body: [UInt8], status: Int, _ requestId: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["x-amzn-RequestId": requestId, "Content-Type": "text/xml"], body: .bytes(body))
    }
}
