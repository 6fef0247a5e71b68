import AWSClient
import AWSWire
import ArgumentParser
import CloudFormation
import Foundation
import JSON

/// `baton deploy`: a template with its local code becomes a stack, here or on AWS.
struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Deploy a template and its local code as a stack.",
        discussion: """
            Where the template names a local folder or file as code (`Code: ./function`, `CodeUri: ./src`), it is packed,
            uploaded under the hash of its contents, and the template pointed there. Then the stack is created or updated
            through a change set, with a line for each step. Parameters that are not given keep their values.

              baton deploy template.yaml --stack my-stack --parameter Environment=dev

            Without --endpoint-url and AWS_ENDPOINT_URL it goes to the Baton on this machine; with --aws to AWS itself,
            with the credentials and region of the environment. Exit status 1 when the stack could not be deployed.
            """)

    @Argument(help: "The template: YAML or JSON.")
    var template: String

    @Option(help: "Name of the stack.")
    var stack: String

    @Option(name: .customLong("parameter"), help: ArgumentHelp("A parameter of the template.", valueName: "name=value"))
    var parameters: [String] = []

    @Option(
        name: .customLong("tag"), help: ArgumentHelp("A tag of the stack and its resources.", valueName: "key=value"))
    var tags: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "What the template may do, for example CAPABILITY_NAMED_IAM. On this machine everything.")
    var capabilities: [String] = []

    @Option(name: .customLong("endpoint-url"), help: "Where to deploy (default: AWS_ENDPOINT_URL, else this machine).")
    var endpointURL: String?

    @Flag(help: "Deploy to AWS itself.")
    var aws = false

    @Option(help: "Region (default: AWS_REGION, else the profile's, else us-east-1).")
    var region: String?

    @Option(
        name: .customLong("s3-bucket"), help: "Bucket for packed code (default: one of its own, made when missing).")
    var bucket: String?

    @Flag(help: "Print the outcome as one line of JSON; progress goes to standard error.")
    var json = false

    func run() async throws {
        let client = AWSClient(configuration())
        let isLocal = Self.isLoopback(client.configuration.endpoint)
        let progress = DeployProgress(isQuiet: json)
        let target = StackDeployment(
            client: client, stack: stack,
            capabilities: isLocal && capabilities.isEmpty ? Self.everything : capabilities,
            parameters: try pairs(parameters, "--parameter"), tags: try pairs(tags, "--tag"),
            pollMs: isLocal ? 100 : 2000, progress: progress)
        do {
            let packer = CodePacker(client: client, bucketName: bucket, stack: stack, progress: progress)
            let body = try await packer.pack(templateAt: template)
            let outcome = try await target.deploy(body, packer)
            report(outcome)
            if !outcome.isSuccess { throw ExitCode.failure }
        } catch let error as AWSError {
            throw Failure("\(error.message) (\(error.code))")
        }
    }

    static let everything = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]

    private func configuration() -> Configuration {
        var configuration = Configuration.ofProcess()
        configuration.endpoint = aws ? nil : endpointURL ?? configuration.endpoint ?? "http://127.0.0.1:4566"
        if aws { configuration.endpoints = [:] }
        if let region { configuration.region = region }
        return configuration
    }

    static func isLoopback(_ endpoint: String?) -> Bool {
        guard let host = endpoint.flatMap({ URL(string: $0)?.host }) else { return false }
        return host == "localhost" || host.hasPrefix("127.") || host == "::1" || host.hasSuffix(".localhost")
    }

    private func pairs(_ texts: [String], _ option: String) throws -> [(name: String, value: String)] {
        try texts.map { text in
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw Failure("\(option) needs the form NAME=VALUE, not \(text).")
            }
            return (String(text[..<equals]), String(text[text.index(after: equals)...]))
        }
    }

    private func report(_ outcome: StackDeployment.Outcome) {
        if json {
            var outputs = JSON.Object()
            for (name, value) in outcome.outputs { outputs[name] = .string(value) }
            let result: JSON = [
                "stack": .string(stack), "stackId": .string(outcome.stackId), "status": .string(outcome.status),
                "changed": .bool(outcome.isChanged), "outputs": .object(outputs),
            ]
            return print(result.text())
        }
        if !outcome.isChanged {
            print("No changes: stack \(stack) is up to date (\(outcome.status)).")
        } else {
            print("Stack \(stack): \(outcome.status)")
        }
        guard !outcome.outputs.isEmpty else { return }
        let width = outcome.outputs.map(\.name.count).max() ?? 0
        print("Outputs:")
        for (name, value) in outcome.outputs {
            print("  \(name.padding(toLength: width, withPad: " ", startingAt: 0))  \(value)")
        }
    }
}

/// The lines that tell how far a deployment is.
struct DeployProgress: Sendable {
    /// Standard output is kept for the outcome.
    let isQuiet: Bool

    func say(_ text: String) {
        if isQuiet {
            FileHandle.standardError.write(Data((text + "\n").utf8))
        } else {
            print(text)
            fflush(nil)
        }
    }
}
