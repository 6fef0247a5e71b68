import AWSModel
import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// All that Task states can do.
struct Tasks: Sendable {
    let mocks: Mocks?

    init(mocks: Mocks? = nil) { self.mocks = mocks }

    /// What to do for an attempt. Activities never come here: their attempts wait for a worker.
    func work(_ call: TaskCall, _ context: Context) -> TaskWork {
        if let answer = mocks?.answer(call) { return .answered(Self.submittedFirst(answer, call, context)) }
        let context = Self.acting(call, context)
        switch call.resource.kind {
        case .activity: return .answered(.waiting(.token))
        case .lambdaFunction(let arn):
            return LambdaTask(call, context)?.plain(arn) ?? .answered(.unavailable("lambda", isSubmission: false))
        case .integration(let type, _):
            if call.resource.sdkService != nil { return SDKTask(call: call, context: context).work() }
            return integration(type, call, context)
        }
    }

    /// A mocked job or token is submitted before it is over. Assumed: the submission shows what its operation puts out
    /// and the mocked result has, too.
    private static func submittedFirst(_ answer: TaskAnswer, _ call: TaskCall, _ context: Context) -> TaskAnswer {
        guard case .succeeded(let result) = answer, call.resource.pattern != .requestResponse else { return answer }
        var members = JSON.Object()
        if let optimized = OptimizedCall.find(call.resource.resourceType, call.resource.action) {
            for member in APICall.outputShape(optimized)?.members ?? [] {
                let name = JavaName.capitalized(member.name)
                members[name] = result[name]
            }
            let metadata = ResponseMetadata(
                form: optimized.metadata(result), requestId: context.random.uuid(), nowMs: context.nowMs)
            members = metadata.added(to: members, wire: .object(members)).object ?? members
        }
        return .submitted(.object(members), then: .poll(["mocked": result], atMs: context.nowMs))
    }

    private func integration(_ type: String, _ call: TaskCall, _ context: Context) -> TaskWork {
        switch type {
        case "http": return .call { await HTTPTask(call: call, context: context).run() }
        case "apigateway": return .call { await GatewayTask(call: call, context: context).run() }
        default: break
        }
        guard let optimized = OptimizedCall.find(type, call.resource.action) else {
            return .answered(.unavailable(type, isSubmission: call.resource.pattern != .requestResponse))
        }
        switch type {
        case "lambda":
            return LambdaTask(call, context)?.invoke() ?? .answered(.unavailable("lambda", isSubmission: false))
        case "sqs", "sns", "dynamodb", "events":
            return OptimizedTask(call: call, context: context, optimized: optimized).work()
        case "states": return NestedExecution(call: call, context: context, optimized: optimized).work()
        default: return JobTask(call: call, context: context, optimized: optimized).work()
        }
    }

    /// Why parameters make no call of a resource, in AWS's words; nil when they do. Asked before the attempt begins.
    func unfit(_ resource: TaskResource, _ parameters: JSON) -> String? {
        Unfit.cause(
            TaskCall(
                resource: resource, parameters: parameters, token: "", executionArn: "", stateMachineArn: "",
                stateName: "", account: "", region: ""))
    }

    /// Asks how far a submitted job is.
    func poll(_ call: TaskCall, _ place: JSON, _ context: Context) async -> TaskAnswer {
        if let mocked = place["mocked"] { return .succeeded(mocked) }
        guard let optimized = OptimizedCall.find(call.resource.resourceType, call.resource.action) else {
            return .unavailable(call.resource.resourceType, isSubmission: false)
        }
        return await JobTask(call: call, context: Self.acting(call, context), optimized: optimized).poll(place)
    }

    /// The answer of an attempt whose nested execution has ended.
    /// - Parameter description: what DescribeExecution answers of it.
    func childEnded(_ call: TaskCall, _ description: JSON) -> TaskAnswer {
        NestedExecution.ended(description, pattern: call.resource.pattern)
    }

    /// The execution was stopped or the attempt has timed out: ends what ``Follow`` says has been submitted.
    func cancel(_ call: TaskCall, _ follow: Follow, _ context: Context) async {
        let context = Self.acting(call, context)
        switch follow {
        case .token: break
        case .execution(let arn):
            _ = try? await context.call("stepfunctions", "StopExecution", ["executionArn": .string(arn)])
        case .poll(let place, _):
            guard place["mocked"] == nil else { return }
            guard let optimized = OptimizedCall.find(call.resource.resourceType, call.resource.action) else { return }
            await JobTask(call: call, context: context, optimized: optimized).cancel(place)
        }
    }

    /// Who makes the call: with `Credentials` the account of their role. Each call is a request of its own.
    private static func acting(_ call: TaskCall, _ context: Context) -> Context {
        var account = context.account
        if let role = (call.credentials?["RoleArn"]?.string).flatMap(ARN.init), role.account.utf8.count == 12 {
            account = role.account
        }
        return Context(
            host: context.host, account: account, region: context.region, requestId: context.random.uuid())
    }
}
