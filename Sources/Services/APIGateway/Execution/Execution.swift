import AWSWire
import BatonCore
import BatonStore
import Foundation
import JSON
import Logging

/// Answers requests to REST APIs.
struct Execution: APIServing {
    let live: LiveApis
    let store: Store

    /// Source: quotas of REST APIs.
    private static let maxBytes = 10 << 20

    func has(_ api: String) -> Bool { (try? live.api(api, store)) != nil }

    func answer(_ request: HTTPRequest, at address: APIAddress, _ host: BatonCore.Host) async -> HTTPResponse {
        guard let api = try? live.api(address.api, store) else { return HTTPResponse(status: 404) }
        let context = host.context(account: api.shelf.account, region: api.shelf.region)
        var response = await answer(request, address, api, context)
        response.headers["x-amzn-RequestId"] = context.requestId
        response.headers["x-amz-apigw-id"] = Base64.encode(Array(context.requestId.utf8.prefix(11)))
        return response
    }

    private func answer(
        _ request: HTTPRequest, _ address: APIAddress, _ api: LiveApi, _ context: Context
    ) async -> HTTPResponse {
        var deployed: DeployedApi?
        var call: RestCall?
        do throws(Refusal) {
            let (name, path) = try Self.stage(address, api)
            guard let stage = api.stages[name], let id = stage["deploymentId"]?.string,
                let found = try? live.deployed(id, of: api, store)
            else { throw Refusal.forbidden }
            deployed = found
            guard let bytes = Self.bytes(request.body) else { throw Refusal.tooLarge }
            var request = request
            request.path = path
            call = try Self.call(request, bytes, api, found, stage, context)
            guard var begun = call else { throw Refusal.missingToken }
            let work = MethodExecution(live: live, store: store, context: context)
            try await work.admit(&begun)
            call = begun
            return try await work.run(begun)
        } catch {
            if error.type == .default5xx || error.type == .apiConfigurationError {
                context.logger.info(
                    "an API fails",
                    metadata: ["api": "\(api.id)", "path": "\(address.path)", "why": "\(error.details)"])
            }
            return error.response(deployed, call, call?.context ?? Self.context(address, api, context), live)
        }
    }

    /// `$context` of a request that came to no method.
    private static func context(_ address: APIAddress, _ api: LiveApi, _ context: Context) -> JSON {
        [
            "apiId": .string(api.id), "accountId": .string(api.shelf.account), "requestId": .string(context.requestId),
            "path": .string(address.path),
        ]
    }

    /// Where the host name says which API is meant, the path begins with the stage.
    private static func stage(_ address: APIAddress, _ api: LiveApi) throws(Refusal) -> (name: String, path: String) {
        guard !api.isDisabled else { throw .forbidden }
        if let stage = address.stage { return (stage, address.path) }
        let parts = address.path.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first.flatMap({ PercentEncoding.decode($0) }), !first.isEmpty else {
            throw .missingToken
        }
        return (first, "/" + (parts.count > 1 ? parts[1] : ""))
    }

    private static func call(
        _ request: HTTPRequest, _ body: [UInt8], _ api: LiveApi, _ deployed: DeployedApi, _ stage: JSON,
        _ context: Context
    ) throws(Refusal) -> RestCall {
        let path = DeployedApi.segments(request.path).map { PercentEncoding.decode($0) ?? $0 }
        guard let found = deployed.find(path, request.method) else { throw .missingToken }
        return RestCall(
            api: api, deployed: deployed, stage: stage["stageName"]?.string ?? "",
            stageVariables: stage["variables"] ?? [:], method: request.method, rawPath: request.path,
            query: RestCall.form(request.query), headers: request.headers, body: body, requestId: context.requestId,
            nowMs: context.nowMs, resource: found.resource, tree: found.method, pathParameters: found.parameters)
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
}
