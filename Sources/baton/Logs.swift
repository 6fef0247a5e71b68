import AWSClient
import AWSWire
import ArgumentParser
import BatonStore
import JSON

/// `baton logs`: what a function or any log group has written.
struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show the log of a function or a log group.",
        discussion: """
            A name that begins with / is a log group, any other a function.

              baton logs my-function --follow
              baton logs /aws/lambda/my-function --since 60 --filter ERROR
            """)

    @Argument(help: "A function or a log group.")
    var name: String

    @Flag(help: "Go on with what is written from now on; stop with Ctrl-C.")
    var follow = false

    @Option(help: "How far back to begin, in minutes.")
    var since = 10

    @Option(help: "Only events that this filter pattern matches.")
    var filter: String?

    @OptionGroup var endpoint: EndpointOption

    @Flag(help: "Print each event as one line of JSON.")
    var json = false

    func run() async throws {
        var configuration = Configuration.ofProcess()
        configuration.endpoint = endpoint.url
        let client = AWSClient(configuration)
        let clock = RealClock()
        var start = clock.nowMs - Int64(since) * 60_000
        // Events of the same millisecond may come in two answers; their ids tell them apart.
        var shown: Set<String> = []
        repeat {
            var token: JSON?
            repeat {
                let page = try await events(client, since: start, token)
                for event in page["events"]?.array ?? [] {
                    guard shown.insert(event["eventId"]?.string ?? "").inserted else { continue }
                    start = max(start, Int64(event["timestamp"]?.int ?? 0))
                    show(event)
                }
                token = page["nextToken"]
            } while token != nil
            if follow { await clock.wait(untilMs: clock.nowMs + 500) }
        } while follow
    }

    private func events(_ client: AWSClient, since start: Int64, _ token: JSON?) async throws -> JSON {
        var input: JSON = [
            "logGroupName": .string(name.hasPrefix("/") ? name : "/aws/lambda/\(name)"),
            "startTime": .number(Int(start)),
        ]
        input["filterPattern"] = filter.map { .string($0) }
        input["nextToken"] = token
        do {
            return try await client.call("logs", "FilterLogEvents", input)
        } catch {
            // A function's group is made with its first line.
            if follow, error.code == "ResourceNotFoundException" { return [:] }
            throw Failure("\(error.message) (\(error.code))")
        }
    }

    private func show(_ event: JSON) {
        if json { return print(event.text()) }
        let time = Timestamp.iso8601(Int64(event["timestamp"]?.int ?? 0), showsMilliseconds: true)
        var message = event["message"]?.string ?? ""
        while message.hasSuffix("\n") { message.removeLast() }
        print("\(time)  \(message)")
    }
}
