import JSON

/// `AWS::SSM::Parameter`. `Ref`: the name. SecureStrings cannot be made by templates.
struct SSMParameter: ResourceType {
    let name = "AWS::SSM::Parameter"
    let nameProperty: String? = "Name"
    let attributes = ["Type", "Value"]
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "Type": .inPlace(.string, isRequired: true),
        "Value": .inPlace(.string, isRequired: true), "Description": .inPlace(.string),
        "AllowedPattern": .inPlace(.string), "DataType": .inPlace(.string), "Policies": .inPlace(.string),
        "Tier": .inPlace(.string), "Tags": .inPlace(.map(.string)),
    ]

    /// `CFN-<LogicalId>-<suffix>`.
    func generatedName(_ stack: String, _ logicalId: String, _ suffix: String, _ properties: JSON) -> String {
        "CFN-\(logicalId)-\(suffix)"
    }

    private func input(_ request: ResourceRequest, _ name: String) throws(ResourceFailure) -> JSON {
        guard ["String", "StringList"].contains(request.text("Type")) else {
            throw ResourceFailure(reason: "Type must be String or StringList.")
        }
        var input: JSON = ["Name": .string(name)]
        for member in ["Type", "Value", "Description", "AllowedPattern", "DataType", "Policies", "Tier"] {
            input[member] = request[member]
        }
        return input
    }

    private func result(_ request: ResourceRequest, _ name: String) -> ResourceResult {
        ResourceResult(name, ["Type": request["Type"] ?? "", "Value": request["Value"] ?? ""])
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("Name")
        var input = try input(request, name)
        let tags = Self.list(request["Tags"])
        if !tags.isEmpty { input["Tags"] = .array(tags) }
        try await request.make("ssm", "PutParameter", input, exists: ["ParameterAlreadyExists"])
        return result(request, name)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let name = request.physicalId
        if changed(old, request.properties) != ["Tags"] {
            var input = try input(request, name)
            input["Overwrite"] = true
            // What leaves the template leaves the parameter.
            for member in ["Description", "AllowedPattern"] where old[member] != nil && request[member] == nil {
                input[member] = ""
            }
            try await request.call("ssm", "PutParameter", input)
        }
        let (added, removed) = TagChange.between(
            .array(Self.list(old["Tags"])), .array(Self.list(request["Tags"])))
        let id: JSON = ["ResourceType": "Parameter", "ResourceId": .string(name)]
        if !removed.isEmpty {
            var input = id
            input["TagKeys"] = .array(removed)
            try await request.call("ssm", "RemoveTagsFromResource", input)
        }
        if !added.isEmpty {
            var input = id
            input["Tags"] = .array(added)
            try await request.call("ssm", "AddTagsToResource", input)
        }
        return result(request, name)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "ssm", "DeleteParameter", ["Name": .string(request.physicalId)], accepting: ["ParameterNotFound"])
    }

    /// A map of tags as the list that the API takes.
    private static func list(_ tags: JSON?) -> [JSON] {
        (tags?.object ?? [:]).map { ["Key": .string($0.key), "Value": $0.value] }
    }
}
