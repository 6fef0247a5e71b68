import JSON

/// `AWS::IAM::Policy`: one inline policy on several roles, users and groups.
struct IAMPolicy: ResourceType {
    let name = "AWS::IAM::Policy"
    let nameLimit = 128
    let attributes = ["Id"]
    let properties: [String: PropertyRule] = [
        "PolicyName": .inPlace(.string, isRequired: true), "PolicyDocument": .inPlace(.document, isRequired: true),
        "Roles": .inPlace(.list(.string)), "Users": .inPlace(.list(.string)), "Groups": .inPlace(.list(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let document = JSON.string(request["PolicyDocument"]?.text() ?? "")
        for (kind, holder) in IAMHolders.all(request.properties) {
            try await request.call(
                "iam", "Put\(kind)Policy",
                ["\(kind)Name": holder, "PolicyName": request["PolicyName"] ?? "", "PolicyDocument": document])
        }
        return ResourceResult(request.physicalId, ["Id": .string(request.physicalId)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let after = IAMHolders.all(request.properties)
        let isRenamed = old["PolicyName"] != request["PolicyName"]
        let gone = IAMHolders.all(old).filter { holder in isRenamed || !after.contains { $0 == holder } }
        try await remove(gone, old["PolicyName"] ?? "", request)
        return try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await remove(IAMHolders.all(request.properties), request["PolicyName"] ?? "", request)
    }

    private func remove(
        _ holders: [(kind: String, name: JSON)], _ policy: JSON, _ request: ResourceRequest
    ) async throws(ResourceFailure) {
        for (kind, holder) in holders {
            try await request.call(
                "iam", "Delete\(kind)Policy", ["\(kind)Name": holder, "PolicyName": policy],
                accepting: ["NoSuchEntity"])
        }
    }
}

/// The roles, users and groups that a policy names.
enum IAMHolders {
    static func all(_ properties: JSON) -> [(kind: String, name: JSON)] {
        ["Role", "User", "Group"].flatMap { kind in
            (properties["\(kind)s"]?.array ?? []).map { (kind: kind, name: $0) }
        }
    }
}

/// `AWS::IAM::ManagedPolicy`. `Ref`: the ARN.
struct IAMManagedPolicy: ResourceType {
    let name = "AWS::IAM::ManagedPolicy"
    let nameProperty: String? = "ManagedPolicyName"
    let nameLimit = 128
    let attributes = ["PolicyArn", "PolicyId"]
    let properties: [String: PropertyRule] = [
        "ManagedPolicyName": .replacing(.string), "Path": .replacing(.string), "Description": .replacing(.string),
        "PolicyDocument": .inPlace(.document, isRequired: true), "Roles": .inPlace(.list(.string)),
        "Users": .inPlace(.list(.string)), "Groups": .inPlace(.list(.string)),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("ManagedPolicyName")
        let path = request.text("Path") ?? "/"
        let arn = "arn:aws:iam::\(request.account):policy\(path)\(name)"
        var input: JSON = [
            "PolicyName": .string(name), "Path": .string(path),
            "PolicyDocument": .string(request["PolicyDocument"]?.text() ?? ""),
        ]
        input["Description"] = request["Description"]
        let answer = try await request.make("iam", "CreatePolicy", input, exists: ["EntityAlreadyExists"])
        let policy = answer["Policy"]
        let made = policy?.member("Arn")?.string ?? arn
        request.progress.physicalId = made
        try await attach(made, IAMHolders.all(request.properties), request)
        return ResourceResult(made, ["PolicyArn": .string(made), "PolicyId": policy?.member("PolicyId") ?? ""])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let arn = JSON.string(request.physicalId)
        if old["PolicyDocument"] != request["PolicyDocument"] {
            try await makeRoom(request)
            try await request.call(
                "iam", "CreatePolicyVersion",
                [
                    "PolicyArn": arn, "PolicyDocument": .string(request["PolicyDocument"]?.text() ?? ""),
                    "SetAsDefault": true,
                ])
        }
        let before = IAMHolders.all(old)
        let after = IAMHolders.all(request.properties)
        try await detach(request.physicalId, before.filter { holder in !after.contains { $0 == holder } }, request)
        try await attach(request.physicalId, after.filter { holder in !before.contains { $0 == holder } }, request)
        return ResourceResult(request.physicalId, request.attributes)
    }

    /// A policy has at most five versions: the oldest that is not in force goes.
    private func makeRoom(_ request: ResourceRequest) async throws(ResourceFailure) {
        let arn = JSON.string(request.physicalId)
        let listed = try await request.call(
            "iam", "ListPolicyVersions", ["PolicyArn": arn], accepting: ["NotImplemented"])
        let versions = listed["Versions"]?.array ?? []
        guard versions.count >= 5, let oldest = versions.last(where: { $0.member("IsDefaultVersion") != true }) else {
            return
        }
        try await request.call(
            "iam", "DeletePolicyVersion", ["PolicyArn": arn, "VersionId": oldest.member("VersionId") ?? ""])
    }

    private func attach(_ arn: String, _ holders: [(kind: String, name: JSON)], _ request: ResourceRequest)
        async throws(ResourceFailure)
    {
        for (kind, holder) in holders {
            try await request.call("iam", "Attach\(kind)Policy", ["\(kind)Name": holder, "PolicyArn": .string(arn)])
        }
    }

    private func detach(_ arn: String, _ holders: [(kind: String, name: JSON)], _ request: ResourceRequest)
        async throws(ResourceFailure)
    {
        for (kind, holder) in holders {
            try await request.call(
                "iam", "Detach\(kind)Policy", ["\(kind)Name": holder, "PolicyArn": .string(arn)],
                accepting: ["NoSuchEntity"])
        }
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await detach(request.physicalId, IAMHolders.all(request.properties), request)
        let arn = JSON.string(request.physicalId)
        let listed = try await request.call(
            "iam", "ListPolicyVersions", ["PolicyArn": arn], accepting: ["NotImplemented", "NoSuchEntity"])
        for version in listed["Versions"]?.array ?? [] where version.member("IsDefaultVersion") != true {
            try await request.call(
                "iam", "DeletePolicyVersion", ["PolicyArn": arn, "VersionId": version.member("VersionId") ?? ""],
                accepting: ["NoSuchEntity"])
        }
        try await request.call("iam", "DeletePolicy", ["PolicyArn": arn], accepting: ["NoSuchEntity"])
    }
}

/// `AWS::IAM::InstanceProfile`. `Ref`: the name.
struct IAMInstanceProfile: ResourceType {
    let name = "AWS::IAM::InstanceProfile"
    let nameProperty: String? = "InstanceProfileName"
    let nameLimit = 128
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "InstanceProfileName": .replacing(.string), "Path": .replacing(.string),
        "Roles": .inPlace(.list(.string), isRequired: true),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("InstanceProfileName")
        var input: JSON = ["InstanceProfileName": .string(name)]
        input["Path"] = request["Path"]
        try await request.make("iam", "CreateInstanceProfile", input, exists: ["EntityAlreadyExists"])
        request.progress.physicalId = name
        try await change("AddRoleToInstanceProfile", request["Roles"]?.array ?? [], name, request)
        let arn = "arn:aws:iam::\(request.account):instance-profile\(request.text("Path") ?? "/")\(name)"
        return ResourceResult(name, ["Arn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let before = old["Roles"]?.array ?? []
        let after = request["Roles"]?.array ?? []
        try await change(
            "RemoveRoleFromInstanceProfile", before.filter { !after.contains($0) }, request.physicalId, request)
        try await change("AddRoleToInstanceProfile", after.filter { !before.contains($0) }, request.physicalId, request)
        return ResourceResult(request.physicalId, request.attributes)
    }

    private func change(_ operation: String, _ roles: [JSON], _ name: String, _ request: ResourceRequest)
        async throws(ResourceFailure)
    {
        let accepted: Set<String> =
            operation.hasPrefix("Remove") ? ["NoSuchEntity"] : request.isRetry ? ["LimitExceeded"] : []
        for role in roles {
            try await request.call(
                "iam", operation, ["InstanceProfileName": .string(name), "RoleName": role], accepting: accepted)
        }
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await change("RemoveRoleFromInstanceProfile", request["Roles"]?.array ?? [], request.physicalId, request)
        try await request.call(
            "iam", "DeleteInstanceProfile", ["InstanceProfileName": .string(request.physicalId)],
            accepting: ["NoSuchEntity"])
    }
}
