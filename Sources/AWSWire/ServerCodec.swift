public import AWSModel
public import JSON

/// The server's side of a service's wire: requests to trees of members, trees and errors to responses.
public final class ServerCodec: Sendable {
    public let service: ServiceModel
    let router: RESTRouter
    let xml: XMLBody
    let json: JSONReader

    /// A request that was understood.
    public struct Call: Sendable {
        public let operation: OperationModel
        public let wire: Wire
        /// Under the model's member names; a streaming payload is not in it, it stays in the request's body.
        public let input: JSON
    }

    public init(_ service: ServiceModel) {
        self.service = service
        json = JSONReader(service)
        router = RESTRouter(service)
        xml = XMLBody(
            isQuery: !service.protocols.contains(.restXML), showsMilliseconds: service.showsMilliseconds)
    }

    /// The protocol that a request is written in, also when nothing else of it can be understood.
    public func wire(of request: HTTPRequest) -> Wire {
        switch service.protocols.first {
        case .restJSON?: return .restJSON
        case .restXML?: return .restXML
        case .query?: return .query
        default: break
        }
        if service.protocols.contains(.query), request.headers["X-Amz-Target"] == nil { return .query }
        let type = request.headers["Content-Type"] ?? ""
        if type.hasPrefix("application/x-amz-json-1.0") { return .json(version: "1.0") }
        if type.hasPrefix("application/x-amz-json-1.1") { return .json(version: "1.1") }
        return .json(version: service.jsonVersion)
    }

    /// Finds the operation and reads its input. The input is not yet validated.
    public func decode(_ request: HTTPRequest) throws(AWSError) -> Call {
        let wire = wire(of: request)
        switch wire {
        case .json: return try decodeJSON(request, wire, operation(target: request.headers["X-Amz-Target"]))
        case .query: return try decodeQuery(request)
        case .restJSON, .restXML: return try decodeREST(request, wire)
        }
    }

    /// Reads the input of an operation that the request is known to name in `X-Amz-Target`.
    public func decode(_ request: HTTPRequest, as operation: OperationModel) throws(AWSError) -> Call {
        try decodeJSON(request, wire(of: request), operation)
    }

    /// The answer of an operation.
    /// - Parameters:
    ///   - output: the members under any casing of their names.
    ///   - requestId: the id that the caller is told.
    public func encode(_ output: JSON, of call: Call, requestId: String) -> HTTPResponse {
        encode(output, of: call.operation, wire: call.wire, requestId: requestId)
    }

    public func encode(
        _ output: JSON, of operation: OperationModel, wire: Wire, requestId: String
    ) -> HTTPResponse {
        switch wire {
        case .json(let version): encodeJSON(output, operation, version, requestId)
        case .query: encodeQuery(output, operation, requestId)
        case .restJSON: encodeRESTJSON(output, operation, requestId)
        case .restXML: encodeRESTXML(output, operation, requestId)
        }
    }

    /// An error in the request's own protocol.
    public func encode(_ error: AWSError, for request: HTTPRequest, requestId: String) -> HTTPResponse {
        let facts = ErrorForm(error, service)
        var response =
            switch wire(of: request) {
            case .json(let version): encodeJSON(facts, version, requestId)
            case .query: encodeQuery(facts, requestId)
            case .restJSON: encodeRESTJSON(facts, requestId)
            case .restXML: encodeRESTXML(facts, request, requestId)
            }
        for (name, value) in error.headers { response.headers[name] = value }
        if request.method == "HEAD" || response.status == 304 { response.body = .bytes([]) }
        return response
    }

    /// Bodies of all but streaming operations are read in memory.
    func bytes(_ request: HTTPRequest) throws(AWSError) -> [UInt8] {
        guard case .bytes(let bytes) = request.body else { throw .bodyTooLarge }
        return bytes
    }
}
