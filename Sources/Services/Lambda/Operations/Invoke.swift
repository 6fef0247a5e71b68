import AWSWire
import BatonCore
import BatonStore
import JSON

/// Runs a function (`RequestResponse`: payload at most 6 MB), stores an event for it (`Event`: at most 1 MB, answered
/// with 202 once it is on disk), or checks the request (`DryRun`, 204).
///
/// As a write it takes `Event` only, so that other services enqueue invocations in their own transactions.
/// Errors: ResourceNotFoundException, InvalidRequestContentException, RequestEntityTooLargeException,
/// TooManyRequestsException. Source: Lambda API reference, Invoke.
enum Invoke: WriteOperation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
        let invocationType: String?
        let logType: String?
        /// Base64 of JSON.
        let clientContext: String?
        let payload: JSON?
        var tenantId: String?
        var durableExecutionName: String?
    }

    struct Output: Encodable, Sendable {
        var statusCode: Int
        var functionError: String?
        var logResult: String?
        var executedVersion: String?
        var payload: JSON?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        switch input.invocationType ?? "RequestResponse" {
        case "Event": return try await context.write(prepare(input, context))
        case "DryRun":
            let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
            _ = try context.read { db in try db.resolve(reference) }
            return Output(statusCode: 204)
        default: return try await wait(input, context)
        }
    }

    static func submission(_ input: Input, _ context: Context) throws(AWSError) -> Submission<Output>? {
        guard input.invocationType == "Event" else { return nil }
        let write = try prepare(input, context)
        return Submission(needsSavepoint: needsSavepoint) { try write($0) }
    }

    private static func wait(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        let payload = try check(input, limit: Limits.payload)
        let (result, version) = try await context.service(Lambda.self).run(
            reference, payload, requestId: context.requestId, clientContext: decoded(input.clientContext),
            traceId: context.request?.headers["x-amzn-trace-id"], wantsLogTail: input.logType == "Tail", context)
        return Output(
            statusCode: 200, functionError: result.functionError, logResult: result.logTail.map(Base64.encode),
            executedVersion: version.version, payload: .bytes(result.payload))
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        guard input.invocationType == "Event" else {
            throw AWSError("NotEnlistable", "Only Event invocations can take part in a transaction", status: 500)
        }
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        let payload = try check(input, limit: Limits.eventPayload)
        let (requestId, traceId) = (context.requestId, context.request?.headers["x-amzn-trace-id"])
        let clientContext = decoded(input.clientContext)
        return { transaction in
            _ = try transaction.db.resolve(reference)
            let event = AsyncEvent(
                account: reference.account, name: reference.name, qualifier: reference.qualifier,
                requestId: requestId, payload: payload.isEmpty ? "{}" : String(decoding: payload, as: UTF8.self),
                enqueuedMs: transaction.nowMs, clientContext: clientContext, traceId: traceId)
            try event.schedule(atMs: transaction.nowMs, region: reference.region, transaction)
            return Output(statusCode: 202, payload: .bytes([]))
        }
    }

    private static func check(_ input: Input, limit: Int) throws(AWSError) -> [UInt8] {
        if input.tenantId != nil {
            throw LambdaError.invalid(
                "The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your request "
                    + "and try again.")
        }
        if input.durableExecutionName != nil {
            throw LambdaError.invalid("The invoked function is no durable function: DurableExecutionName.")
        }
        let payload = input.payload?.bytes ?? []
        guard payload.count <= limit else { throw LambdaError.payloadTooLarge(payload.count, limit: limit) }
        guard !payload.isEmpty else { return [] }
        do {
            _ = try JSON.parse(payload)
        } catch {
            throw LambdaError.badPayload("\(error)")
        }
        return payload
    }

    private static func decoded(_ clientContext: String?) -> String? {
        clientContext.flatMap(Base64.decode).map { String(decoding: $0, as: UTF8.self).filter { !$0.isNewline } }
    }
}
