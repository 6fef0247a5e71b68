import AWSModel
import AWSWire
import BatonCore
import JSON

/// Integrations that are one call of a service of this Baton, in that service's own protocol.
enum ServiceIntegration {
    static func answer(
        _ target: ServiceTarget, _ mapped: MappedRequest, _ context: Context
    ) async throws(Refusal) -> IntegrationAnswer {
        guard let model = ServiceModel.named(target.model) else {
            var refusal = Refusal.failure
            refusal.details = "Baton has no service \(target.service)"
            throw refusal
        }
        let there = context.host.context(account: context.account, region: target.region)
        let codec = ServerCodec(model)
        let request = request(target, mapped, model, context)
        let response: HTTPResponse
        do throws(AWSError) {
            let call = try codec.decode(request)
            response = try await run(call, request, codec, there)
        } catch {
            response =
                codec.wire(of: request) == .query
                ? query(error, context.requestId) : codec.encode(error, for: request, requestId: context.requestId)
        }
        guard case .bytes(let body) = response.body else { throw .failure }
        return IntegrationAnswer(
            status: response.status, selector: String(response.status), headers: response.headers, body: body)
    }

    /// The request as API Gateway would send it.
    private static func request(
        _ target: ServiceTarget, _ mapped: MappedRequest, _ model: ServiceModel, _ context: Context
    ) -> HTTPRequest {
        var fields = mapped.query
        var request = HTTPRequest(method: "POST", path: "/", headers: mapped.headers, body: .bytes(mapped.body))
        request.headers["Host"] = context.endpoint.split(separator: "/").last.map(String.init)
        switch target.way {
        case .path(let path): request.path = path
        case .action(let action):
            if model.protocols.contains(.query), request.headers["X-Amz-Target"] == nil {
                fields.removeAll { $0.name == "Action" }
                fields += [("Action", action), ("Version", model.apiVersion)]
                let isForm = request.headers["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true
                if !isForm { request.body = .bytes([]) }
            } else {
                request.headers["X-Amz-Target"] = "\(model.targetPrefix).\(action)"
                if mapped.body.isEmpty { request.body = .bytes(Array("{}".utf8)) }
            }
        }
        request.query = fields.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
            .joined(separator: "&")
        return request
    }

    private static func run(
        _ call: ServerCodec.Call, _ request: HTTPRequest, _ codec: ServerCodec, _ context: Context
    ) async throws(AWSError) -> HTTPResponse {
        let (service, name) = (codec.service.id, call.operation.name)
        guard codec.service.protocols.first == .restXML else {
            let output = try await context.call(service, name, call.input)
            return call.wire == .query
                ? query(output, name, context.requestId) : codec.encode(output, of: call, requestId: context.requestId)
        }
        // Objects travel beside the members.
        try Validator(codec.service).validate(call.input, call.operation.input)
        let reply = Reply()
        let context = Context(
            host: context.host, account: context.account, region: context.region, requestId: context.requestId,
            request: request, reply: reply)
        let output = try await context.host.registry.dispatch(service, name, call.input, context)
        var response = codec.encode(output, of: call, requestId: context.requestId)
        response.status = reply.status ?? response.status
        response.body = reply.body ?? response.body
        for (name, value) in reply.headers { response.headers[name] = value }
        return response
    }

    /// Services of the query protocol answer API Gateway in JSON, where it does not ask for XML.
    private static func query(_ output: JSON, _ operation: String, _ requestId: String) -> HTTPResponse {
        var answer: JSON = ["ResponseMetadata": ["RequestId": .string(requestId)]]
        if output.object?.isEmpty == false { answer["\(operation)Result"] = output }
        return json(200, ["\(operation)Response": answer])
    }

    private static func query(_ error: AWSError, _ requestId: String) -> HTTPResponse {
        json(
            error.status,
            [
                "Error": [
                    "Code": .string(error.queryCode ?? error.code), "Message": .string(error.message),
                    "Type": .string(error.fault.rawValue),
                ], "RequestId": .string(requestId),
            ])
    }

    private static func json(_ status: Int, _ body: JSON) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json"], body: .bytes(body.serialized()))
    }
}
