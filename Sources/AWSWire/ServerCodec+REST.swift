import AWSModel
import JSON

/// REST-JSON and REST-XML: method, path, query and headers carry members; the body the rest of them, or one alone.
extension ServerCodec {
    func decodeREST(_ request: HTTPRequest, _ wire: Wire) throws(AWSError) -> Call {
        guard let query = PercentEncoding.fields(Array(request.query.utf8)) else {
            throw wire == .restXML ? .invalidURI : .serialization("The query is not valid UTF-8")
        }
        let path = wire == .restXML ? S3Host.path(request) : request.path
        guard let match = router.match(method: request.method, path: path, query: query, headers: request.headers)
        else {
            throw wire == .restXML ? .methodNotAllowed : .unknownOperation()
        }
        guard let shape = match.operation.input else {
            return Call(operation: match.operation, wire: wire, input: [:])
        }
        var tree = JSON.Object()
        do {
            try RESTBinding.read(labels: match.labels, shape, into: &tree)
            try RESTBinding.read(query: query, shape, into: &tree)
            try RESTBinding.read(headers: request.headers, shape, into: &tree)
        } catch {
            throw wire == .restXML ? .invalidArgument(error.message) : error
        }
        if match.operation.streamingInput == nil {
            try read(body: bytes(request), match.operation, shape, wire, into: &tree)
        }
        return Call(operation: match.operation, wire: wire, input: .object(tree))
    }

    private func read(
        body: [UInt8], _ operation: OperationModel, _ shape: Shape, _ wire: Wire, into tree: inout JSON.Object
    ) throws(AWSError) {
        if let payload = shape.payload {
            switch payload.shape.kind {
            case .blob: if !body.isEmpty { tree[payload.name] = .bytes(body) }
            case .string:
                guard let text = String(validating: body, as: UTF8.self) else { throw .serialization() }
                if !body.isEmpty { tree[payload.name] = .string(text) }
            default:
                if !body.isEmpty { tree[payload.name] = try read(structure: body, payload.shape, wire) }
            }
            return
        }
        guard !body.isEmpty, shape.members.contains(where: { $0.location == nil }) else { return }
        for (name, value) in try read(structure: body, shape, wire).object ?? [:]
        where shape.member(name)?.location == nil { tree[name] = value }
    }

    private func read(structure body: [UInt8], _ shape: Shape, _ wire: Wire) throws(AWSError) -> JSON {
        guard wire == .restXML else { return try json.read(body, shape) }
        guard let root = XMLElement.parse(body), let tree = xml.read(root, shape) else { throw .malformedXML }
        return tree
    }
}

// MARK: - Answers

extension ServerCodec {
    func encodeRESTJSON(_ output: JSON, _ operation: OperationModel, _ requestId: String) -> HTTPResponse {
        var response = start(output, operation, ("x-amzn-RequestId", requestId))
        guard let shape = operation.output else { return response }
        if let payload = shape.payload {
            guard let value = output.object?.caseless(payload.name)?.value, !value.isNull else { return response }
            switch (payload.shape.kind, value) {
            case (.structure, _): response.body = .bytes(JSONWriter.write(value, payload.shape))
            case (_, .bytes(let bytes)): response.body = .bytes(bytes)
            case (_, .string(let text)): response.body = .bytes(Array(text.utf8))
            default: response.body = .bytes(value.serialized())
            }
        } else if response.status != 204 {
            response.body = .bytes(JSONWriter.write(output, shape, onlyBody: true))
        }
        if response.headers["Content-Type"] == nil { response.headers.add("Content-Type", "application/json") }
        return response
    }

    func encodeRESTXML(_ output: JSON, _ operation: OperationModel, _ requestId: String) -> HTTPResponse {
        var response = start(output, operation, ("x-amz-request-id", requestId))
        response.headers.add("x-amz-id-2", S3Host.hostId(requestId))
        guard let shape = operation.output else { return response }
        if let payload = shape.payload {
            guard let value = output.object?.caseless(payload.name)?.value, !value.isNull else { return response }
            switch value {
            case .bytes(let bytes): response.body = .bytes(bytes)
            case .string(let text): response.body = .bytes(Array(text.utf8))
            default:
                let name = payload.hasWireName ? payload.wireName : payload.shape.xmlName ?? payload.wireName
                setXML(value, payload.shape, name, &response)
            }
        } else if shape.members.contains(where: { $0.location == nil }) {
            setXML(output, shape, shape.xmlName ?? operation.name + "Result", &response)
        }
        return response
    }

    /// Status and headers.
    private func start(
        _ output: JSON, _ operation: OperationModel, _ id: (name: String, value: String)
    ) -> HTTPResponse {
        var response = HTTPResponse(status: operation.http.status, headers: HTTPHeaders([id]))
        guard let shape = operation.output, shape.hasLocations else { return response }
        for (name, value) in RESTBinding.headers(output, shape).fields { response.headers.add(name, value) }
        for member in shape.members where member.location == .statusCode {
            if let status = output.object?.caseless(member.name)?.value.int { response.status = status }
        }
        return response
    }

    private func setXML(_ value: JSON, _ shape: Shape, _ root: String, _ response: inout HTTPResponse) {
        var writer = XMLWriter()
        writer.declaration()
        let namespace = service.xmlNamespace.map { [(name: "xmlns", value: $0)] } ?? []
        // `<LocationConstraint>eu-west-1</LocationConstraint>` is all there is: the only member is the root.
        if shape.isXMLUnwrapped, let member = shape.members.first {
            writer.open(root, attributes: namespace)
            writer.text(value.object?.caseless(member.name)?.value.string ?? "")
        } else {
            writer.open(root, attributes: namespace)
            xml.write(members: value, shape, into: &writer)
        }
        writer.close(root)
        response.body = .bytes(writer.bytes)
        response.headers["Content-Type"] = "application/xml"
    }
}

// MARK: - Errors

extension ServerCodec {
    func encodeRESTJSON(_ error: ErrorForm, _ requestId: String) -> HTTPResponse {
        var body = JSON.Object()
        if error.hasType, error.fields["Type"] == nil {
            body["Type"] = .string(error.fault == .sender ? "User" : "Service")
        }
        if let message = error.message { body[error.messageName] = .string(message) }
        var headers = HTTPHeaders([
            ("x-amzn-RequestId", requestId), ("Content-Type", "application/json"), ("x-amzn-ErrorType", error.code),
        ])
        for (name, value) in error.headers.fields { headers.add(name, value) }
        for (name, value) in error.fields { body[name] = value }
        return HTTPResponse(status: error.status, headers: headers, body: .bytes(JSON.object(body).serialized()))
    }

    func encodeRESTXML(_ error: ErrorForm, _ request: HTTPRequest, _ requestId: String) -> HTTPResponse {
        var writer = XMLWriter()
        writer.declaration()
        writer.open("Error")
        writer.element("Code", error.queryCode)
        if let message = error.message { writer.element("Message", message) }
        for (name, value) in error.fields { writer.element(name, value.string ?? value.text()) }
        if error.fields.isEmpty { writer.element("Resource", PercentEncoding.decode(request.path) ?? "/") }
        writer.element("RequestId", requestId)
        writer.element("HostId", S3Host.hostId(requestId))
        writer.close("Error")
        let headers = HTTPHeaders([
            ("x-amz-request-id", requestId), ("x-amz-id-2", S3Host.hostId(requestId)),
            ("Content-Type", "application/xml"),
        ])
        return HTTPResponse(status: error.status, headers: headers, body: .bytes(writer.bytes))
    }
}

extension AWSError {
    static let invalidURI = AWSError("InvalidURI", "Couldn't parse the specified URI.")
    static let methodNotAllowed = AWSError(
        "MethodNotAllowed", "The specified method is not allowed against this resource.", status: 405)

    static func invalidArgument(_ message: String) -> AWSError { AWSError("InvalidArgument", message) }
}
