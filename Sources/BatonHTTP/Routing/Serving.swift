import AWSModel
import AWSWire
import BatonCore
import BatonStore
import JSON

extension Gateway {
    /// A request that was understood and is about to run. A class, since it goes from closure to closure.
    final class Ready: Sendable {
        let codec: ServerCodec
        let call: ServerCodec.Call
        let request: HTTPRequest
        let context: Context
        let reply: Reply
        /// Of a body that was taken out of its chunks, when it is on disk.
        let decodedPath: String?

        init(
            codec: ServerCodec, call: ServerCodec.Call, request: HTTPRequest, context: Context, reply: Reply,
            decodedPath: String?
        ) {
            self.codec = codec
            self.call = call
            self.request = request
            self.context = context
            self.reply = reply
            self.decodedPath = decodedPath
        }

        func response(_ result: Result<JSON, AWSError>) -> HTTPResponse {
            if let decodedPath { TemporaryFile.remove(decodedPath) }
            switch result {
            case .success(let output):
                var response = codec.encode(output, of: call, requestId: context.requestId)
                reply.apply(to: &response)
                return response
            case .failure(let error): return codec.encode(error, for: request, requestId: context.requestId)
            }
        }
    }

    /// - Parameters:
    ///   - request: path-style.
    ///   - original: as it was signed.
    ///   - done: gets each response with the name of the operation, where there is one.
    func serve(
        _ request: HTTPRequest, original: HTTPRequest, _ address: ServiceRouter.Address, _ scope: CredentialScope?,
        done: @escaping @Sendable (HTTPResponse, _ operation: String?) -> HTTPResponse
    ) -> HTTPServer.Answer {
        let requestId = requestId(address.service)
        guard let speaker = speaker(address.service) else {
            return .now(done(UnknownService.response(address.service, request, requestId), nil))
        }
        var operation: String?
        do throws(AWSError) {
            let ready = try prepare(request, original, address, scope, speaker, requestId, &operation)
            return answer(ready, address.service) { done($0, ready.call.operation.name) }
        } catch {
            return .now(done(speaker.codec.encode(error, for: request, requestId: requestId), operation))
        }
    }

    /// Runs an operation where that takes no task, commits one that is a write, or leaves the rest to a task.
    private func answer(
        _ ready: Ready, _ service: String, _ done: @escaping @Sendable (HTTPResponse) -> HTTPResponse
    ) -> HTTPServer.Answer {
        let name = ready.call.operation.name
        do throws(AWSError) {
            if let output = try host.registry.read(service, name, ready.call.input, ready.context) {
                return .now(done(ready.response(.success(output))))
            }
            guard let submission = try host.registry.submission(service, name, ready.call.input, ready.context) else {
                return run(ready, service, done)
            }
            return .afterCommit { recipient, then in
                self.host.store.submit(
                    needsSavepoint: submission.needsSavepoint, to: recipient, submission.write,
                    completion: { then(self.answer($0, submission.isTentative, ready, service, done)) })
            }
        } catch {
            return .now(done(ready.response(.failure(error))))
        }
    }

    private func answer(
        _ result: Result<ErasedOperation.Tree?, any Error>, _ isTentative: Bool, _ ready: Ready, _ service: String,
        _ done: @escaping @Sendable (HTTPResponse) -> HTTPResponse
    ) -> HTTPServer.Answer {
        switch result {
        case .success(let output?): .now(done(ready.response(Result(catching: output))))
        case .success(nil): run(ready, service, done)
        case .failure where isTentative: run(ready, service, done)
        case .failure(let error): .now(done(ready.response(.failure(host.awsError(of: error)))))
        }
    }

    private func run(
        _ ready: Ready, _ service: String, _ done: @escaping @Sendable (HTTPResponse) -> HTTPResponse
    ) -> HTTPServer.Answer {
        .later { [host] in
            let name = ready.call.operation.name
            do throws(AWSError) {
                let output = try await host.registry.dispatch(service, name, ready.call.input, ready.context)
                return done(ready.response(.success(output)))
            } catch {
                return done(ready.response(.failure(error)))
            }
        }
    }

    /// Verifies, decodes and validates.
    /// - Parameter operation: set as soon as it is known, also when the input turns out to be invalid.
    private func prepare(
        _ request: HTTPRequest, _ original: HTTPRequest, _ address: ServiceRouter.Address, _ scope: CredentialScope?,
        _ speaker: Speaker, _ requestId: String, _ operation: inout String?
    ) throws(AWSError) -> Ready {
        let account: String
        var request = request
        var chunks: SigV4.ChunkVerifier?
        if let keys = settings.accessKeys {
            (account, chunks) = try verify(original, keys, dialect(speaker.codec.service))
        } else {
            account = Self.account(scope)
        }
        let decodedPath = try unpack(&request, chunks, speaker.codec.service)
        do throws(AWSError) {
            let call = try speaker.codec.decode(request)
            operation = call.operation.name
            try speaker.validator.validate(call.input, call.operation.input)
            let reply = Reply()
            let context = Context(
                host: host, account: account, region: address.region ?? Self.defaultRegion, requestId: requestId,
                request: request, reply: reply)
            return Ready(
                codec: speaker.codec, call: call, request: request, context: context, reply: reply,
                decodedPath: decodedPath)
        } catch {
            if let decodedPath { TemporaryFile.remove(decodedPath) }
            throw error
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
