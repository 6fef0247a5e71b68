import AWSWire
import BatonCore
import BatonStore
import Foundation
import GRDB
import JSON

/// Answers requests to the URLs of functions. Source: "Invoking Lambda function URLs", Developer Guide.
///
/// Assumed: `AWS_IAM` asks for a signature; whether it is a good one is not looked at.
enum FunctionURL {
    static let prefix = "/_aws/lambda-url/"

    static func text(_ id: String, _ context: Context) -> String { "\(context.endpoint)\(prefix)\(id)/" }

    static func answer(_ request: HTTPRequest, _ lambda: Lambda, _ host: BatonCore.Host) async -> HTTPResponse {
        let rest = request.path.dropFirst(prefix.count)
        let id = String(rest.prefix { $0 != "/" })
        let found = try? host.store.read { db -> (FunctionReference, FunctionURLSettings)? in
            guard
                let row = try db.row(
                    "SELECT * FROM lambda_attachment WHERE kind = ? AND json_extract(settings, '$.id') = ?",
                    FunctionURLSettings.kind, id)
            else { return nil }
            let qualifier: String = row["qualifier"]
            let reference = FunctionReference(
                account: row["account"], region: row["region"], name: row["name"],
                qualifier: qualifier.isEmpty ? nil : qualifier)
            return (reference, try JSON.parse(row["settings"] as String).decoded())
        }
        guard let (reference, settings) = found ?? nil else { return message(403, "Forbidden") }
        let sharing = CrossOriginSettings(settings.cors)
        if let response = sharing?.preflight(request) { return response }
        guard settings.authType == "NONE" || request.headers["authorization"] != nil else {
            return message(403, "Forbidden")
        }
        let path = String(rest.dropFirst(id.utf8.count))
        let call = FunctionURLCall(request, id: id, path: path.isEmpty ? "/" : path)
        var response = await invoke(call, reference, lambda, host)
        sharing?.allow(request, &response)
        return response
    }

    private static func invoke(
        _ call: FunctionURLCall, _ reference: FunctionReference, _ lambda: Lambda, _ host: BatonCore.Host
    ) async -> HTTPResponse {
        let context = host.context(account: reference.account, region: reference.region)
        guard let body = call.request.body.load(), body.count <= Limits.payload else {
            return message(413, "Request Entity Too Large")
        }
        do throws(AWSError) {
            let (result, _) = try await lambda.run(
                reference, call.event(body, context).serialized(), requestId: context.requestId,
                traceId: call.request.headers["x-amzn-trace-id"], context)
            guard result.functionError == nil else { return message(502, "Internal Server Error") }
            return FunctionURLCall.response(result.payload)
        } catch {
            return error.status == 429 ? message(429, "Rate Exceeded") : message(502, "Internal Server Error")
        }
    }

    static func message(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["content-type": "application/json"],
            body: .bytes(JSON.object(["Message": .string(text)]).serialized()))
    }
}

/// The rules of a URL for web pages of other origins.
struct CrossOriginSettings {
    private let rules: JSON

    init?(_ rules: JSON?) {
        guard let rules, rules.object?.isEmpty == false else { return nil }
        self.rules = rules
    }

    private func list(_ member: String) -> [String] { rules[member]?.array?.compactMap(\.string) ?? [] }

    private func origin(_ request: HTTPRequest) -> String? {
        guard let origin = request.headers["origin"] else { return nil }
        let allowed = list("AllowOrigins")
        if allowed.contains("*") { return rules["AllowCredentials"]?.bool == true ? origin : "*" }
        return allowed.contains(origin) ? origin : nil
    }

    func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == "OPTIONS", request.headers["access-control-request-method"] != nil else { return nil }
        var response = HTTPResponse(status: 200)
        guard let origin = origin(request) else { return response }
        response.headers["access-control-allow-origin"] = origin
        response.headers["access-control-allow-methods"] = list("AllowMethods").joined(separator: ",")
        response.headers["access-control-allow-headers"] = list("AllowHeaders").joined(separator: ",")
        if let age = rules["MaxAge"]?.int { response.headers["access-control-max-age"] = String(age) }
        credentials(&response)
        return response
    }

    func allow(_ request: HTTPRequest, _ response: inout HTTPResponse) {
        guard let origin = origin(request) else { return }
        response.headers["access-control-allow-origin"] = origin
        let exposed = list("ExposeHeaders")
        if !exposed.isEmpty { response.headers["access-control-expose-headers"] = exposed.joined(separator: ",") }
        credentials(&response)
    }

    private func credentials(_ response: inout HTTPResponse) {
        if rules["AllowCredentials"]?.bool == true { response.headers["access-control-allow-credentials"] = "true" }
    }
}
