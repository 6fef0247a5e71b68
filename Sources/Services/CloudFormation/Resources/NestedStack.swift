import JSON

/// `AWS::CloudFormation::Stack`. `Ref`: the id of the stack; `Outputs.<name>` its outputs.
struct NestedStack: ResourceType {
    let name = "AWS::CloudFormation::Stack"
    let attributes = ["Outputs.*"]
    let properties: [String: PropertyRule] = [
        "TemplateURL": .inPlace(.string, isRequired: true), "Parameters": .inPlace(.map(.string)),
        "TimeoutInMinutes": .inPlace(.integer), "NotificationARNs": .inPlace(.list(.string)), "Tags": .inPlace(.tags),
    ]

    private func input(_ request: ResourceRequest, _ name: JSON) -> JSON {
        var input: JSON = ["StackName": name, "TemplateURL": request["TemplateURL"] ?? ""]
        let parameters = request["Parameters"]?.object ?? [:]
        input["Parameters"] = .array(parameters.map { ["ParameterKey": .string($0.key), "ParameterValue": $0.value] })
        input["Capabilities"] = .array(request.stack.definition.capabilities.map { .string($0) })
        input["Tags"] = request["Tags"]
        input["NotificationARNs"] = request["NotificationARNs"]
        return input
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input = input(request, .string(request.physicalId))
        input["TimeoutInMinutes"] = request["TimeoutInMinutes"]
        input["DisableRollback"] = .bool(request.stack.settings.onFailure == .nothing)
        let answer = try await request.make("cloudformation", "CreateStack", input, exists: ["AlreadyExistsException"])
        var id = answer.text("StackId")
        if id == nil { id = try await described(.string(request.physicalId), request).member("StackId")?.string }
        guard let id else { throw ResourceFailure(reason: "The nested stack has no id") }
        return ResourceResult(id, pending: .stack(id))
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        do throws(ResourceFailure) {
            try await request.call("cloudformation", "UpdateStack", input(request, .string(request.physicalId)))
        } catch  where error.reason.contains("No updates are to be performed.") {
            return ResourceResult(request.physicalId, request.attributes)
        }
        return ResourceResult(request.physicalId, request.attributes, pending: .stack(request.physicalId))
    }

    func check(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let stack = try await described(.string(request.physicalId), request)
        let status = StackStatus(rawValue: stack.member("StackStatus")?.string ?? "")
        if status?.isInProgress ?? false {
            return ResourceResult(request.physicalId, request.attributes, pending: .stack(request.physicalId))
        }
        guard status?.isSuccess ?? false else {
            let reason = stack.member("StackStatusReason")?.string ?? ""
            throw ResourceFailure(
                reason: "Embedded stack \(request.physicalId) was not successfully created or updated: \(reason)")
        }
        var attributes = JSON.Object()
        for output in stack.member("Outputs")?.array ?? [] {
            attributes["Outputs.\(output.member("OutputKey")?.string ?? "")"] = output.member("OutputValue")
        }
        return ResourceResult(request.physicalId, attributes)
    }

    private func described(_ name: JSON, _ request: ResourceRequest) async throws(ResourceFailure) -> JSON {
        try await request.call("cloudformation", "DescribeStacks", ["StackName": name])["Stacks"]?[0] ?? [:]
    }

    func checkDeleted(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult.Pending? {
        let stack = try await described(.string(request.physicalId), request)
        switch StackStatus(rawValue: stack.member("StackStatus")?.string ?? "") {
        case .deleteComplete?, nil: return nil
        case .deleteFailed?:
            throw ResourceFailure(
                reason: "Embedded stack \(request.physicalId) was not successfully deleted: "
                    + (stack.member("StackStatusReason")?.string ?? ""))
        default: return .stack(request.physicalId)
        }
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call("cloudformation", "DeleteStack", ["StackName": .string(request.physicalId)])
    }
}
