import JSON

/// `AWS::Batch::*` write members as `AttemptDurationSeconds` where the API has `attemptDurationSeconds`, and templates
/// write numbers and booleans as texts or texts as numbers.
enum BatchMembers {
    /// Objects whose keys are the user's.
    private static let maps: Set<String> = [
        "parameters", "tags", "options", "labels", "annotations", "limits", "requests",
    ]
    private static let numbers: Set<String> = [
        "vcpus", "memory", "minvCpus", "maxvCpus", "desiredvCpus", "unmanagedvCpus", "attempts", "priority", "order",
        "attemptDurationSeconds", "numNodes", "mainNode", "sharedMemorySize", "size", "hardLimit", "softLimit",
        "sizeInGiB", "maxSwap", "swappiness", "bidPercentage", "shareDecaySeconds", "computeReservation",
        "weightFactor", "maxTimeSeconds", "quantity", "jobExecutionTimeoutMinutes", "transitEncryptionPort",
        "runAsUser", "runAsGroup", "startTimeout", "stopTimeout", "schedulingPriority", "totalQuantity",
    ]
    private static let booleans: Set<String> = [
        "privileged", "readonlyRootFilesystem", "readOnly", "initProcessEnabled", "essential", "enableExecuteCommand",
        "hostNetwork", "terminateJobsOnUpdate", "propagateTags", "shareProcessNamespace", "optional", "runAsNonRoot",
        "allowPrivilegeEscalation", "updateToLatestImageVersion",
    ]

    /// The input of the API.
    static func input(_ properties: JSON, without: Set<String> = []) -> JSON {
        var result = JSON.Object()
        for (name, value) in properties.object ?? [:] where !without.contains(name) {
            let member = camel(name)
            result[member] = converted(value, member)
        }
        return .object(result)
    }

    private static func camel(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

    private static func converted(_ value: JSON, _ name: String) -> JSON {
        switch value {
        case .array(let elements): return .array(elements.map { converted($0, name) })
        case .object(let members) where maps.contains(name):
            return .object(JSON.Object(members.map { ($0.key, text($0.value)) }))
        case .object: return input(value)
        default: break
        }
        if numbers.contains(name), let text = value.string, Double(text) != nil {
            return .number(JSON.Number(unchecked: text))
        }
        if booleans.contains(name), let text = value.string { return .bool(text.lowercased() == "true") }
        return numbers.contains(name) || booleans.contains(name) ? value : text(value)
    }

    private static func text(_ value: JSON) -> JSON { Parameter.text(value).map(JSON.string) ?? value }

    static let exists: Set<String> = ["ClientException"]
}

extension ResourceRequest {
    fileprivate func batch(_ operation: String, _ input: JSON) async throws(ResourceFailure) -> Answer {
        try await call("batch", operation, input)
    }

    /// What is created again after an interruption may be there already.
    fileprivate func batchMake(_ operation: String, _ input: JSON) async throws(ResourceFailure) {
        try await make("batch", operation, input, exists: BatchMembers.exists)
    }

    /// Tags are a map of names and values.
    fileprivate func changeTags(_ arn: String, from old: JSON) async throws(ResourceFailure) {
        let (before, after) = (old["Tags"]?.object ?? [:], self["Tags"]?.object ?? [:])
        let removed = before.keys.filter { after[$0] == nil }
        if !removed.isEmpty {
            try await call(
                "batch", "UntagResource", ["resourceArn": .string(arn), "tagKeys": .array(removed.map { .string($0) })])
        }
        if !after.isEmpty, after != before {
            try await call("batch", "TagResource", ["resourceArn": .string(arn), "tags": .object(after)])
        }
    }
}

/// `AWS::Batch::ComputeEnvironment`. `Ref`: the ARN.
struct BatchComputeEnvironment: ResourceType {
    let name = "AWS::Batch::ComputeEnvironment"
    let nameProperty: String? = "ComputeEnvironmentName"
    let nameLimit = 128
    let attributes = ["ComputeEnvironmentArn"]
    let properties: [String: PropertyRule] = [
        "ComputeEnvironmentName": .replacing(.string), "Type": .replacing(.string, isRequired: true),
        "State": .inPlace(.string), "ServiceRole": .inPlace(.string), "UnmanagedvCpus": .inPlace(.integer),
        "ComputeResources": .inPlace(.any), "EksConfiguration": .replacing(.any), "UpdatePolicy": .inPlace(.any),
        "ReplaceComputeEnvironment": .inPlace(.boolean), "Context": .inPlace(.string),
        "Tags": .replacing(.map(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("ComputeEnvironmentName")
        var input = BatchMembers.input(
            request.properties, without: ["ReplaceComputeEnvironment", "UpdatePolicy", "ComputeEnvironmentName"])
        input["computeEnvironmentName"] = .string(name)
        input["type"] = request["Type"]?.string.map { .string($0.uppercased()) }
        if input["state"] != nil { input["state"] = request["State"]?.string.map { .string($0.uppercased()) } }
        try await request.batchMake("CreateComputeEnvironment", input)
        let arn = request.arn("batch", "compute-environment/\(name)")
        return ResourceResult(arn, ["ComputeEnvironmentArn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = BatchMembers.input(
            request.properties,
            without: ["ReplaceComputeEnvironment", "ComputeEnvironmentName", "Type", "EksConfiguration", "Tags"])
        input["computeEnvironment"] = .string(request.physicalId)
        if var resources = input["computeResources"] {
            // What cannot be changed must not be named either.
            for member in ["spotIamFleetRole"] { resources[member] = nil }
            input["computeResources"] = resources
        }
        _ = try await request.batch("UpdateComputeEnvironment", input)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        let id = JSON.string(request.physicalId)
        let found = try await request.batch("DescribeComputeEnvironments", ["computeEnvironments": [id]])
        guard let list = found["computeEnvironments"]?.array, !list.isEmpty else { return }
        _ = try await request.batch("UpdateComputeEnvironment", ["computeEnvironment": id, "state": "DISABLED"])
        _ = try await request.batch("DeleteComputeEnvironment", ["computeEnvironment": id])
    }
}

/// `AWS::Batch::JobQueue`. `Ref`: the ARN.
struct BatchJobQueue: ResourceType {
    let name = "AWS::Batch::JobQueue"
    let nameProperty: String? = "JobQueueName"
    let nameLimit = 128
    let attributes = ["JobQueueArn"]
    let properties: [String: PropertyRule] = [
        "JobQueueName": .replacing(.string), "Priority": .inPlace(.integer, isRequired: true),
        "State": .inPlace(.string), "SchedulingPolicyArn": .inPlace(.string), "JobQueueType": .replacing(.string),
        "ComputeEnvironmentOrder": .inPlace(.list(.any)), "ServiceEnvironmentOrder": .inPlace(.list(.any)),
        "JobStateTimeLimitActions": .inPlace(.list(.any)), "Tags": .replacing(.map(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("JobQueueName")
        var input = BatchMembers.input(request.properties, without: ["JobQueueName"])
        input["jobQueueName"] = .string(name)
        try await request.batchMake("CreateJobQueue", input)
        let arn = request.arn("batch", "job-queue/\(name)")
        return ResourceResult(arn, ["JobQueueArn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = BatchMembers.input(request.properties, without: ["JobQueueName", "JobQueueType", "Tags"])
        input["jobQueue"] = .string(request.physicalId)
        _ = try await request.batch("UpdateJobQueue", input)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        let id = JSON.string(request.physicalId)
        let found = try await request.batch("DescribeJobQueues", ["jobQueues": [id]])
        guard let list = found["jobQueues"]?.array, !list.isEmpty else { return }
        _ = try await request.batch("UpdateJobQueue", ["jobQueue": id, "state": "DISABLED"])
        _ = try await request.batch("DeleteJobQueue", ["jobQueue": id])
    }
}

/// `AWS::Batch::JobDefinition`. `Ref`: the ARN with its revision; a change registers the next one.
struct BatchJobDefinition: ResourceType {
    let name = "AWS::Batch::JobDefinition"
    let nameProperty: String? = "JobDefinitionName"
    let nameLimit = 128
    let attributes = ["JobDefinitionArn"]
    let properties: [String: PropertyRule] = [
        "JobDefinitionName": .replacing(.string), "Type": .inPlace(.string, isRequired: true),
        "ContainerProperties": .inPlace(.any), "EcsProperties": .inPlace(.any), "EksProperties": .inPlace(.any),
        "NodeProperties": .inPlace(.any), "Parameters": .inPlace(.any),
        "PlatformCapabilities": .inPlace(.list(.string)), "PropagateTags": .inPlace(.boolean),
        "RetryStrategy": .inPlace(.any), "SchedulingPriority": .inPlace(.integer), "Timeout": .inPlace(.any),
        "ConsumableResourceProperties": .inPlace(.any), "ResourceRetentionPolicy": .inPlace(.any),
        "Tags": .inPlace(.map(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await register(request.name("JobDefinitionName"), request)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let reference = request.physicalId.split(separator: "/").last.map(String.init) ?? ""
        let result = try await register(String(reference.prefix { $0 != ":" }), request)
        let keeps = request["ResourceRetentionPolicy"]?["SkipDeregisterOnUpdate"]
        if keeps?.bool != true, keeps?.string != "true" { try await deregister(request) }
        return result
    }

    private func register(_ name: String, _ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input = BatchMembers.input(request.properties, without: ["JobDefinitionName", "ResourceRetentionPolicy"])
        input["jobDefinitionName"] = .string(name)
        let arn = try await request.batch("RegisterJobDefinition", input).text("jobDefinitionArn") ?? ""
        return ResourceResult(arn, ["JobDefinitionArn": .string(arn)])
    }

    private func deregister(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "batch", "DeregisterJobDefinition", ["jobDefinition": .string(request.physicalId)],
            accepting: BatchMembers.exists)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) { try await deregister(request) }
}

/// `AWS::Batch::SchedulingPolicy`. `Ref`: the ARN.
struct BatchSchedulingPolicy: ResourceType {
    let name = "AWS::Batch::SchedulingPolicy"
    let nameProperty: String? = "Name"
    let nameLimit = 128
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "FairsharePolicy": .inPlace(.any), "QuotaSharePolicy": .inPlace(.any),
        "Tags": .replacing(.map(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var input = BatchMembers.input(request.properties)
        input["name"] = .string(request.name("Name"))
        try await request.batchMake("CreateSchedulingPolicy", input)
        let arn = request.arn("batch", "scheduling-policy/\(request.name("Name"))")
        return ResourceResult(arn, ["Arn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        var input = BatchMembers.input(request.properties, without: ["Name", "Tags"])
        input["arn"] = .string(request.physicalId)
        _ = try await request.batch("UpdateSchedulingPolicy", input)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        let id = JSON.string(request.physicalId)
        let found = try await request.batch("DescribeSchedulingPolicies", ["arns": [id]])
        guard let list = found["schedulingPolicies"]?.array, !list.isEmpty else { return }
        _ = try await request.batch("DeleteSchedulingPolicy", ["arn": id])
    }
}

/// `AWS::Batch::ConsumableResource`. `Ref`: the ARN.
struct BatchConsumableResource: ResourceType {
    let name = "AWS::Batch::ConsumableResource"
    let nameProperty: String? = "ConsumableResourceName"
    let nameLimit = 128
    let attributes = ["ConsumableResourceArn", "AvailableQuantity", "InUseQuantity", "CreatedAt"]
    let properties: [String: PropertyRule] = [
        "ConsumableResourceName": .replacing(.string), "TotalQuantity": .inPlace(.integer, isRequired: true),
        "ResourceType": .replacing(.string, isRequired: true), "Tags": .inPlace(.map(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("ConsumableResourceName")
        var input = BatchMembers.input(request.properties)
        input["consumableResourceName"] = .string(name)
        try await request.batchMake("CreateConsumableResource", input)
        return try await result(request.arn("batch", "consumable-resource/\(name)"), request)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        if old["TotalQuantity"] != request["TotalQuantity"] {
            _ = try await request.batch(
                "UpdateConsumableResource",
                [
                    "consumableResource": .string(request.physicalId), "operation": "SET",
                    "quantity": request["TotalQuantity"] ?? 0,
                ])
        }
        try await request.changeTags(request.physicalId, from: old)
        return try await result(request.physicalId, request)
    }

    private func result(_ arn: String, _ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let found = try await request.batch("DescribeConsumableResource", ["consumableResource": .string(arn)])
        return ResourceResult(
            arn,
            [
                "ConsumableResourceArn": .string(arn), "AvailableQuantity": found["availableQuantity"] ?? 0,
                "InUseQuantity": found["inUseQuantity"] ?? 0, "CreatedAt": found["createdAt"] ?? 0,
            ])
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "batch", "DeleteConsumableResource", ["consumableResource": .string(request.physicalId)],
            accepting: BatchMembers.exists)
    }
}
