import AWSWire
import BatonCore
import BatonStore
import JSON

extension Lambda {
    /// Runs one event to its end.
    /// Errors: ResourceNotFoundException, TooManyRequestsException, ServiceException; what the function does wrong is in
    /// the result.
    func run(
        _ reference: FunctionReference, _ payload: [UInt8], requestId: String, clientContext: String? = nil,
        traceId: String? = nil, wantsLogTail: Bool = false, _ context: Context
    ) async throws(AWSError) -> (result: InvocationResult, version: FunctionVersion) {
        let target = try await functions.target(reference, self, context)
        let chosen = target.choose { context.random.double() }
        let invocation = Invocation(
            requestId: requestId, payload: payload.isEmpty ? Array("{}".utf8) : payload,
            invokedArn: reference.arn.description, clientContext: clientContext,
            traceId: traceId ?? Self.traceId(context), wantsLogTail: wantsLogTail)
        let result = try await pool.run(
            chosen.version, reserved: target.reserved, invocation, chosen.launch, context.host)
        return (result, chosen.version)
    }

    /// `Root=1-<epoch seconds>-<24 digits>;Parent=<16 digits>;Sampled=0`
    static func traceId(_ context: Context) -> String {
        let seconds = String(context.nowMs / 1000, radix: 16)
        return "Root=1-\(seconds)-\(context.random.hex(24));Parent=\(context.random.hex(16));Sampled=0"
    }
}
