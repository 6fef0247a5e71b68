import AWSClient
import AWSWire
import ArgumentParser
import Foundation
import JSON

/// `baton run`: an execution, started and followed to its end.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start an execution and follow it to its end.",
        discussion: """
            The state machine is a name or an ARN on a running Baton, or a definition in a file, for which a Baton of its \
            own is started and thrown away afterwards:

              baton run nightly --input '{"day": "2026-01-31"}'
              baton run machine.asl.json --input-file input.json --clock skip

            The tree of states goes to standard error, the output to standard output. Exit status 0 when the execution \
            succeeds, else 1. Ctrl-C ends the following only: the execution goes on.
            """)

    @Argument(help: "A state machine's name or ARN (of a version or an alias too), or a file with a definition.")
    var machine: String

    @Option(help: "The input, JSON.")
    var input: String?

    @Option(help: "A file with the input; - is standard input.")
    var inputFile: String?

    @Option(help: "The execution's name; Baton makes one when absent.")
    var name: String?

    @Option(help: "For a definition in a file: real, or skip, which jumps over waiting times.")
    var clock = Serve.ClockKind.real

    @OptionGroup var endpoint: EndpointOption

    @Flag(help: "Print the whole description of the execution as one line of JSON.")
    var json = false

    func validate() throws {
        guard input == nil || inputFile == nil else { throw ValidationError("Give --input or --input-file, not both.") }
    }

    func run() async throws {
        let input = try readInput()
        do {
            guard FileManager.default.fileExists(atPath: machine) else {
                return try await execute(
                    Self.client(endpoint.url), Self.arn(of: machine, Self.client(endpoint.url)), input)
            }
            let definition = try String(contentsOfFile: machine, encoding: .utf8)
            try await OneShot.run(clock: clock) { client in
                let arn = try await OneShot.create(definition, client)
                try await execute(client, arn, input)
            }
        } catch let error as AWSError {
            throw Failure("\(error.message) (\(error.code))")
        }
    }

    private func readInput() throws -> String {
        if let inputFile {
            let data =
                inputFile == "-"
                ? FileHandle.standardInput.readDataToEndOfFile()
                : try Data(contentsOf: URL(fileURLWithPath: inputFile))
            return String(decoding: data, as: UTF8.self)
        }
        return input ?? "{}"
    }

    static func client(_ endpoint: String) -> AWSClient {
        var configuration = Configuration.ofProcess()
        configuration.endpoint = endpoint
        return AWSClient(configuration)
    }

    /// The ARN of a state machine that may be given by its name.
    static func arn(of machine: String, _ client: AWSClient) async throws -> String {
        if machine.hasPrefix("arn:") { return machine }
        var token: JSON?
        repeat {
            var input: JSON.Object = ["maxResults": 1000]
            input["nextToken"] = token
            let page = try await client.call("stepfunctions", "ListStateMachines", .object(input))
            for candidate in page["stateMachines"]?.array ?? [] where candidate["name"]?.string == machine {
                return candidate["stateMachineArn"]?.string ?? machine
            }
            token = page["nextToken"]
        } while token?.string != nil
        throw Failure("There is no state machine named \(machine), and no such file.")
    }

    private func execute(_ client: AWSClient, _ arn: String, _ input: String) async throws {
        var request: JSON.Object = ["stateMachineArn": .string(arn), "input": .string(input)]
        request["name"] = name.map(JSON.string)
        let started = try await client.call("stepfunctions", "StartExecution", .object(request))
        guard let execution = started["executionArn"]?.string else { throw Failure("The execution has no ARN.") }
        let terminal = Terminal()
        terminal.say(execution)
        let follower = ExecutionFollower(client: client, executionArn: execution, terminal: terminal)
        let end = try await follower.follow().description
        let status = end["status"]?.string ?? "?"
        terminal.say(Self.summary(end))
        if json {
            print(end.text())
        } else if let output = end["output"]?.string {
            print(output)
        }
        if status != "SUCCEEDED" { throw ExitCode.failure }
    }

    /// `SUCCEEDED in 3.2 s`, with error and cause where it failed.
    private static func summary(_ end: JSON) -> String {
        let seconds = (end["stopDate"]?.double ?? 0) - (end["startDate"]?.double ?? 0)
        var text = "\(end["status"]?.string ?? "?") in \(TreeText.duration(Int64(seconds * 1000)))"
        if let error = end["error"]?.string { text += ": \(error)" }
        if let cause = end["cause"]?.string { text += ": \(cause)" }
        return text
    }
}

/// A Baton of its own for one command, on an empty folder that goes away with it.
enum OneShot {
    static func run(
        clock: Serve.ClockKind, options: [String] = [], _ body: (AWSClient) async throws -> Void
    ) async throws {
        let folder =
            FileManager.default.temporaryDirectory.path + "/baton-run-\(ProcessInfo.processInfo.processIdentifier)"
        let words = ["--port", "0", "--data", folder, "--clock", clock.rawValue, "--log-level", "warning"] + options
        let node = try await Node.start(try Serve.parse(words))
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try await body(Run.client(node.endpoint))
        } catch {
            await node.stop()
            throw error
        }
        await node.stop()
    }

    static let roleArn = "arn:aws:iam::000000000000:role/baton-run"

    /// - Returns: the new state machine's ARN.
    static func create(_ definition: String, named name: String = "run", _ client: AWSClient) async throws -> String {
        let answer = try await client.call(
            "stepfunctions", "CreateStateMachine",
            ["name": .string(name), "definition": .string(definition), "roleArn": .string(roleArn)])
        return answer["stateMachineArn"]?.string ?? ""
    }
}
