import ArgumentParser
import AWSWire
import Foundation
import JSON

/// `baton status`: whether a Baton runs, and what it holds.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show whether Baton runs, and its services.",
        discussion: "Exit status 1 when it cannot be reached.")

    @OptionGroup var endpoint: EndpointOption

    @Flag(help: "Print Baton's own JSON.")
    var json = false

    func run() async throws {
        let http = OutboundHTTP()
        let answer: HTTPResponse
        do {
            answer = try await http.send(
                HTTPRequest(method: "GET", path: "/_baton/health"), to: endpoint.url + "/_baton/health", timeoutMs: 5000
            )
        } catch {
            await http.close()
            throw Failure(
                "No Baton answers at \(endpoint.url). Start one with `baton serve`, or name it with --endpoint-url.")
        }
        await http.close()
        guard case .bytes(let bytes) = answer.body, let health = try? JSON.parse(bytes) else {
            throw Failure("What answers at \(endpoint.url) is not a Baton.")
        }
        if json { return print(health.text()) }
        print("Baton \(health["version"]?.string ?? "?") at \(endpoint.url): \(health["status"]?.string ?? "?")")
        for (name, state) in health["services"]?.object ?? [:] { print("  \(name): \(state.string ?? state.text())") }
    }
}

/// Where commands find Baton: `--endpoint-url`, else `AWS_ENDPOINT_URL`, else the default port.
struct EndpointOption: ParsableArguments {
    @Option(
        name: .customLong("endpoint-url"), help: "Baton's URL (default: AWS_ENDPOINT_URL, else http://127.0.0.1:4566).")
    var endpointURL: String?

    var url: String {
        let text = endpointURL ?? ProcessInfo.processInfo.environment["AWS_ENDPOINT_URL"] ?? "http://127.0.0.1:4566"
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
