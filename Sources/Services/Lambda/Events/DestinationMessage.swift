import AWSWire
import JSON

/// What destinations and dead-letter queues are told of one event.
struct DestinationMessage: Sendable {
    let event: AsyncEvent
    let reference: FunctionReference
    let condition: EventLifecycle.Condition
    /// nil when the function did not run at all.
    let response: AsyncEvent.Response?
    let nowMs: Int64

    var executedArn: String { reference.qualified(reference.qualifier ?? FunctionVersion.latest).description }

    var detailType: String { "Lambda Function Invocation Result - \(condition == .success ? "Success" : "Failure")" }

    /// The record for destinations (Developer Guide, "Invocation record").
    var record: JSON {
        let runs = condition == .success ? event.failures + 1 : event.failures
        var record: JSON = [
            "version": "1.0", "timestamp": .string(Times.iso(nowMs)),
            "requestContext": [
                "requestId": .string(event.requestId), "functionArn": .string(executedArn),
                "condition": .string(condition.rawValue), "approximateInvokeCount": .number(runs),
            ],
            "requestPayload": (try? JSON.parse(event.payload)) ?? .null,
        ]
        if let response {
            var context: JSON = ["statusCode": 200, "executedVersion": .string(response.version)]
            if let error = response.functionError { context["functionError"] = .string(error) }
            record["responseContext"] = context
            record["responsePayload"] = response.payload
        }
        return record
    }

    /// The attributes of a dead letter; the message is cut at 1 KB.
    var attributes: JSON {
        let error = response?.payload["errorMessage"]?.string ?? condition.rawValue
        let code = response == nil ? "429" : "200"
        func attribute(_ type: JSON, _ value: String) -> JSON {
            ["DataType": type, "StringValue": .string(value)]
        }
        return [
            "RequestID": attribute("String", event.requestId), "ErrorCode": attribute("Number", code),
            "ErrorMessage": attribute("String", String(error.prefix(1024))),
        ]
    }
}
