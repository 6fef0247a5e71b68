import ArgumentParser
import BatonProcess

/// The command. Everything else is in its subcommands.
@main
struct Baton: AsyncParsableCommand {
    static let version = "0.1.0"

    /// The mode that the service for batch jobs starts comes before everything that would make a second thread.
    static func main() async {
        if CommandLine.arguments.dropFirst().first == Nursery.argument { Nursery.run() }
        await main(nil)
    }

    static let configuration = CommandConfiguration(
        // Each command says its name: the argument parser would find it by a search through all types of the program.
        commandName: "baton",
        abstract: "A durable job orchestrator that speaks AWS.",
        discussion: """
            One process holds queues, topics, tables, functions and stacks behind AWS's own APIs. Start it:

              baton serve

            then point any AWS SDK, the AWS CLI, SAM or Terraform at it:

              export AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
              aws sqs create-queue --queue-name hello

            and deploy a template with its local code:

              baton deploy template.yaml --stack my-stack
            """,
        version: version,
        subcommands: [
            Serve.self, Deploy.self, Run.self, Test.self, EvaluateJSONata.self, Jobs.self, ScheduleCommand.self,
            Logs.self, Status.self, Doctor.self, Reset.self, BenchmarkEcho.self, BenchmarkStore.self,
            BenchmarkJSONata.self,
        ])
}
