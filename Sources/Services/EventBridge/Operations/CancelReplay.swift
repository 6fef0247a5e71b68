import AWSWire
import BatonCore
import BatonStore
import JSON

/// Ends a replay that runs. Errors: ResourceNotFoundException, IllegalStatusException. Source: API reference,
/// CancelReplay.
enum CancelReplay: WriteOperation {
    struct Input: Decodable, Sendable { let replayName: String }

    typealias Output = JSON

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<JSON> {
        { transaction in
            var replay = try Replay.require(input.replayName, context, transaction.db)
            guard ["STARTING", "RUNNING"].contains(replay.state) else {
                throw EventsError.illegalStatus("Replay \(replay.name) is not in a valid state for this operation.")
            }
            replay.state = "CANCELLED"
            replay.endedMs = transaction.nowMs
            try replay.save(transaction)
            return ["ReplayArn": .string(replay.arn), "State": "CANCELLING"]
        }
    }
}
