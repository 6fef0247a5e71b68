import AWSWire
public import BatonCore
import AWSModel
import BatonStore
import Logging
import NIOCore
import Synchronization

/// The way of a request from the socket to an operation and back: it finds the service, decodes and validates the
/// input, runs the operation and encodes its output, or its error, in the caller's protocol.
public final class Gateway: Sendable {
    public struct Settings: Sendable {
        public var version = "0.0.0"
        /// Who may call, by access key id. nil asks nobody for a signature; then the key id may be a 12-digit account.
        public var accessKeys: (@Sendable (_ id: String) -> AccessKey?)?
        /// Names of this server under which buckets and services may appear as host names.
        public var domains: [String] = []
        /// Web pages that may call, besides those of this machine, for example `https://app.example.com`, or `*`.
        public var allowedOrigins: [String] = []

        public init() {}
    }

    /// One who may call.
    public struct AccessKey: Sendable {
        public var secret: String
        /// 12 digits.
        public var account: String

        public init(secret: String, account: String) {
            self.secret = secret
            self.account = account
        }
    }

    static let defaultAccount = "000000000000"
    static let defaultRegion = "us-east-1"

    let host: Host
    let settings: Settings
    let metrics: RequestMetrics
    private let server = Mutex(WeakServer())
    let startedAt = NIODeadline.now()
    private let router: ServiceRouter
    private let origins: CrossOrigin
    private let speakers = Mutex<[String: Speaker]>([:])
    /// Operations that have been called, by their `X-Amz-Target`.
    private let targets = Mutex<[String: Served]>([:])

    /// The server holds the gateway, not the other way round.
    private struct WeakServer {
        weak var value: HTTPServer?
    }

    public init(_ host: Host, _ settings: Settings = Settings()) {
        self.host = host
        self.settings = settings
        metrics = RequestMetrics(host.registry)
        router = ServiceRouter(domains: settings.domains)
        origins = CrossOrigin(allowed: settings.allowedOrigins)
    }

    /// A server for this gateway, not yet started. What the gateway knows better than `configuration` it sets there:
    /// the rules for bodies, the answers to refused requests and the clock.
    public func server(_ configuration: HTTPServer.Configuration) -> HTTPServer {
        var configuration = configuration
        let clock = host.clock
        configuration.dateMs = { clock.nowMs }
        configuration.bodyRule = { [router] in BodyLimits.rule($0, router) }
        configuration.refusal = { [weak self] in self?.answer($0) ?? $0.plainResponse }
        let server = HTTPServer(configuration, answering: { [self] in answer($0) })
        self.server.withLock { $0.value = server }
        return server
    }

    var statistics: HTTPServer.Statistics {
        server.withLock { $0.value }?.statistics ?? HTTPServer.Statistics()
    }

    func answer(_ request: HTTPRequest) -> HTTPServer.Answer {
        // An API of a user says itself which web pages may call it.
        if APIAddress.isNamed(by: request), host.isStarted {
            return .later { await self.answer(api: request) }
        }
        // So do paths of services, such as the URLs of functions.
        if request.path.utf8.starts(with: "/_".utf8), host.isStarted, let answer = host.pathAnswer(request) {
            return .later { [host] in
                host.clock.beginActivity()
                defer { host.clock.endActivity() }
                return await answer(request, host)
            }
        }
        switch origins.decide(request) {
        case .none: return allowed(request)
        case .refuse:
            let text = "Web pages of other origins may not call this server; see --allow-origin.\n"
            return .now(
                HTTPResponse(
                    status: 403, headers: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
            )
        case .allow(let origin):
            let isQuestion = request.method == "OPTIONS" && request.headers["Access-Control-Request-Method"] != nil
            let answer = isQuestion ? .now(CrossOrigin.preflight(request)) : allowed(request)
            return answer.map { response in
                var response = response
                CrossOrigin.allow(origin, &response)
                return response
            }
        }
    }

    private func answer(api request: HTTPRequest) async -> HTTPResponse {
        host.clock.beginActivity()
        defer { host.clock.endActivity() }
        return await host.answer(api: request)
    }

    private func allowed(_ request: HTTPRequest) -> HTTPServer.Answer {
        // No bucket may begin with an underscore, so that these paths are free.
        if request.path.utf8.starts(with: "/_".utf8) {
            if let service = beyond(request) { return .later { await self.answer(request, beyond: service) } }
            if let page = ownPage(request) { return .now(page) }
        }
        // The port is bound a moment before the services stand; every client tries again after this answer.
        guard host.isStarted else {
            return .now(
                HTTPResponse(
                    status: 503, headers: ["Retry-After": "1"], body: .bytes(Array("Baton is starting.\n".utf8))))
        }
        if request.method == "OPTIONS" {
            return .now(
                HTTPResponse(status: 204, headers: ["Allow": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"]))
        }
        host.clock.beginActivity()
        let scope = CredentialScope.parse(request)
        let target = request.headers["X-Amz-Target"]
        let served = target.flatMap { target in targets.withLock { $0[target] } }
        let address =
            served.map { ServiceRouter.Address(service: $0.speaker.id, region: scope?.namedRegion) }
            ?? router.address(request, scope: scope)
        return serve(Arrival(request: request, scope: scope, address: address, served: served))
    }

    /// The end of every request that was meant for a service.
    func finished(_ response: HTTPResponse, _ line: RequestMetrics.Line, since startedAt: NIODeadline) -> HTTPResponse {
        let nanoseconds = (NIODeadline.now() - startedAt).nanoseconds
        line.record(status: response.status, nanoseconds: nanoseconds)
        host.logger.debug(
            "request",
            metadata: [
                "service": "\(line.service)", "operation": "\(line.operation)", "status": "\(response.status)",
                "microseconds": "\(nanoseconds / 1000)",
            ])
        host.clock.endActivity()
        return response
    }

    func speaker(_ service: String) -> Speaker? {
        speakers.withLock { speakers in
            if let speaker = speakers[service] { return speaker }
            guard let model = ServiceModel.named(service) else { return nil }
            let speaker = Speaker(model)
            speakers[service] = speaker
            return speaker
        }
    }

    /// Spares the next request to the same target all looking up.
    func remember(_ served: Served, target: String) { targets.withLock { $0[target] = served } }

    /// A request that the transport refuses is answered in the words of its service where that is known.
    private func answer(_ refusal: HTTPServer.Refusal) -> HTTPResponse {
        guard let head = refusal.head else { return refusal.plainResponse }
        let address = router.address(head, scope: CredentialScope.parse(head))
        let error: AWSError
        switch refusal.reason {
        case .bodyTooLarge(let limit): error = BodyLimits.error(service: address.service, limit: limit)
        case .spoolFailed: error = BodyLimits.unstorable
        default: return refusal.plainResponse
        }
        guard let speaker = speaker(address.service) else { return refusal.plainResponse }
        return speaker.codec.encode(error, for: address.pathStyle(head), requestId: requestId(address.service))
    }
}
