import AWSWire
import BatonCore
import BatonStore
import JSON

/// Sends a request to a method as it is now, without a stage; authorizers and keys are not asked. Errors:
/// NotFoundException. Source: API reference, TestInvokeMethod.
enum TestInvokeMethod: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let shelf = Shelf(.resource, input, context)
        let (resource, snapshot) = try context.read { db in
            _ = try shelf.api(db)
            let resource = try shelf.require(.resource, input["resourceId"]?.string ?? "", db)
            return (resource, try Snapshot.take(shelf, db))
        }
        let method = try MethodPart.method.require(in: resource, input)
        let service = context.service(APIGateway.self)
        let (call, stage) = call(input, shelf, DeployedApi(snapshot, id: ""), resource, method, context)
        let execution = MethodExecution(live: service.live, store: context.store, context: context)
        var response: HTTPResponse
        do throws(Refusal) {
            try RequestCheck.run(call)
            response = try await execution.run(call)
        } catch {
            response = error.response(call.deployed, call, call.context, service.live)
        }
        guard case .bytes(let body) = response.body else { return ["status": .number(response.status)] }
        return [
            "status": .number(response.status), "body": .string(String(decoding: body, as: UTF8.self)),
            "headers": ProxyEvent.last(response.headers.fields),
            "multiValueHeaders": ProxyEvent.lists(response.headers.fields),
            "log": .string("Execution of \(stage) finished with status \(response.status)"),
            "latency": .number(JSON.Number(context.nowMs - call.nowMs)),
        ]
    }

    private static func call(
        _ input: JSON, _ shelf: Shelf, _ deployed: DeployedApi, _ resource: JSON, _ method: JSON, _ context: Context
    ) -> (RestCall, String) {
        let stage = "test-invoke-stage"
        let parts = (input["pathWithQueryString"]?.string ?? "/").split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map(String.init) ?? "/"
        var headers = HTTPHeaders()
        for (name, value) in input["headers"]?.object ?? [:] { headers[name] = value.string }
        for (name, values) in input["multiValueHeaders"]?.object ?? [:] {
            for value in values.array ?? [] { headers.add(name, value.string ?? "") }
        }
        let segments = DeployedApi.segments(path).map { PercentEncoding.decode($0) ?? $0 }
        let verb = input["httpMethod"]?.string ?? "GET"
        let call = RestCall(
            api: LiveApi(shelf: shelf, isDisabled: false, stages: [:]), deployed: deployed, stage: stage,
            stageVariables: input["stageVariables"] ?? [:], method: verb == "ANY" ? "GET" : verb, rawPath: path,
            query: RestCall.form(parts.count > 1 ? String(parts[1]) : ""), headers: headers,
            body: Array((input["body"]?.string ?? "").utf8), requestId: context.requestId, nowMs: context.nowMs,
            resource: resource, tree: method, pathParameters: deployed.find(segments, verb)?.parameters ?? [])
        return (call, stage)
    }
}

/// Asks an authorizer about a request. Errors: NotFoundException. Source: API reference, TestInvokeAuthorizer.
enum TestInvokeAuthorizer: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let shelf = Shelf(.authorizer, input, context)
        let (authorizer, api) = try context.read { db in
            let api = try shelf.api(db)
            return (try shelf.require(.authorizer, input["authorizerId"]?.string ?? "", db), api)
        }
        var headers = HTTPHeaders()
        for (name, value) in input["headers"]?.object ?? [:] { headers[name] = value.string }
        let parts = (input["pathWithQueryString"]?.string ?? "/").split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let call = RestCall(
            api: LiveApi(shelf: shelf, isDisabled: false, stages: [:]), deployed: DeployedApi(["api": api], id: ""),
            stage: "test-invoke-stage", stageVariables: input["stageVariables"] ?? [:], method: "GET",
            rawPath: parts.first.map(String.init) ?? "/", query: RestCall.form(parts.count > 1 ? String(parts[1]) : ""),
            headers: headers, body: Array((input["body"]?.string ?? "").utf8), requestId: context.requestId,
            nowMs: context.nowMs, resource: ["path": "/"], tree: [:], pathParameters: [])
        var untimed = authorizer
        untimed["authorizerResultTtlInSeconds"] = 0
        let live = context.service(APIGateway.self).live
        do throws(Refusal) {
            let verdict = try await Authorization(authorizer: untimed, live: live, context: context).ask(call)
            return [
                "clientStatus": 200, "log": "", "latency": .number(JSON.Number(context.nowMs - call.nowMs)),
                "principalId": verdict.context["principalId"] ?? "", "policy": .string(verdict.policy.text()),
            ]
        } catch {
            return [
                "clientStatus": .number(error.status ?? error.type.status ?? 500), "log": .string(error.details),
                "latency": .number(JSON.Number(context.nowMs - call.nowMs)),
            ]
        }
    }
}
