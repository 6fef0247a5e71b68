import AWSWire
import BatonCore
import JSON

/// Ends the attempt of a token with its output, which is JSON of at most 256 KiB.
/// Errors: InvalidToken, InvalidOutput, TaskTimedOut. Source: Step Functions API reference, SendTaskSuccess.
enum SendTaskSuccess: Operation {
    struct Input: Decodable, Sendable {
        let taskToken: String
        let output: String
    }
    typealias Output = Nothing

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        guard TaskToken(input.taskToken) != nil else { throw StepFunctionsError.invalidPageToken }
        guard let output = try? JSON.parse(input.output) else { throw StepFunctionsError.invalidOutput }
        return try await TokenAnswer.bring(input.taskToken, .success(output), context)
    }
}

/// What the three operations that bring a token have in common.
enum TokenAnswer {
    static func bring(
        _ token: String, _ what: Engine.Brought, _ context: Context
    ) async throws(AWSError) -> Nothing {
        let isMeant: Bool
        do {
            isMeant = try await context.service(StepFunctions.self).engine.bring(token, what)
        } catch {
            throw context.host.awsError(of: error)
        }
        guard isMeant else { throw StepFunctionsError.taskTimedOut }
        return Nothing()
    }
}
