import JSON

/// What roles and users have in common: inline policies and attached ones.
struct IAMPrincipal: Sendable {
    /// `Role` or `User`, as it stands in operations and members.
    let kind: String

    func member(_ name: String) -> (String, JSON) { ("\(kind)Name", .string(name)) }

    /// Brings inline and attached policies from `old` to what the request says.
    func apply(_ name: String, _ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) {
        let before = old["Policies"]?.array ?? []
        let after = request["Policies"]?.array ?? []
        for policy in before where !after.contains(where: { $0["PolicyName"] == policy["PolicyName"] }) {
            try await call("Delete\(kind)Policy", name, ["PolicyName": policy["PolicyName"] ?? ""], request)
        }
        for policy in after where !before.contains(policy) {
            let document = JSON.string(policy["PolicyDocument"]?.text() ?? "")
            try await call(
                "Put\(kind)Policy", name, ["PolicyName": policy["PolicyName"] ?? "", "PolicyDocument": document],
                request)
        }
        let attachedBefore = old["ManagedPolicyArns"]?.array ?? []
        let attachedAfter = request["ManagedPolicyArns"]?.array ?? []
        for arn in attachedBefore where !attachedAfter.contains(arn) {
            try await call("Detach\(kind)Policy", name, ["PolicyArn": arn], request)
        }
        for arn in attachedAfter where !attachedBefore.contains(arn) {
            try await call("Attach\(kind)Policy", name, ["PolicyArn": arn], request)
        }
        try await updateTags(name, request, from: old)
    }

    private func updateTags(_ name: String, _ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) {
        guard old["Tags"] != request["Tags"], old != [:] else { return }
        let (added, removed) = TagChange.between(old["Tags"], request["Tags"])
        if !removed.isEmpty { try await call("Untag\(kind)", name, ["TagKeys": .array(removed)], request) }
        if !added.isEmpty { try await call("Tag\(kind)", name, ["Tags": .array(added)], request) }
    }

    /// Removes every policy, so that the principal itself can be deleted.
    func strip(_ name: String, _ request: ResourceRequest) async throws(ResourceFailure) {
        for policy in request["Policies"]?.array ?? [] {
            try await call("Delete\(kind)Policy", name, ["PolicyName": policy["PolicyName"] ?? ""], request)
        }
        for arn in request["ManagedPolicyArns"]?.array ?? [] {
            try await call("Detach\(kind)Policy", name, ["PolicyArn": arn], request)
        }
    }

    private func call(_ operation: String, _ name: String, _ more: JSON.Object, _ request: ResourceRequest)
        async throws(ResourceFailure)
    {
        var input = JSON.Object([member(name)])
        for (key, value) in more { input[key] = value }
        let isRemoval = operation.hasPrefix("De") || operation.hasPrefix("Untag")
        try await request.call("iam", operation, .object(input), accepting: isRemoval ? ["NoSuchEntity"] : [])
    }

    static let policies = PropertyKind.list(.object(["PolicyName": .string, "PolicyDocument": .document]))
}

/// `AWS::IAM::Role`. `Ref`: the name.
struct IAMRole: ResourceType {
    let name = "AWS::IAM::Role"
    let nameProperty: String? = "RoleName"
    let nameLimit = 64
    let attributes = ["Arn", "RoleId"]
    let properties: [String: PropertyRule] = [
        "RoleName": .replacing(.string), "Path": .replacing(.string),
        "AssumeRolePolicyDocument": .inPlace(.document, isRequired: true), "Description": .inPlace(.string),
        "ManagedPolicyArns": .inPlace(.list(.string)), "MaxSessionDuration": .inPlace(.integer),
        "PermissionsBoundary": .inPlace(.string), "Policies": .inPlace(IAMPrincipal.policies), "Tags": .inPlace(.tags),
    ]
    private let principal = IAMPrincipal(kind: "Role")

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("RoleName")
        var input: JSON = [
            "RoleName": .string(name),
            "AssumeRolePolicyDocument": .string(request["AssumeRolePolicyDocument"]?.text() ?? ""),
        ]
        for member in ["Path", "Description", "MaxSessionDuration", "PermissionsBoundary", "Tags"] {
            input[member] = request[member]
        }
        try await request.make("iam", "CreateRole", input, exists: ["EntityAlreadyExists"])
        request.progress.physicalId = name
        try await principal.apply(name, request, from: [:])
        let role = try await request.call("iam", "GetRole", ["RoleName": .string(name)])["Role"]
        let arn =
            role?.member("Arn")
            ?? .string("arn:aws:iam::\(request.account):role\(request.text("Path") ?? "/")\(name)")
        return ResourceResult(name, ["Arn": arn, "RoleId": role?.member("RoleId") ?? ""])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let role = JSON.string(request.physicalId)
        let names = changed(old, request.properties)
        if names.contains("AssumeRolePolicyDocument") {
            try await request.call(
                "iam", "UpdateAssumeRolePolicy",
                ["RoleName": role, "PolicyDocument": .string(request["AssumeRolePolicyDocument"]?.text() ?? "")])
        }
        if names.contains("Description") || names.contains("MaxSessionDuration") {
            try await request.callIfKnown(
                "iam", "UpdateRole",
                [
                    "RoleName": role, "Description": request["Description"] ?? "",
                    "MaxSessionDuration": request["MaxSessionDuration"] ?? 3600,
                ])
        }
        if names.contains("PermissionsBoundary") {
            if let boundary = request["PermissionsBoundary"] {
                try await request.callIfKnown(
                    "iam", "PutRolePermissionsBoundary", ["RoleName": role, "PermissionsBoundary": boundary])
            } else {
                try await request.callIfKnown("iam", "DeleteRolePermissionsBoundary", ["RoleName": role])
            }
        }
        try await principal.apply(request.physicalId, request, from: old)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await principal.strip(request.physicalId, request)
        try await request.call(
            "iam", "DeleteRole", ["RoleName": .string(request.physicalId)], accepting: ["NoSuchEntity"])
    }
}

/// `AWS::IAM::User`. `Ref`: the name.
struct IAMUser: ResourceType {
    let name = "AWS::IAM::User"
    let nameProperty: String? = "UserName"
    let nameLimit = 64
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "UserName": .replacing(.string), "Path": .inPlace(.string), "Groups": .inPlace(.list(.string)),
        "LoginProfile": .inPlace(.any), "ManagedPolicyArns": .inPlace(.list(.string)),
        "PermissionsBoundary": .inPlace(.string), "Policies": .inPlace(IAMPrincipal.policies), "Tags": .inPlace(.tags),
    ]
    private let principal = IAMPrincipal(kind: "User")

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("UserName")
        var input: JSON = ["UserName": .string(name)]
        for member in ["Path", "PermissionsBoundary", "Tags"] { input[member] = request[member] }
        try await request.make("iam", "CreateUser", input, exists: ["EntityAlreadyExists"])
        request.progress.physicalId = name
        try await principal.apply(name, request, from: [:])
        let user = try await request.call("iam", "GetUser", ["UserName": .string(name)])["User"]
        let arn =
            user?.member("Arn")
            ?? .string("arn:aws:iam::\(request.account):user\(request.text("Path") ?? "/")\(name)")
        return ResourceResult(name, ["Arn": arn])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await principal.apply(request.physicalId, request, from: old)
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await principal.strip(request.physicalId, request)
        try await request.call(
            "iam", "DeleteUser", ["UserName": .string(request.physicalId)], accepting: ["NoSuchEntity"])
    }
}
