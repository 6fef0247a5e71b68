import ArgumentParser
import BatonCore
import BatonHTTP
import BatonStore
import Foundation
import Logging

/// `baton serve`: the server.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Start Baton.",
        discussion: """
            Prints one line when it is ready and then logs to standard error. Stop it with Ctrl-C or SIGTERM: requests in \
            flight end, waiting ones are released. After a crash, start it again on the same folder: everything that was \
            acknowledged is there, everything that was running goes on.
            """)

    enum ClockKind: String, ExpressibleByArgument, CaseIterable { case real, skip }

    @Option(help: "Address to listen on. Other than loopback needs access keys, or --insecure-listen.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 4566

    @Option(help: "Data folder; made when absent.")
    var data = ".baton"

    @Option(help: "real, or skip: when nothing can run before the next timer, time jumps to it.")
    var clock = ClockKind.real

    @Option(
        name: .customLong("access-key"),
        help: "An access key as ID:SECRET; may be repeated. With at least one, every signature is verified.")
    var accessKeys: [String] = []

    @Option(
        name: .customLong("route"),
        help: ArgumentHelp(
            "A service that lives elsewhere: on AWS, or at a URL; may be repeated.", valueName: "service=aws|URL"))
    var routes: [ServiceRoute] = []

    @Flag(help: "Listen on any address without verifying signatures. Whoever reaches the port can do everything.")
    var insecureListen = false

    @Option(help: "A web origin whose pages may call this server; may be repeated.")
    var allowOrigin: [String] = []

    @Option(help: "trace, debug, info, notice, warning or error.")
    var logLevel = "info"

    @Flag(help: "Print the ready line as JSON.")
    var json = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes a number from 0 to 65535.") }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level takes trace, debug, info, notice, warning or error, not '\(logLevel)'.")
        }
        for key in accessKeys where !key.contains(":") {
            throw ValidationError("--access-key takes ID:SECRET, not '\(key)'.")
        }
        guard ListenAddress.isLoopback(host) || insecureListen || !accessKeys.isEmpty else {
            throw ValidationError(
                """
                \(host) can be reached from other machines, and without access keys everybody could do everything. \
                Configure keys with --access-key ID:SECRET, or say --insecure-listen.
                """)
        }
    }

    func run() async throws {
        let level = Logger.Level(rawValue: logLevel) ?? .info
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        let signals = try Signals()
        let node: Node
        do {
            node = try await Node.start(self)
        } catch {
            throw Failure(error)
        }
        ProgramPages.release()
        announce(node)
        let signal = await signals.first()
        node.host.logger.notice("stopping", metadata: ["signal": "\(signal)"])
        await node.stop()
    }

    private func announce(_ node: Node) {
        let milliseconds = ProcessStart.elapsedMs
        if json {
            print(
                """
                {"endpoint":"\(node.endpoint)","data":"\(node.host.store.folder)","readyMs":\(milliseconds),\
                "pid":\(ProcessInfo.processInfo.processIdentifier)}
                """)
        } else {
            print(
                """
                Baton \(Baton.version) is ready at \(node.endpoint) after \(milliseconds) ms. \
                Data: \(node.host.store.folder). Dashboard: \(node.endpoint)/_baton/
                """)
        }
        fflush(nil)
    }
}

/// An error whose description already tells what to do.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ error: any Error) { description = "\(error)" }
    init(_ description: String) { self.description = description }
}
