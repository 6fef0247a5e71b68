import AWSWire
import JSON

/// `AWS::Scheduler::ScheduleGroup`. `Ref`: the name.
struct SchedulerScheduleGroup: ResourceType {
    let name = "AWS::Scheduler::ScheduleGroup"
    let nameProperty: String? = "Name"
    let nameLimit = 64
    let attributes = ["Arn", "CreationDate", "LastModificationDate", "State"]
    let properties: [String: PropertyRule] = ["Name": .replacing(.string), "Tags": .inPlace(.tags)]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("Name")
        var input: JSON = ["Name": .string(name)]
        input["Tags"] = request["Tags"]
        try await request.make("scheduler", "CreateScheduleGroup", input, exists: ["ConflictException"])
        let arn = request.arn("scheduler", "schedule-group/\(name)")
        return ResourceResult(name, ["Arn": .string(arn), "State": "ACTIVE"])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let arn = JSON.string(request.arn("scheduler", "schedule-group/\(request.physicalId)"))
        let (added, removed) = TagChange.between(old["Tags"], request["Tags"])
        if !removed.isEmpty {
            try await request.call("scheduler", "UntagResource", ["ResourceArn": arn, "TagKeys": .array(removed)])
        }
        if !added.isEmpty {
            try await request.call("scheduler", "TagResource", ["ResourceArn": arn, "Tags": .array(added)])
        }
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "scheduler", "DeleteScheduleGroup", ["Name": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Scheduler::Schedule`. `Ref`: the name.
struct SchedulerSchedule: ResourceType {
    let name = "AWS::Scheduler::Schedule"
    let nameProperty: String? = "Name"
    let nameLimit = 64
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "GroupName": .replacing(.string), "Description": .inPlace(.string),
        "ScheduleExpression": .inPlace(.string, isRequired: true), "ScheduleExpressionTimezone": .inPlace(.string),
        "StartDate": .inPlace(.string), "EndDate": .inPlace(.string), "State": .inPlace(.string),
        "KmsKeyArn": .inPlace(.string), "ActionAfterCompletion": .inPlace(.string),
        "FlexibleTimeWindow": .inPlace(
            .object(["Mode": .string, "MaximumWindowInMinutes": .integer]), isRequired: true),
        "Target": .inPlace(
            .object([
                "Arn": .string, "RoleArn": .string, "Input": .string, "DeadLetterConfig": .object(["Arn": .string]),
                "RetryPolicy": .object(["MaximumRetryAttempts": .integer, "MaximumEventAgeInSeconds": .integer]),
                "SqsParameters": .object(["MessageGroupId": .string]),
                "EventBridgeParameters": .object(["DetailType": .string, "Source": .string]),
                "KinesisParameters": .object(["PartitionKey": .string]), "EcsParameters": .any,
                "SageMakerPipelineParameters": .any,
            ]), isRequired: true),
    ]

    private func input(_ name: String, _ request: ResourceRequest) -> JSON {
        var input = request.properties
        input["Name"] = .string(name)
        for key in ["StartDate", "EndDate"] {
            input[key] = request.text(key).flatMap { AWSWire.Timestamp.parse($0) }.map { .number($0) }
        }
        return input
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("Name")
        try await request.make(
            "scheduler", "CreateSchedule", input(name, request), exists: ["ConflictException"])
        let group = request.text("GroupName") ?? "default"
        return ResourceResult(name, ["Arn": .string(request.arn("scheduler", "schedule/\(group)/\(name)"))])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await request.call("scheduler", "UpdateSchedule", input(request.physicalId, request))
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        var input: JSON = ["Name": .string(request.physicalId)]
        input["GroupName"] = request["GroupName"]
        try await request.call("scheduler", "DeleteSchedule", input, accepting: ["ResourceNotFoundException"])
    }
}
