import AWSModel
public import AWSWire
public import JSON

extension AWSClient {
    /// What an operation returned, with what belongs to the answer besides.
    public struct Answer: Sendable {
        public var output: JSON
        /// The service's id of the request.
        public var requestId: String?
        /// The bytes of an operation that streams its output; empty for all others.
        public var body: HTTPBody
    }

    /// Calls an operation.
    ///
    /// - Parameters:
    ///   - service: id of the service's model, for example `sqs`, `cloudformation`, `logs`.
    ///   - input: members under their wire names.
    public func call(_ service: String, _ operation: String, _ input: JSON = [:]) async throws(AWSError) -> JSON {
        try await answer(service, operation, input).output
    }

    /// The same with the whole answer, and with bodies that are streamed.
    ///
    /// - Parameters:
    ///   - body: of an operation that streams its input.
    ///   - timeoutMs: for one attempt, where it is not the configuration's.
    ///   - path: a file that takes the body of an operation that streams its output; nil keeps it in memory.
    public func answer(
        _ service: String, _ operation: String, _ input: JSON = [:], body: HTTPBody? = nil, timeoutMs: Int? = nil,
        savingTo path: String? = nil
    ) async throws(AWSError) -> Answer {
        guard let model = ServiceModel.named(service) else {
            throw AWSError("UnknownServiceError", "Unknown service: '\(service)'")
        }
        guard let known = model.operations[operation] else {
            throw AWSError("UnknownOperation", "'\(operation)' is no operation of '\(service)'")
        }
        let codec = ClientCodec(model)
        let request = codec.encode(withToken(input, known), of: known, body: body)
        let endpoint = Endpoint.of(
            service: service, name: model.serviceId.uppercased().replacing(" ", with: "_"),
            prefix: model.endpointPrefix, configuration)
        let route = Route(endpoint: endpoint, signingName: model.signingName)
        let response = try await send(request, by: route, timeoutMs: timeoutMs, savingTo: path) { response in
            if response.status < 300 { return nil }
            if case .failure(let error) = codec.decode(response, of: known) { return error }
            return nil
        }
        return Answer(
            output: try codec.decode(response, of: known).get(),
            requestId: response.headers["x-amzn-RequestId"] ?? response.headers["x-amz-request-id"],
            body: known.streamingOutput == nil ? .bytes([]) : response.body)
    }

    /// Members that only keep a repeated request from taking effect twice are filled in where they are absent.
    private func withToken(_ input: JSON, _ operation: OperationModel) -> JSON {
        guard var object = input.object, let shape = operation.input else { return input }
        for member in shape.members where member.isIdempotencyToken && object.caseless(member.name) == nil {
            object[member.name] = .string(token())
        }
        return .object(object)
    }

    /// The form of a random UUID.
    private func token() -> String {
        let digits = Array("0123456789abcdef")
        let text = (0..<32).map { _ in digits[Int(surroundings.random() * 16) & 15] }
        return [text[0..<8], text[8..<12], text[12..<16], text[16..<20], text[20..<32]].map { String($0) }
            .joined(separator: "-")
    }
}
