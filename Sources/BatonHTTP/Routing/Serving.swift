import AWSModel
import AWSWire
import BatonCore
import BatonStore

extension Gateway {
    /// - Parameters:
    ///   - request: path-style.
    ///   - original: as it was signed.
    func serve(
        _ request: HTTPRequest, original: HTTPRequest, _ address: ServiceRouter.Address, _ scope: CredentialScope?
    ) async -> (HTTPResponse, operation: String?) {
        let requestId = requestId(address.service)
        guard let speaker = speaker(address.service) else {
            return (UnknownService.response(address.service, request, requestId), nil)
        }
        var operation: String?
        do throws(AWSError) {
            let account: String
            var request = request
            var chunks: SigV4.ChunkVerifier?
            if let keys = settings.accessKeys {
                (account, chunks) = try verify(original, keys, dialect(speaker.codec.service))
            } else {
                account = Self.account(scope)
            }
            let decodedPath = try unpack(&request, chunks, speaker.codec.service)
            defer { if let decodedPath { TemporaryFile.remove(decodedPath) } }

            let call = try speaker.codec.decode(request)
            operation = call.operation.name
            try speaker.validator.validate(call.input, call.operation.input)
            let reply = Reply()
            let context = Context(
                host: host, account: account, region: address.region ?? Self.defaultRegion, requestId: requestId,
                request: request, reply: reply)
            let output = try await host.registry.dispatch(address.service, call.operation.name, call.input, context)
            var response = speaker.codec.encode(output, of: call, requestId: requestId)
            reply.apply(to: &response)
            return (response, operation)
        } catch {
            return (speaker.codec.encode(error, for: request, requestId: requestId), operation)
        }
    }

    /// S3 names its requests differently from all other services.
    func requestId(_ service: String) -> String {
        service == "s3" ? host.random.text(16) : host.random.uuid()
    }

    static func account(_ scope: CredentialScope?) -> String {
        scope.flatMap { AccessKeyId.account(of: $0.accessKeyId) } ?? defaultAccount
    }

    func verify(
        _ request: HTTPRequest, _ keys: (String) -> AccessKey?, _ dialect: SigV4.Dialect
    ) throws(AWSError) -> (account: String, SigV4.ChunkVerifier?) {
        do throws(SigV4.Failure) {
            let verified = try SigV4.verify(request, nowMs: host.clock.nowMs) { keys($0)?.secret }
            return (keys(verified.scope.accessKeyId)?.account ?? Self.defaultAccount, verified.chunks)
        } catch {
            throw error.error(dialect)
        }
    }

    /// Takes a body that is sent in chunks (`aws-chunked`) out of them and puts the fields behind it to the others.
    /// - Returns: the file that the body was written to, when it is on disk.
    private func unpack(
        _ request: inout HTTPRequest, _ verifier: SigV4.ChunkVerifier?, _ service: ServiceModel
    ) throws(AWSError) -> String? {
        guard request.headers["X-Amz-Content-Sha256"]?.hasPrefix("STREAMING-") == true else { return nil }
        var path = ""
        if case .file(let spooled, _, _) = request.body { path = spooled + ".decoded" }
        do throws(SigV4.Failure) {
            let length = request.headers["X-Amz-Decoded-Content-Length"].flatMap { Int($0) }
            let (body, trailers) = try SigV4.decodeChunks(
                of: request.body, to: path, decodedLength: length, verifier: verifier)
            request.body = body
            request.headers["Content-Length"] = String(body.count)
            for (name, value) in trailers.fields { request.headers.add(name, value) }
        } catch {
            if !path.isEmpty { TemporaryFile.remove(path) }
            throw error.error(dialect(service))
        }
        return path.isEmpty ? nil : path
    }

    private func dialect(_ service: ServiceModel) -> SigV4.Dialect {
        switch service.protocols.first {
        case .restXML?: .s3
        case .query?: .query
        case .restJSON?: .restJSON
        default: .json
        }
    }
}

extension Reply {
    /// What the operation has set goes over what the codec has made of its output.
    func apply(to response: inout HTTPResponse) {
        if let body { response.body = body }
        if let status { response.status = status }
        for (name, value) in headers { response.headers[name] = value }
    }
}
