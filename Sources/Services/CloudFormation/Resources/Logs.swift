import JSON

/// `AWS::Logs::LogGroup`. `Ref`: the name.
struct LogsLogGroup: ResourceType {
    let name = "AWS::Logs::LogGroup"
    let nameProperty: String? = "LogGroupName"
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "LogGroupName": .replacing(.string), "RetentionInDays": .inPlace(.integer), "KmsKeyId": .inPlace(.string),
        "LogGroupClass": .inPlace(.string), "DataProtectionPolicy": .inPlace(.document),
        "FieldIndexPolicies": .inPlace(.any), "ResourcePolicyDocument": .inPlace(.document), "Tags": .inPlace(.tags),
        "DeletionProtectionEnabled": .inPlace(.boolean),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("LogGroupName")
        var input: JSON = ["logGroupName": .string(name)]
        input["kmsKeyId"] = request["KmsKeyId"]
        input["logGroupClass"] = request["LogGroupClass"]
        input["tags"] = TagChange.map(request["Tags"])
        try await request.make("logs", "CreateLogGroup", input, exists: ["ResourceAlreadyExistsException"])
        request.progress.physicalId = name
        if let days = request["RetentionInDays"] { try await retain(name, days, request) }
        return ResourceResult(name, ["Arn": .string(request.arn("logs", "log-group:\(name):*"))])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let names = changed(old, request.properties)
        if names.contains("RetentionInDays") {
            if let days = request["RetentionInDays"] {
                try await retain(request.physicalId, days, request)
            } else {
                try await request.call("logs", "DeleteRetentionPolicy", ["logGroupName": .string(request.physicalId)])
            }
        }
        let (added, removed) = TagChange.between(old["Tags"], request["Tags"])
        let arn = JSON.string(request.arn("logs", "log-group:\(request.physicalId)"))
        if !removed.isEmpty {
            try await request.callIfKnown("logs", "UntagResource", ["resourceArn": arn, "tagKeys": .array(removed)])
        }
        if let tags = TagChange.map(.array(added)) {
            try await request.callIfKnown("logs", "TagResource", ["resourceArn": arn, "tags": tags])
        }
        return ResourceResult(request.physicalId, request.attributes)
    }

    private func retain(_ name: String, _ days: JSON, _ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call("logs", "PutRetentionPolicy", ["logGroupName": .string(name), "retentionInDays": days])
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "logs", "DeleteLogGroup", ["logGroupName": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}

/// `AWS::Logs::LogStream`. `Ref`: the name.
struct LogsLogStream: ResourceType {
    let name = "AWS::Logs::LogStream"
    let nameProperty: String? = "LogStreamName"
    let attributes: [String] = []
    let properties: [String: PropertyRule] = [
        "LogGroupName": .replacing(.string, isRequired: true), "LogStreamName": .replacing(.string),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("LogStreamName")
        try await request.make(
            "logs", "CreateLogStream",
            ["logGroupName": request["LogGroupName"] ?? "", "logStreamName": .string(name)],
            exists: ["ResourceAlreadyExistsException"])
        return ResourceResult(name)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "logs", "DeleteLogStream",
            ["logGroupName": request["LogGroupName"] ?? "", "logStreamName": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}
