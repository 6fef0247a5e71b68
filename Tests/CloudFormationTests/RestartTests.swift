import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import JSON
import SQS
import Testing

@testable import CloudFormation

/// Operations on stacks go on after a restart, from the step at which they were.
struct RestartTests {
    /// Queues that cannot be made, for a reason that may pass.
    private final class BrokenQueues: Service {
        static let id = "sqs"
        static let operations: [any BatonCore.Operation.Type] = [CreateQueue.self]
        static let migrations: [Migration] = SQS.migrations

        enum CreateQueue: BatonCore.Operation {
            static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
                throw AWSError("ServiceUnavailable", "later", status: 503)
            }
        }
    }

    @Test func creationGoesOn() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cfn-restart-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ControlledClock()
        let template = """
            Resources:
              A: {Type: AWS::SQS::Queue}
              B: {Type: AWS::SQS::Queue, DependsOn: A}
            """
        let first = try await TestHost([BrokenQueues(), CloudFormation()], place: .folder(folder), clock: clock)
        try await first.call("cloudformation", "CreateStack", ["StackName": "s", "TemplateBody": .string(template)])
        await first.advance(byMs: 0)
        #expect(try await status(first) == "CREATE_IN_PROGRESS")
        await first.host.stop()

        let second = try await TestHost([SQS(), CloudFormation()], place: .folder(folder), clock: clock)
        await second.advance(byMs: 10_000)
        #expect(try await status(second) == "CREATE_COMPLETE")
        #expect(try await second.call("sqs", "ListQueues")["QueueUrls"]?.array?.count == 2)
        let events = try await second.call("cloudformation", "DescribeStackEvents", ["StackName": "s"])
        let begun = (events["StackEvents"]?.array ?? []).filter {
            $0["LogicalResourceId"] == "A" && $0["ResourceStatus"] == "CREATE_IN_PROGRESS"
        }
        #expect(begun.count == 2)
        await second.host.stop()
    }

    private func status(_ host: TestHost) async throws -> JSON? {
        try await host.call("cloudformation", "DescribeStacks", ["StackName": "s"])["Stacks"]?[0]?["StackStatus"]
    }
}
