import AWSWire
import BatonCore
import JSON

/// Begins `HeartbeatSeconds` of the token's attempt anew.
/// Errors: InvalidToken, TaskTimedOut. Source: Step Functions API reference, SendTaskHeartbeat.
enum SendTaskHeartbeat: Operation {
    struct Input: Decodable, Sendable { let taskToken: String }
    typealias Output = Nothing

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        try await TokenAnswer.bring(input.taskToken, .heartbeat, context)
    }
}
