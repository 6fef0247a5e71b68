import AWSWire
import BatonCore
import BatonStore
import JSON

/// One request on its way through a method: who may call, what it must have, what stands behind, and the answer.
struct MethodExecution {
    let live: LiveApis
    let store: Store
    let context: Context

    /// Authorizer, key, parameters and body, in this order.
    func admit(_ call: inout RestCall) async throws(Refusal) {
        var key = call.headers["x-api-key"]
        if call.tree["authorizationType"]?.string == "CUSTOM" {
            guard let authorizer = call.deployed.authorizer(call.tree["authorizerId"]) else {
                throw Refusal(type: .authorizerConfigurationError)
            }
            let verdict = try await Authorization(authorizer: authorizer, live: live, context: context).ask(call)
            call.authorizer = verdict.context
            if call.deployed.api["apiKeySource"]?.string == "AUTHORIZER" { key = verdict.key }
        }
        if call.tree["apiKeyRequired"]?.bool == true {
            guard let key,
                let id = try? live.keys(of: call.api, store)?.id(of: key, api: call.api.id, stage: call.stage)
            else { throw .forbidden }
            (call.apiKey, call.apiKeyId) = (key, id)
        }
        try RequestCheck.run(call)
    }

    func run(_ call: RestCall) async throws(Refusal) -> HTTPResponse {
        let limit = call.integration["timeoutInMillis"]?.int ?? 29_000
        let result = await TimeLimit.run(ms: limit, context.clock) {
            () async -> Result<HTTPResponse, Refusal> in
            do throws(Refusal) {
                return .success(try await integrate(call))
            } catch {
                return .failure(error)
            }
        }
        guard let result else { throw .timeout }
        switch result {
        case .success(let response): return response
        case .failure(let refusal): throw refusal
        }
    }

    private func integrate(_ call: RestCall) async throws(Refusal) -> HTTPResponse {
        switch call.integration["type"]?.string {
        case "AWS_PROXY"?: return try await FunctionIntegration.proxy(call, context)
        case "HTTP_PROXY"?: return try await HTTPIntegration.proxy(call, context)
        default:
            let mapped = try RequestMapping(call: call, live: live).run()
            let answer: IntegrationAnswer
            switch call.integration["type"]?.string {
            case "MOCK"?: answer = try Self.mock(mapped)
            case "HTTP"?: answer = try await HTTPIntegration.answer(call, mapped, context)
            default:
                guard let target = ServiceTarget(call.expanded(call.integration["uri"]?.string ?? "", mapped)) else {
                    throw Refusal.failure
                }
                answer =
                    target.function == nil
                    ? try await ServiceIntegration.answer(target, mapped, context)
                    : try await FunctionIntegration.answer(target, mapped, context)
            }
            return try ResponseMapping(call: call, live: live, context: mapped.context).run(answer)
        }
    }

    /// An answer without a server: the template names the status.
    private static func mock(_ request: MappedRequest) throws(Refusal) -> IntegrationAnswer {
        guard let tree = try? JSON.parse(request.body),
            let status = tree["statusCode"]?.int ?? tree["statusCode"]?.string.flatMap({ Int($0) })
        else {
            var refusal = Refusal.failure
            refusal.details = "a MOCK integration's template must name a statusCode"
            throw refusal
        }
        return IntegrationAnswer(status: status, selector: String(status), body: [])
    }
}

/// What came back from an integration.
struct IntegrationAnswer: Sendable {
    let status: Int
    /// What selection patterns are held against: the status, of functions the error's message.
    let selector: String
    var headers = HTTPHeaders()
    var body: [UInt8]
}

/// Work that is given up after a time; it may go on, but nobody hears of it.
enum TimeLimit {
    static func run<T: Sendable>(
        ms: Int, _ clock: any Clock, _ body: @escaping @Sendable () async -> T
    ) async -> T? {
        let (stream, continuation) = AsyncStream<T?>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let work = Task {
            continuation.yield(await body())
            continuation.finish()
        }
        let timer = clock.schedule(atMs: clock.nowMs + Int64(ms), pullsTime: false) {
            continuation.yield(nil)
            continuation.finish()
        }
        defer {
            timer.cancel()
            work.cancel()
        }
        for await result in stream { return result }
        return nil
    }
}
