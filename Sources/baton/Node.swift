import AWSWire
import BatonCore
import BatonHTTP
import BatonStore
import Foundation
import Logging

/// One running Baton: store, services and listener put together.
final class Node: Sendable {
    let host: BatonCore.Host
    let server: HTTPServer
    let endpoint: String
    private let outbound: OutboundHTTP

    private init(host: BatonCore.Host, server: HTTPServer, endpoint: String, outbound: OutboundHTTP) {
        self.host = host
        self.server = server
        self.endpoint = endpoint
        self.outbound = outbound
    }

    /// How long requests in flight may take to end after SIGTERM.
    private static let graceMs: Int64 = 10_000

    static func start(_ options: Serve) async throws -> Node {
        let logger = Logger(label: "baton")
        let services = Composition.services()
        let folder = URL(fileURLWithPath: options.data).standardizedFileURL.path
        let store = try Store(
            .folder(folder), clock: options.clock == .real ? RealClock() : SkippingClock(),
            migrations: services.flatMap { type(of: $0).migrations }
        ) { error in
            logger.critical("\(error.description)")
            exit(EXIT_FAILURE)
        }
        let outbound = OutboundHTTP()
        let routes = Dictionary(options.routes.map { ($0.service, $0.call) }) { _, last in last }
        let registry = Registry(services, routes: routes)
        let host = BatonCore.Host(
            store: store, registry: registry, random: RandomSource(), logger: logger, http: outbound,
            listening: LoopbackListening(), endpoint: "http://127.0.0.1:\(options.port)")
        var settings = Gateway.Settings()
        settings.version = Baton.version
        if !options.accessKeys.isEmpty { settings.accessKeys = keys(options.accessKeys, host) }
        settings.allowedOrigins = options.allowOrigin
        var configuration = HTTPServer.Configuration()
        configuration.host = options.host
        configuration.port = options.port
        configuration.spoolFolder = folder + "/spool"
        let server = Gateway(host, settings).server(configuration)
        let port = try await server.start()
        host.endpoint = "http://\(options.host == "0.0.0.0" ? "127.0.0.1" : options.host):\(port)"
        try await host.start()
        return Node(host: host, server: server, endpoint: host.endpoint, outbound: outbound)
    }

    /// The account of a key is its id where that has 12 digits, else the default one. What Baton runs may call as well.
    private static func keys(_ texts: [String], _ host: BatonCore.Host) -> @Sendable (String) -> Gateway.AccessKey? {
        let keys = Dictionary(
            texts.map { text in
                let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
                let id = parts.first ?? ""
                let account = AccessKeyId.account(of: id) ?? "000000000000"
                return (id, Gateway.AccessKey(secret: parts.last ?? "", account: account))
            }
        ) { first, _ in first }
        return { [secret = host.innerSecret] id in
            keys[id] ?? (AccessKeyId.account(of: id) == id ? Gateway.AccessKey(secret: secret, account: id) : nil)
        }
    }

    func stop() async {
        // The listener waits for the requests in flight; the services release those that wait.
        async let stopped: Void = server.stop(graceMs: Self.graceMs)
        await host.stopServices()
        await stopped
        await host.store.close()
        await outbound.close()
    }
}
