public import AWSModel
public import JSON

/// The client's side of the wire: trees of members to requests, responses to trees or errors.
public struct ClientCodec: Sendable {
    public let service: ServiceModel
    let xml: XMLBody
    let json: JSONReader

    public init(_ service: ServiceModel) {
        self.service = service
        json = JSONReader(service)
        xml = XMLBody(isQuery: service.protocols.first == .query, showsMilliseconds: false)
    }

    /// The protocol that the client speaks: the service's preferred one.
    public var wire: Wire {
        switch service.protocols.first {
        case .query?: .query
        case .restJSON?: .restJSON
        case .restXML?: .restXML
        default: .json(version: service.jsonVersion)
        }
    }

    /// The unsigned request, without `Host`.
    /// - Parameters:
    ///   - input: members under any casing of their names.
    ///   - body: the body of an operation with a streaming payload.
    public func encode(_ input: JSON, of operation: OperationModel, body: HTTPBody? = nil) -> HTTPRequest {
        switch wire {
        case .json(let version):
            let headers = HTTPHeaders([
                ("Content-Type", "application/x-amz-json-\(version)"),
                ("X-Amz-Target", "\(service.targetPrefix).\(operation.name)"),
            ])
            let bytes = operation.input.map { JSONWriter.write(input, $0) } ?? [0x7B, 0x7D]
            return HTTPRequest(method: "POST", path: "/", headers: headers, body: .bytes(bytes))
        case .query:
            var form = Form()
            form.add("Action", operation.name)
            form.add("Version", service.apiVersion)
            if let shape = operation.input { QueryForm.write(input, shape, into: &form) }
            return HTTPRequest(
                method: "POST", path: "/",
                headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"], body: .bytes(form.bytes))
        case .restJSON, .restXML: return encodeREST(input, operation, body)
        }
    }

    /// What the operation returned, or the service's error. A streaming payload stays in the response's body.
    public func decode(_ response: HTTPResponse, of operation: OperationModel) -> Result<JSON, AWSError> {
        guard response.status < 300 else { return .failure(error(response)) }
        do throws(AWSError) {
            switch wire {
            case .json: return .success(try decodeJSON(response, operation))
            case .query: return .success(try decodeQuery(response, operation))
            case .restJSON, .restXML: return .success(try decodeREST(response, operation))
            }
        } catch {
            return .failure(error)
        }
    }

    private func bytes(_ response: HTTPResponse) throws(AWSError) -> [UInt8] {
        guard case .bytes(let bytes) = response.body else { throw Self.unreadable("the body is not in memory") }
        return bytes
    }

    /// The answer is not of the form that the protocol has. A 5xx, so that callers try again.
    static func unreadable(_ reason: String) -> AWSError {
        AWSError("UnreadableResponse", "The answer of the service cannot be read: \(reason)", status: 502)
    }
}

// MARK: - Answers

extension ClientCodec {
    private func decodeJSON(_ response: HTTPResponse, _ operation: OperationModel) throws(AWSError) -> JSON {
        let body = try bytes(response)
        guard let shape = operation.output, !body.isEmpty else { return [:] }
        do throws(AWSError) {
            return try json.read(body, shape)
        } catch {
            throw Self.unreadable(error.message)
        }
    }

    private func decodeQuery(_ response: HTTPResponse, _ operation: OperationModel) throws(AWSError) -> JSON {
        guard let shape = operation.output else { return [:] }
        guard let root = XMLElement.parse(try bytes(response)) else { throw Self.unreadable("it is not XML") }
        guard let result = root.child(operation.resultWrapper) else { return [:] }
        guard let tree = xml.read(result, shape) else { throw Self.unreadable("a value is not of its type") }
        return tree
    }

    private func decodeREST(_ response: HTTPResponse, _ operation: OperationModel) throws(AWSError) -> JSON {
        guard let shape = operation.output else { return [:] }
        var tree = JSON.Object()
        try RESTBinding.read(headers: response.headers, shape, into: &tree)
        for member in shape.members where member.location == .statusCode {
            tree[member.name] = .number(response.status)
        }
        guard operation.streamingOutput == nil else { return .object(tree) }
        let body = try bytes(response)
        guard !body.isEmpty else { return .object(tree) }
        if let payload = shape.payload {
            switch payload.shape.kind {
            case .blob: tree[payload.name] = .bytes(body)
            case .string: tree[payload.name] = .string(String(decoding: body, as: UTF8.self))
            default: tree[payload.name] = try read(structure: body, payload.shape)
            }
        } else if shape.members.contains(where: { $0.location == nil }) {
            for (name, value) in try read(structure: body, shape).object ?? [:] { tree[name] = value }
        }
        return .object(tree)
    }

    private func read(structure body: [UInt8], _ shape: Shape) throws(AWSError) -> JSON {
        guard wire == .restXML else {
            do throws(AWSError) { return try json.read(body, shape) } catch { throw Self.unreadable(error.message) }
        }
        guard let root = XMLElement.parse(body) else { throw Self.unreadable("it is not XML") }
        if shape.isXMLUnwrapped, let member = shape.members.first {
            return root.text.isEmpty ? [:] : .object([member.name: .string(root.text)])
        }
        guard let tree = xml.read(root, shape) else { throw Self.unreadable("a value is not of its type") }
        return tree
    }
}

// MARK: - REST requests

extension ClientCodec {
    private func encodeREST(_ input: JSON, _ operation: OperationModel, _ body: HTTPBody?) -> HTTPRequest {
        let (path, query) = RESTBinding.uri(input, operation)
        var request = HTTPRequest(method: operation.http.method, path: path, query: query)
        guard let shape = operation.input else { return request }
        request.headers = RESTBinding.headers(input, shape)
        if operation.streamingInput != nil {
            if let body { request.body = body }
            return request
        }
        if let payload = shape.payload {
            guard let value = input.object?.caseless(payload.name)?.value, !value.isNull else { return request }
            switch (payload.shape.kind, value) {
            case (.structure, _): set(value, payload.shape, payload, &request)
            case (_, .bytes(let bytes)): request.body = .bytes(bytes)
            case (_, .string(let text)): request.body = .bytes(Array(text.utf8))
            default: request.body = .bytes(value.serialized())
            }
        } else if shape.members.contains(where: { $0.location == nil }) {
            if wire == .restJSON {
                request.body = .bytes(JSONWriter.write(input, shape, onlyBody: true))
                request.headers["Content-Type"] = "application/json"
            } else {
                setXML(input, shape, operation, &request)
            }
        }
        return request
    }

    private func set(_ value: JSON, _ shape: Shape, _ payload: Member, _ request: inout HTTPRequest) {
        if wire == .restJSON {
            request.body = .bytes(JSONWriter.write(value, shape))
            request.headers["Content-Type"] = "application/json"
            return
        }
        var writer = XMLWriter()
        xml.write(value, payload, into: &writer)
        request.body = .bytes(writer.bytes)
        request.headers["Content-Type"] = "application/xml"
    }

    private func setXML(_ input: JSON, _ shape: Shape, _ operation: OperationModel, _ request: inout HTTPRequest) {
        let root = operation.inputRoot ?? shape.name
        let namespace = operation.inputNamespace ?? service.xmlNamespace
        var writer = XMLWriter()
        writer.open(root, attributes: namespace.map { [("xmlns", $0)] } ?? [])
        xml.write(members: input, shape, into: &writer)
        writer.close(root)
        request.body = .bytes(writer.bytes)
        request.headers["Content-Type"] = "application/xml"
    }
}
