import AWSWire
import BatonCore
import JSON

/// The old form of an `Event` invocation.
/// Errors: as ``Invoke``. Source: Lambda API reference, InvokeAsync.
enum InvokeAsync: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let invokeArgs: JSON
    }
    struct Output: Encodable, Sendable { let status: Int }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let output = try await Invoke.run(
            Invoke.Input(
                functionName: input.functionName, qualifier: nil, invocationType: "Event", logType: nil,
                clientContext: nil, payload: input.invokeArgs), context)
        return Output(status: output.statusCode)
    }
}
