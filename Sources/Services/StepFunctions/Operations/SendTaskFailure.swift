import AWSWire
import BatonCore
import JSON

/// Ends the attempt of a token with an error.
/// Errors: InvalidToken, TaskTimedOut. Source: Step Functions API reference, SendTaskFailure.
enum SendTaskFailure: Operation {
    struct Input: Decodable, Sendable {
        let taskToken: String
        let error: String?
        let cause: String?
    }
    typealias Output = Nothing

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        try await TokenAnswer.bring(input.taskToken, .failure(error: input.error, cause: input.cause), context)
    }
}
