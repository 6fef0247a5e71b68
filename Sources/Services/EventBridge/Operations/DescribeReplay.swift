import AWSWire
import BatonCore
import BatonStore
import JSON

/// One replay. Errors: ResourceNotFoundException. Source: API reference, DescribeReplay.
enum DescribeReplay: BatonCore.Operation {
    struct Input: Decodable, Sendable { let replayName: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let replay = try context.read { try Replay.require(input.replayName, context, $0) }
        var result = replay.listed
        result["ReplayArn"] = .string(replay.arn)
        result["Description"] = replay.description.map { .string($0) }
        result["Destination"] = replay.destination
        return result
    }
}
