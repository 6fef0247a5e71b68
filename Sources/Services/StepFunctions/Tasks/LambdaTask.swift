import BatonCore
import JSON
import StatesLanguage

/// Functions: by their plain ARN, where input and result are the payloads alone, and through `lambda:invoke`.
struct LambdaTask {
    let call: TaskCall
    let context: Context
    private let api: APICall

    init?(_ call: TaskCall, _ context: Context) {
        guard let optimized = OptimizedCall.find("lambda", "invoke") else { return nil }
        self.call = call
        self.context = context
        api = APICall(optimized, isSubmission: call.resource.pattern == .waitForTaskToken)
    }

    /// LambdaFunctionScheduled … LambdaFunctionSucceeded.
    func plain(_ arn: String) -> TaskWork {
        api.work(["FunctionName": .string(arn), "Payload": call.parameters], context) { _, wire in
            if let error = Self.error(wire) { return .failed(error) }
            return .succeeded(Self.payload(wire))
        }
    }

    func invoke() -> TaskWork {
        let api = api
        let waits = call.resource.pattern == .waitForTaskToken
        return api.work(call, context) { output, wire in
            if let error = Self.error(wire) { return api.failed(error) }
            var output = output
            if wire["Payload"] != nil { output["Payload"] = Self.payload(wire) }
            return waits ? .submitted(output, then: .token) : .succeeded(output)
        }
    }

    /// What the function returned: JSON where it is JSON.
    private static func payload(_ wire: JSON) -> JSON {
        guard let bytes = wire["Payload"]?.bytes, !bytes.isEmpty else { return .null }
        return (try? JSON.parse(bytes)) ?? .string(String(decoding: bytes, as: UTF8.self))
    }

    /// The error that the function raised. Source: Step Functions developer guide, "Handling errors".
    private static func error(_ wire: JSON) -> StatesError? {
        guard wire["FunctionError"] != nil else { return nil }
        let text = String(decoding: wire["Payload"]?.bytes ?? [], as: UTF8.self)
        guard let type = payload(wire)["errorType"]?.string, !type.isEmpty else {
            return StatesError(
                "Lambda.Unknown",
                "The cause could not be determined because Lambda did not return an error type. Returned payload: "
                    + text)
        }
        return StatesError(type, text)
    }
}
