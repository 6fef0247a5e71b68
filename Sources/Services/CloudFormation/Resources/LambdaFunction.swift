import JSON

/// `AWS::Lambda::Function`. `Ref`: the name. Apart from `Code` and `Tags` the properties bear the names of
/// CreateFunction's members.
struct LambdaFunction: ResourceType {
    let name = "AWS::Lambda::Function"
    let nameProperty: String? = "FunctionName"
    let nameLimit = 64
    let attributes = ["Arn", "SnapStartResponse.*", "SnapStartResponse"]
    let properties: [String: PropertyRule] = [
        "FunctionName": .replacing(.string), "PackageType": .replacing(.string),
        "Code": .inPlace(
            .object([
                "ZipFile": .string, "S3Bucket": .string, "S3Key": .string, "S3ObjectVersion": .string,
                "ImageUri": .string,
                "SourceKMSKeyArn": .string,
            ]), isRequired: true),
        "Runtime": .inPlace(.string), "Handler": .inPlace(.string), "Role": .inPlace(.string, isRequired: true),
        "Description": .inPlace(.string), "Timeout": .inPlace(.integer), "MemorySize": .inPlace(.integer),
        "Environment": .inPlace(.object(["Variables": .map(.string)])),
        "DeadLetterConfig": .inPlace(.object(["TargetArn": .string])),
        "TracingConfig": .inPlace(.object(["Mode": .string])), "Layers": .inPlace(.list(.string)),
        "VpcConfig": .inPlace(
            .object([
                "SecurityGroupIds": .list(.string), "SubnetIds": .list(.string), "Ipv6AllowedForDualStack": .boolean,
            ])),
        "KmsKeyArn": .inPlace(.string), "ReservedConcurrentExecutions": .inPlace(.integer),
        "Architectures": .inPlace(.list(.string)), "EphemeralStorage": .inPlace(.object(["Size": .integer])),
        "FileSystemConfigs": .inPlace(.list(.object(["Arn": .string, "LocalMountPath": .string]))),
        "ImageConfig": .inPlace(.any), "SnapStart": .inPlace(.object(["ApplyOn": .string])),
        "LoggingConfig": .inPlace(
            .object([
                "ApplicationLogLevel": .string, "LogFormat": .string, "LogGroup": .string, "SystemLogLevel": .string,
            ])),
        "RuntimeManagementConfig": .inPlace(.any), "CodeSigningConfigArn": .inPlace(.string),
        "RecursiveLoop": .inPlace(.string), "Tags": .inPlace(.tags),
    ]

    /// The members of UpdateFunctionConfiguration, with what they become when they leave the template.
    private static let configuration: [String: JSON] = [
        "Runtime": .null, "Handler": .null, "Role": .null, "Description": "", "Timeout": 3, "MemorySize": 128,
        "Environment": ["Variables": [:]], "DeadLetterConfig": ["TargetArn": ""],
        "TracingConfig": ["Mode": "PassThrough"],
        "Layers": [], "VpcConfig": ["SubnetIds": [], "SecurityGroupIds": []], "KmsKeyArn": "",
        "EphemeralStorage": ["Size": 512], "FileSystemConfigs": [], "ImageConfig": [:],
        "SnapStart": ["ApplyOn": "None"],
        "LoggingConfig": ["LogFormat": "Text"],
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("FunctionName")
        var input: JSON = ["FunctionName": .string(name), "Code": try code(request)]
        for member in Self.configuration.keys.sorted() { input[member] = request[member] }
        for member in ["Architectures", "PackageType", "CodeSigningConfigArn"] { input[member] = request[member] }
        if let tags = TagChange.map(request["Tags"]) { input["Tags"] = tags }
        try await request.make("lambda", "CreateFunction", input, exists: ["ResourceConflictException"])
        request.progress.physicalId = name
        if let limit = request["ReservedConcurrentExecutions"] { try await reserve(name, limit, request) }
        return try await described(name, request)
    }

    /// Source text in the template becomes an archive with one file, named as the runtime wants it.
    private func code(_ request: ResourceRequest) throws(ResourceFailure) -> JSON {
        guard var code = request["Code"] else { return [:] }
        guard let source = code["ZipFile"]?.string else { return code }
        let runtime = request.text("Runtime") ?? ""
        guard runtime.hasPrefix("python") || runtime.hasPrefix("nodejs") else {
            throw ResourceFailure(reason: "ZipFile can only be used with runtimes nodejs and python, not \(runtime)")
        }
        code["ZipFile"] = .bytes(InlineCode.archive(source, isPython: runtime.hasPrefix("python")))
        return code
    }

    private func described(_ name: String, _ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let answer = try await request.call("lambda", "GetFunctionConfiguration", ["FunctionName": .string(name)])
        let arn = answer.text("FunctionArn") ?? request.arn("lambda", "function:\(name)")
        if answer.text("State") == "Failed" {
            throw ResourceFailure(reason: answer.text("StateReason") ?? "The function \(name) failed to start")
        }
        let isPending = answer.text("State") == "Pending" || answer.text("LastUpdateStatus") == "InProgress"
        return ResourceResult(name, ["Arn": .string(arn)], pending: isPending ? .afterMs(500) : nil)
    }

    func check(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await described(request.physicalId, request)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let name = JSON.string(request.physicalId)
        let names = changed(old, request.properties)
        if names.contains("Code") || names.contains("Architectures") {
            var input = try code(request)
            input["FunctionName"] = name
            input["Architectures"] = request["Architectures"]
            try await request.call("lambda", "UpdateFunctionCode", input)
        }
        var input = JSON.Object()
        for (member, missing) in Self.configuration.sorted(by: { $0.key < $1.key }) where names.contains(member) {
            input[member] = request[member] ?? (missing.isNull ? nil : missing)
        }
        if !input.isEmpty {
            input["FunctionName"] = name
            try await request.call("lambda", "UpdateFunctionConfiguration", .object(input))
        }
        if names.contains("ReservedConcurrentExecutions") {
            if let limit = request["ReservedConcurrentExecutions"] {
                try await reserve(request.physicalId, limit, request)
            } else {
                try await request.callIfKnown("lambda", "DeleteFunctionConcurrency", ["FunctionName": name])
            }
        }
        let (added, removed) = TagChange.between(old["Tags"], request["Tags"])
        let arn = request.attributes["Arn"] ?? ""
        if !removed.isEmpty {
            try await request.call("lambda", "UntagResource", ["Resource": arn, "TagKeys": .array(removed)])
        }
        if let tags = TagChange.map(.array(added)) {
            try await request.call("lambda", "TagResource", ["Resource": arn, "Tags": tags])
        }
        return try await described(request.physicalId, request)
    }

    private func reserve(_ name: String, _ limit: JSON, _ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.callIfKnown(
            "lambda", "PutFunctionConcurrency",
            ["FunctionName": .string(name), "ReservedConcurrentExecutions": limit])
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "lambda", "DeleteFunction", ["FunctionName": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}
