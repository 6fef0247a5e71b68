import AWSWire
import BatonCore
import BatonStore
import Foundation
import JSON
import Logging

/// Answers requests to HTTP APIs.
struct Execution: APIServing {
    let apis: Apis

    /// Source: quotas of HTTP APIs.
    private static let maxBytes = 10 << 20

    func has(_ api: String) -> Bool { apis[api] != nil }

    func answer(_ request: HTTPRequest, at address: APIAddress, _ host: BatonCore.Host) async -> HTTPResponse {
        guard let api = apis[address.api], let stage = Self.stage(address.stage, address.path, api) else {
            return ProxyEvent.message(404, "Not Found")
        }
        guard let body = Self.bytes(request.body) else { return ProxyEvent.message(413, "Request Entity Too Large") }
        let context = host.context(account: api.account, region: api.region)
        let rawPath = stage.name == "$default" ? stage.path : "/\(stage.name)\(stage.path)"
        let call = APICall(
            api: api, stage: stage.name, path: stage.path, rawPath: rawPath, request, body: body,
            requestId: context.requestId, nowMs: context.nowMs)
        var response = await answer(call, context)
        response.headers["apigw-requestid"] = context.requestId
        return response
    }

    /// A named stage is the first segment of the path; everything else is the stage `$default`.
    private static func stage(_ given: String?, _ path: String, _ api: APIRecord) -> (name: String, path: String)? {
        let stages = api.parts[.stage] ?? [:]
        if let given { return stages[given] == nil ? nil : (given, path) }
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: true)
        if let first = parts.first.map(String.init), first != "$default", stages[first] != nil {
            return (
                first, String(path.dropFirst(first.count + 1)).isEmpty ? "/" : String(path.dropFirst(first.count + 1))
            )
        }
        return stages["$default"] == nil ? nil : ("$default", path)
    }

    private static func bytes(_ body: HTTPBody) -> [UInt8]? {
        guard body.count <= maxBytes else { return nil }
        switch body {
        case .bytes(let bytes): return bytes
        case .file(let path, let offset, let length):
            guard let file = FileHandle(forReadingAtPath: path) else { return nil }
            defer { try? file.close() }
            try? file.seek(toOffset: UInt64(offset))
            return (try? file.read(upToCount: length)).map { Array($0) }
        }
    }

    // MARK: Routing

    /// Routes and integrations that the stage serves: those of now, or of its deployment.
    private static func served(_ call: APICall) -> (routes: [JSON], integrations: [String: JSON])? {
        let api = call.api
        guard let stage = api.parts[.stage]?[call.stage] else { return nil }
        if stage["AutoDeploy"]?.bool == true {
            return (Array((api.parts[.route] ?? [:]).values), api.parts[.integration] ?? [:])
        }
        guard let id = stage["DeploymentId"]?.string, let snapshot = api.parts[.deployment]?[id]?["snapshot"] else {
            return nil
        }
        let integrations = (snapshot["integration"]?.object ?? [:]).map { ($0.key, $0.value) }
        return (snapshot["route"]?.object?.values ?? [], Dictionary(integrations) { first, _ in first })
    }

    private func answer(_ call: APICall, _ context: Context) async -> HTTPResponse {
        let rules = CrossOriginRules(call)
        if let response = rules?.preflight(call) { return response }
        var response = await route(call, context)
        rules?.allow(&response)
        return response
    }

    private func route(_ call: APICall, _ context: Context) async -> HTTPResponse {
        guard let served = Self.served(call) else { return ProxyEvent.message(404, "Not Found") }
        let path = RoutePattern.split(call.path)
        let found = served.routes.compactMap {
            route -> (pattern: RoutePattern, route: JSON, parameters: [(name: String, value: String)])? in
            guard let pattern = RoutePattern(route["RouteKey"]?.string ?? ""),
                let parameters = pattern.match(method: call.method, path)
            else { return nil }
            return (pattern, route, parameters)
        }.min { RoutePattern.isMoreSpecific($0.pattern, $1.pattern) }
        guard let found else { return ProxyEvent.message(404, "Not Found") }
        let target = found.route["Target"]?.string ?? ""
        guard target.hasPrefix("integrations/"),
            let integration = served.integrations[String(target.dropFirst("integrations/".count))]
        else { return ProxyEvent.internalError }
        var call = call
        call.route = found.pattern.key
        call.pathParameters = found.parameters
        var response = await integrate(call, integration, context)
        Self.map(integration["ResponseParameters"], call, &response)
        return response
    }

    private func integrate(_ call: APICall, _ integration: JSON, _ context: Context) async -> HTTPResponse {
        if integration["IntegrationType"]?.string == "HTTP_PROXY" {
            return await HTTPIntegration.answer(call, integration, context)
        }
        if integration["IntegrationSubtype"] != nil {
            return await ServiceIntegration.answer(call, integration, context)
        }
        let version = integration["PayloadFormatVersion"]?.string ?? "1.0"
        guard let function = Self.function(integration["IntegrationUri"]?.string ?? "", call) else {
            return ProxyEvent.internalError
        }
        do {
            let output = try await context.call(
                "lambda", "Invoke",
                [
                    "FunctionName": .string(function),
                    "Payload": .bytes(ProxyEvent.make(call, version: version).serialized()),
                ])
            guard output["FunctionError"] == nil else { return ProxyEvent.internalError }
            return ProxyEvent.response(output["Payload"]?.bytes ?? [], version: version)
        } catch {
            context.logger.info("an integration failed", metadata: ["api": "\(call.api.id)", "error": "\(error)"])
            return error.isThrottling ? ProxyEvent.message(503, "Service Unavailable") : ProxyEvent.internalError
        }
    }

    /// The ARN of a function: as it is, or within `arn:aws:apigateway:…:path/2015-03-31/functions/ARN/invocations`.
    static func function(_ uri: String, _ call: APICall) -> String? {
        var uri = uri
        for (name, value) in call.stageVariables.object ?? [:] {
            uri = uri.replacing("${stageVariables.\(name)}", with: value.string ?? "")
        }
        guard let start = uri.firstRange(of: "/functions/") else {
            return ARN(uri)?.service == "lambda" ? uri : nil
        }
        let inner = uri[start.upperBound...]
        return inner.hasSuffix("/invocations") ? String(inner.dropLast("/invocations".count)) : String(inner)
    }

    /// Changes of answers by their status.
    private static func map(_ parameters: JSON?, _ call: APICall, _ response: inout HTTPResponse) {
        guard let changes = parameters?[String(response.status)] else { return }
        var query: [(name: String, value: String)] = []
        var path: String?
        let mapping = ParameterMapping(call: call, answer: response)
        ParameterMapping.apply(
            changes, mapping, headers: &response.headers, query: &query, path: &path, status: &response.status)
    }
}
