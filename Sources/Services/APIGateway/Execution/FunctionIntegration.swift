import AWSWire
import BatonCore
import JSON

/// Integrations with functions.
enum FunctionIntegration {
    /// The function gets the request as it came and answers in the form of a response.
    static func proxy(_ call: RestCall, _ context: Context) async throws(Refusal) -> HTTPResponse {
        let uri = call.expanded(call.integration["uri"]?.string ?? "", MappedRequest(body: [], context: [:]))
        guard let target = ServiceTarget(uri), let function = target.function else { throw .failure }
        let output = try await invoke(function, ProxyEvent.make(call).serialized(), context)
        guard output["FunctionError"] == nil else { throw Self.failed(output) }
        guard let response = ProxyEvent.response(output["Payload"]?.bytes ?? [], call) else {
            var refusal = Refusal.malformed
            refusal.details = "Malformed Lambda proxy response"
            throw refusal
        }
        return response
    }

    /// The function gets the mapped body; of its errors the message chooses the answer.
    static func answer(
        _ target: ServiceTarget, _ request: MappedRequest, _ context: Context
    ) async throws(Refusal) -> IntegrationAnswer {
        let isEvent = request.headers["X-Amz-Invocation-Type"] == "Event"
        let output = try await invoke(
            target.function ?? "", request.body.isEmpty ? Array("{}".utf8) : request.body, context,
            type: isEvent ? "Event" : "RequestResponse")
        let payload = output["Payload"]?.bytes ?? []
        guard output["FunctionError"] != nil else {
            return IntegrationAnswer(status: output["StatusCode"]?.int ?? 200, selector: "", body: payload)
        }
        let message = (try? JSON.parse(payload))?["errorMessage"]?.string ?? ""
        return IntegrationAnswer(status: 200, selector: message, body: payload)
    }

    static func invoke(
        _ function: String, _ payload: [UInt8], _ context: Context, type: String = "RequestResponse"
    ) async throws(Refusal) -> JSON {
        var refusal: Refusal
        do throws(AWSError) {
            return try await context.call(
                "lambda", "Invoke",
                ["FunctionName": .string(function), "InvocationType": .string(type), "Payload": .bytes(payload)])
        } catch {
            refusal = error.isThrottling ? Refusal(type: .throttled, message: "Too Many Requests") : .failure
            refusal.details = "\(error)"
        }
        throw refusal
    }

    private static func failed(_ output: JSON) -> Refusal {
        var refusal = Refusal.malformed
        refusal.details = String(decoding: output["Payload"]?.bytes ?? [], as: UTF8.self)
        return refusal
    }
}
