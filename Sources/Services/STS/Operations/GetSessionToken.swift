import AWSWire
import BatonCore
import JSON

/// Temporary credentials for the caller. Limit: 900–129600 s (43200). Source: API reference, GetSessionToken.
enum GetSessionToken: Operation {
    struct Input: Decodable, Sendable { let durationSeconds: Int? }
    struct Output: Encodable, Sendable { let credentials: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let identity = try await Identity.caller(context)
        let session = Session(identity, seconds: input.durationSeconds ?? 43_200, context)
        try await session.save(context)
        return Output(credentials: session.credentials)
    }
}
