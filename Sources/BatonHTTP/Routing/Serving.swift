import AWSModel
import AWSWire
import BatonCore
import BatonStore
import JSON
import NIOCore

extension Gateway {
    /// How a service speaks.
    final class Speaker: Sendable {
        let id: String
        let codec: ServerCodec
        let validator: Validator

        init(_ model: ServiceModel) {
            id = model.id
            codec = ServerCodec(model)
            validator = Validator(model)
        }
    }

    /// All that the requests of one operation need, found once.
    final class Served: Sendable {
        let speaker: Speaker
        let operation: OperationModel
        let erased: ErasedOperation
        let line: RequestMetrics.Line

        init(_ speaker: Speaker, _ operation: OperationModel, _ erased: ErasedOperation, _ line: RequestMetrics.Line) {
            self.speaker = speaker
            self.operation = operation
            self.erased = erased
            self.line = line
        }
    }

    /// A request of which the service is known.
    struct Arrival {
        /// As it was signed.
        let request: HTTPRequest
        let scope: CredentialScope?
        let address: ServiceRouter.Address
        /// When this operation was called before.
        let served: Served?
        let startedAt = NIODeadline.now()
    }

    /// A request that was understood and is about to run.
    final class Ready: Sendable {
        let served: Served
        let call: ServerCodec.Call
        let request: HTTPRequest
        let context: Context
        let reply: Reply
        let startedAt: NIODeadline
        /// Of a body that was taken out of its chunks, when it is on disk.
        let decodedPath: String?

        init(
            _ served: Served, _ call: ServerCodec.Call, _ request: HTTPRequest, _ context: Context, _ reply: Reply,
            _ startedAt: NIODeadline, decodedPath: String?
        ) {
            self.served = served
            self.call = call
            self.request = request
            self.context = context
            self.reply = reply
            self.startedAt = startedAt
            self.decodedPath = decodedPath
        }
    }

    func serve(_ arrival: Arrival) -> HTTPServer.Answer {
        let service = arrival.address.service
        let requestId = requestId(service)
        // Path-style.
        let request = arrival.address.pathStyle(arrival.request)
        guard let speaker = arrival.served?.speaker ?? speaker(service) else {
            let response = UnknownService.response(service, request, requestId)
            return .now(finished(response, metrics.line(service, nil), since: arrival.startedAt))
        }
        var operation: String?
        do throws(AWSError) {
            return answer(try prepare(request, arrival, speaker, requestId, &operation))
        } catch {
            let response = speaker.codec.encode(error, for: request, requestId: requestId)
            return .now(finished(response, metrics.line(service, operation), since: arrival.startedAt))
        }
    }

    /// Runs an operation where that takes no task, commits one that is a write, or leaves the rest to a task.
    private func answer(_ ready: Ready) -> HTTPServer.Answer {
        let (erased, input, context) = (ready.served.erased, ready.call.input, ready.context)
        do throws(AWSError) {
            if let read = erased.read { return .now(finished(ready, .success(try read(input, context)))) }
            guard let submission = try erased.submission?(input, context) else { return run(ready) }
            return .afterCommit { recipient, then in
                self.host.store.submit(
                    needsSavepoint: submission.needsSavepoint, to: recipient, submission.write,
                    completion: { then(self.answer($0, submission.isTentative, ready)) })
            }
        } catch {
            return .now(finished(ready, .failure(error)))
        }
    }

    private func answer(
        _ result: Result<ErasedOperation.Tree?, any Error>, _ isTentative: Bool, _ ready: Ready
    ) -> HTTPServer.Answer {
        switch result {
        case .success(let output?): .now(finished(ready, Result(catching: output)))
        case .success(nil): run(ready)
        case .failure where isTentative: run(ready)
        case .failure(let error): .now(finished(ready, .failure(host.awsError(of: error))))
        }
    }

    private func run(_ ready: Ready) -> HTTPServer.Answer {
        .later {
            do throws(AWSError) {
                let output = try await ready.served.erased.run(ready.call.input, ready.context)
                return self.finished(ready, .success(output))
            } catch {
                return self.finished(ready, .failure(error))
            }
        }
    }

    private func finished(_ ready: Ready, _ result: Result<JSON, AWSError>) -> HTTPResponse {
        if let path = ready.decodedPath { TemporaryFile.remove(path) }
        let codec = ready.served.speaker.codec
        var response: HTTPResponse
        switch result {
        case .success(let output):
            response = codec.encode(output, of: ready.call, requestId: ready.context.requestId)
            ready.reply.apply(to: &response)
        case .failure(let error):
            response = codec.encode(error, for: ready.request, requestId: ready.context.requestId)
        }
        return finished(response, ready.served.line, since: ready.startedAt)
    }

    /// Verifies, decodes and validates.
    /// - Parameter operation: set as soon as it is known, also when the input turns out to be invalid.
    private func prepare(
        _ request: HTTPRequest, _ arrival: Arrival, _ speaker: Speaker, _ requestId: String, _ operation: inout String?
    ) throws(AWSError) -> Ready {
        let account: String
        var request = request
        var chunks: SigV4.ChunkVerifier?
        if let keys = settings.accessKeys {
            (account, chunks) = try verify(arrival.request, keys, dialect(speaker.codec.service))
        } else {
            account = Self.account(arrival.scope)
        }
        let decodedPath = try unpack(&request, chunks, speaker.codec.service)
        do throws(AWSError) {
            let call =
                if let served = arrival.served {
                    try speaker.codec.decode(request, as: served.operation)
                } else {
                    try speaker.codec.decode(request)
                }
            operation = call.operation.name
            try speaker.validator.validate(call.input, call.operation.input)
            let reply = Reply()
            let context = Context(
                host: host, account: account, region: arrival.address.region ?? Self.defaultRegion,
                requestId: requestId, request: request, reply: reply)
            let served = if let served = arrival.served { served } else { try served(speaker, call, request) }
            return Ready(served, call, request, context, reply, arrival.startedAt, decodedPath: decodedPath)
        } catch {
            if let decodedPath { TemporaryFile.remove(decodedPath) }
            throw error
        }
    }

    private func served(
        _ speaker: Speaker, _ call: ServerCodec.Call, _ request: HTTPRequest
    ) throws(AWSError) -> Served {
        let name = call.operation.name
        let erased = try host.registry.find(speaker.id, name)
        let served = Served(speaker, call.operation, erased, metrics.line(speaker.id, name))
        // Other requests tell their operation elsewhere, also when they have this field.
        if case .json = call.wire, let target = request.headers["X-Amz-Target"] { remember(served, target: target) }
        return served
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
