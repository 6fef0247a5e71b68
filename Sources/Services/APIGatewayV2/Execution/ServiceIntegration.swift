import AWSWire
import BatonCore
import JSON

/// Integrations that are one call of one AWS service. Source: developer guide, AWS service integrations reference.
enum ServiceIntegration {
    struct Target: Sendable {
        let service: String
        let operation: String
        /// Members that are JSON in a text.
        var documents: Set<String> = []
    }

    static let operations: [String: Target] = [
        "EventBridge-PutEvents": Target(service: "events", operation: "PutEvents", documents: ["Resources"]),
        "SQS-SendMessage": Target(
            service: "sqs", operation: "SendMessage", documents: ["MessageAttributes", "MessageSystemAttributes"]),
        "SQS-ReceiveMessage": Target(
            service: "sqs", operation: "ReceiveMessage", documents: ["AttributeNames", "MessageAttributeNames"]),
        "SQS-DeleteMessage": Target(service: "sqs", operation: "DeleteMessage"),
        "SQS-PurgeQueue": Target(service: "sqs", operation: "PurgeQueue"),
        "StepFunctions-StartExecution": Target(service: "stepfunctions", operation: "StartExecution"),
        "StepFunctions-StartSyncExecution": Target(service: "stepfunctions", operation: "StartSyncExecution"),
        "StepFunctions-StopExecution": Target(service: "stepfunctions", operation: "StopExecution"),
    ]

    private static let numbers: Set<String> = [
        "DelaySeconds", "MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds",
    ]

    /// The parameters as the operation's input.
    static func input(_ subtype: String, _ parameters: JSON?, _ mapping: ParameterMapping, _ registry: Registry) -> JSON
    {
        guard let target = operations[subtype] else { return [:] }
        var input = JSON.Object()
        for (name, template) in parameters?.object ?? [:] where name != "Region" {
            guard let value = mapping.value(template.string ?? "") else { continue }
            let text = ParameterMapping.text(value)
            if target.documents.contains(name) {
                input[name] = (try? JSON.parse(text)) ?? value
            } else if numbers.contains(name) {
                input[name] = Int(text).map { .number($0) } ?? value
            } else if name == "Time" {
                input[name] = Timestamp.parse(text).map { .number($0) } ?? value
            } else {
                input[name] = .string(text)
            }
        }
        if subtype == "EventBridge-PutEvents" { return ["Entries": [.object(input)]] }
        return registry.spelled(target.service, target.operation, .object(input))
    }

    static func answer(_ call: APICall, _ integration: JSON, _ context: Context) async -> HTTPResponse {
        let subtype = integration["IntegrationSubtype"]?.string ?? ""
        guard let target = operations[subtype] else { return ProxyEvent.internalError }
        let parameters = integration["RequestParameters"]
        let mapping = ParameterMapping(call: call)
        var there = context
        if let region = parameters?["Region"]?.string.flatMap({ mapping.value($0)?.string }) {
            there = context.host.context(account: context.account, region: region)
        }
        let input = input(subtype, parameters, mapping, context.host.registry)
        do {
            let output = try await there.call(target.service, target.operation, input)
            return HTTPResponse(
                status: 200, headers: ["content-type": "application/json"], body: .bytes(output.serialized()))
        } catch {
            let body: JSON = ["__type": .string(error.code), "message": .string(error.message)]
            return HTTPResponse(
                status: error.status, headers: ["content-type": "application/json"], body: .bytes(body.serialized()))
        }
    }
}
