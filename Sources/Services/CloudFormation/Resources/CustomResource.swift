import BatonCore
import JSON

/// `AWS::CloudFormation::CustomResource` and `Custom::…`: a function or a topic is told what is to be done and answers at
/// a URL. `Ref`: the id that it answers, attributes: its `Data`.
/// Source: "Custom resources", CloudFormation user guide.
struct CustomResource: ResourceType {
    let name: String
    let isOpen = true
    let attributes = ["*"]
    let properties: [String: PropertyRule] = [
        "ServiceToken": .inPlace(.string, isRequired: true), "ServiceTimeout": .inPlace(.integer),
    ]
    /// Seconds to wait for an answer when the template does not say.
    private static let timeout = 3600
    /// Bytes of an answer.
    private static let maxBytes = 4096

    static func isCustom(_ name: String) -> Bool {
        name.hasPrefix("Custom::") || name == "AWS::CloudFormation::CustomResource"
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await begin("Create", request, [:])
        return ResourceResult(
            request.physicalId, pending: .response(ResponsePath.token(request, "Create"), known: 0))
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        guard old["ServiceToken"] == request["ServiceToken"] else {
            throw ResourceFailure(reason: "Modifying service token is not allowed.")
        }
        try await begin(
            "Update", request,
            ["PhysicalResourceId": .string(request.physicalId), "OldResourceProperties": Self.texts(old)])
        return ResourceResult(
            request.physicalId, request.attributes,
            pending: .response(ResponsePath.token(request, "Update"), known: 0))
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await begin("Delete", request, ["PhysicalResourceId": .string(request.physicalId)])
    }

    func check(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        for kind in ["Update", "Create"] {
            guard let outcome = try await outcome(kind, request) else { continue }
            return outcome
        }
        throw ResourceFailure(reason: "Nobody was asked for the custom resource")
    }

    func checkDeleted(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult.Pending? {
        try await outcome("Delete", request)?.pending
    }

    // MARK: The question

    private func begin(
        _ kind: String, _ request: ResourceRequest, _ more: [String: JSON]
    ) async throws(ResourceFailure) {
        let token = ResponsePath.token(request, kind)
        let operationId = request.stack.operationId
        try await request.write { transaction in
            try ResponsePath.expect(token, operationId: operationId, transaction)
        }
        var event: JSON = [
            "RequestType": .string(kind), "ServiceToken": request["ServiceToken"] ?? "",
            "ResponseURL": .string(ResponsePath.url(token, request)), "StackId": .string(request.stack.id),
            "RequestId": .string(Self.requestId(token)), "LogicalResourceId": .string(request.logicalId),
        ]
        for (member, value) in more.sorted(by: { $0.key < $1.key }) { event[member] = value }
        event["ResourceType"] = .string(name)
        event["ResourceProperties"] = Self.texts(request.properties)
        try await send(event, request)
    }

    private func send(_ event: JSON, _ request: ResourceRequest) async throws(ResourceFailure) {
        let service = request.text("ServiceToken") ?? ""
        if service.contains(":sns:") {
            try await request.call(
                "sns", "Publish",
                [
                    "TopicArn": .string(service), "Subject": "AWS CloudFormation custom resource request",
                    "Message": .string(event.text()),
                ])
        } else {
            try await request.call(
                "lambda", "Invoke",
                [
                    "FunctionName": .string(service), "InvocationType": "Event",
                    "Payload": .bytes(event.serialized()),
                ])
        }
    }

    /// Numbers and booleans reach a custom resource as texts.
    private static func texts(_ value: JSON) -> JSON {
        switch value {
        case .object(let object): .object(JSON.Object(object.map { ($0.key, texts($0.value)) }))
        case .array(let elements): .array(elements.map(texts))
        case .number, .bool: .string(Parameter.text(value) ?? "")
        default: value
        }
    }

    private static func requestId(_ token: String) -> String {
        let digits = Array(token.prefix(32))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    // MARK: The answer

    /// nil when nobody was asked.
    private func outcome(_ kind: String, _ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult? {
        let token = ResponsePath.token(request, kind)
        let (begunMs, answer) = try request.read { db in
            (try ResponsePath.begunMs(token, db), try ResponsePath.responses(token, db).first?.body)
        }
        guard let begunMs else { return nil }
        let id = Self.requestId(token)
        guard let answer else {
            let timeoutMs = Int64(request["ServiceTimeout"]?.int ?? Self.timeout) * 1000
            guard request.context.nowMs - begunMs < timeoutMs else {
                throw ResourceFailure(
                    reason:
                        "CloudFormation did not receive a response from your Custom Resource. Please check your logs "
                        + "for requestId [\(id)]. If you are using the Python cfn-response module, you may need to update "
                        + "your Lambda function code so that CloudFormation can attach the updated version.")
            }
            return ResourceResult(request.physicalId, request.attributes, pending: .response(token, known: 0))
        }
        let physicalId = answer["PhysicalResourceId"]?.string
        if kind == "Create" { request.progress.physicalId = physicalId }
        guard answer.serialized().count <= Self.maxBytes else {
            throw ResourceFailure(reason: "Response object is too long.")
        }
        guard answer["Status"] == "SUCCESS" else {
            throw ResourceFailure(
                reason: "Received response status [\(answer["Status"]?.string ?? "")] from custom resource. Message "
                    + "returned: \(answer["Reason"]?.string ?? "") (RequestId: \(id))")
        }
        guard let physicalId, !physicalId.isEmpty else {
            guard kind != "Create" else { throw ResourceFailure(reason: "Invalid PhysicalResourceId") }
            return ResourceResult(request.physicalId, Self.attributes(answer))
        }
        return ResourceResult(kind == "Delete" ? request.physicalId : physicalId, Self.attributes(answer))
    }

    private static func attributes(_ answer: JSON) -> JSON.Object { texts(answer["Data"] ?? [:]).object ?? [:] }
}
