import AWSClient
import AWSWire
import Foundation
import JSON

/// One stack on its way from a change set to its end.
struct StackDeployment {
    struct Outcome {
        var stackId: String
        var status: String
        var isChanged: Bool
        var outputs: [(name: String, value: String)]
        var isSuccess: Bool { !isChanged || status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE" }
    }

    let client: AWSClient
    let stack: String
    let capabilities: [String]
    let parameters: [(name: String, value: String)]
    let tags: [(name: String, value: String)]
    let pollMs: Int
    let progress: DeployProgress

    /// Bytes of a template that may stand in a request; larger ones are uploaded.
    private static let bodyLimit = 51_200

    func deploy(_ template: PackedTemplate, _ packer: CodePacker) async throws -> Outcome {
        var existing = try await described(stack)
        let status = existing?["StackStatus"]?.string ?? ""
        if status == "ROLLBACK_COMPLETE" || status == "ROLLBACK_FAILED" || status == "DELETE_FAILED" {
            progress.say("Stack \(stack) is in \(status), from a failed creation: it is deleted and created again.")
            try await delete(existing?["StackId"]?.string ?? stack)
            existing = nil
        } else if status.hasSuffix("_IN_PROGRESS"), status != "REVIEW_IN_PROGRESS" {
            throw Failure("Stack \(stack) is in \(status): another deployment is at work. Wait until it is over.")
        }
        let isNew = existing == nil || status == "REVIEW_IN_PROGRESS"
        let name = "baton-\(client.surroundings.nowMs())"
        var input: JSON = [
            "StackName": .string(stack), "ChangeSetName": .string(name), "ChangeSetType": isNew ? "CREATE" : "UPDATE",
            "Capabilities": .array(capabilities.map { .string($0) }),
            "Parameters": .array(given(template, existing)),
        ]
        if !tags.isEmpty {
            input["Tags"] = .array(tags.map { ["Key": .string($0.name), "Value": .string($0.value)] })
        }
        if template.text.utf8.count > Self.bodyLimit {
            input["TemplateURL"] = .string(try await packer.upload(template: template.text))
        } else {
            input["TemplateBody"] = .string(template.text)
        }
        let created = try await client.call("cloudformation", "CreateChangeSet", input)
        let (changeSet, stackId) = (created["Id"] ?? "", created["StackId"]?.string ?? stack)
        guard try await isReady(changeSet) else {
            _ = try await client.call("cloudformation", "DeleteChangeSet", ["ChangeSetName": changeSet])
            return try await outcome(stackId, isChanged: false)
        }
        let seen = try await events(stackId).first?["EventId"]?.string
        _ = try await client.call("cloudformation", "ExecuteChangeSet", ["ChangeSetName": changeSet])
        try await follow(stackId, after: seen)
        return try await outcome(stackId, isChanged: true)
    }

    /// The parameters given, and for the others the values that the stack has.
    private func given(_ template: PackedTemplate, _ existing: JSON?) -> [JSON] {
        var result: [JSON] = parameters.map { ["ParameterKey": .string($0.name), "ParameterValue": .string($0.value)] }
        for parameter in existing?["Parameters"]?.array ?? [] {
            guard let name = parameter["ParameterKey"]?.string, template.parameters.contains(name),
                !parameters.contains(where: { $0.name == name })
            else { continue }
            result.append(["ParameterKey": .string(name), "UsePreviousValue": true])
        }
        return result
    }

    /// Waits for a change set; false when it has no changes.
    private func isReady(_ changeSet: JSON) async throws -> Bool {
        while true {
            let found = try await client.call("cloudformation", "DescribeChangeSet", ["ChangeSetName": changeSet])
            switch found["Status"]?.string {
            case "CREATE_COMPLETE"?: return true
            case "FAILED"?:
                let reason = found["StatusReason"]?.string ?? ""
                if reason.contains("didn't contain changes") || reason.contains("No updates are to be performed") {
                    return false
                }
                throw Failure("The change set failed: \(reason)")
            default: try await client.surroundings.sleep(pollMs)
            }
        }
    }

    private func described(_ name: String) async throws -> JSON? {
        do throws(AWSError) {
            return try await client.call("cloudformation", "DescribeStacks", ["StackName": .string(name)])["Stacks"]?[0]
        } catch {
            if error.message.contains("does not exist") { return nil }
            throw error
        }
    }

    private func delete(_ id: String) async throws {
        let seen = try await events(id).first?["EventId"]?.string
        _ = try await client.call("cloudformation", "DeleteStack", ["StackName": .string(id)])
        try await follow(id, after: seen)
        let status = try await described(id)?["StackStatus"]?.string
        guard status == nil || status == "DELETE_COMPLETE" else {
            throw Failure("Stack \(stack) could not be deleted: it is in \(status ?? "").")
        }
    }

    // MARK: Events

    /// Prints events as they come until the stack rests.
    private func follow(_ stackId: String, after first: String?) async throws {
        var last = first
        while true {
            // The state is read before the events, so that its own event is among them.
            let status = try await described(stackId)?["StackStatus"]?.string ?? "DELETE_COMPLETE"
            let all = try await events(stackId)
            for event in all.prefix(while: { $0["EventId"]?.string != last }).reversed() {
                // That something was begun has been said when its step began.
                if event["ResourceStatusReason"] != "Resource creation Initiated" { progress.say(line(event)) }
            }
            last = all.first?["EventId"]?.string ?? last
            if !status.hasSuffix("_IN_PROGRESS") { return }
            try await client.surroundings.sleep(pollMs)
        }
    }

    /// The newest events, newest first.
    private func events(_ stackId: String) async throws -> [JSON] {
        try await client.call("cloudformation", "DescribeStackEvents", ["StackName": .string(stackId)])["StackEvents"]?
            .array ?? []
    }

    private func line(_ event: JSON) -> String {
        let status = event["ResourceStatus"]?.string ?? ""
        let subject = "\(event["LogicalResourceId"]?.string ?? "") (\(event["ResourceType"]?.string ?? ""))"
        let reason = event["ResourceStatusReason"]?.string.map { "  \($0)" } ?? ""
        return "  \(status.padding(toLength: max(28, status.count), withPad: " ", startingAt: 0))\(subject)\(reason)"
    }

    private func outcome(_ stackId: String, isChanged: Bool) async throws -> Outcome {
        let found = try await described(stackId)
        let outputs = (found?["Outputs"]?.array ?? []).map { output in
            (name: output["OutputKey"]?.string ?? "", value: output["OutputValue"]?.string ?? "")
        }
        return Outcome(
            stackId: stackId, status: found?["StackStatus"]?.string ?? "DELETE_COMPLETE", isChanged: isChanged,
            outputs: outputs.sorted { $0.name < $1.name })
    }
}
