import JSON

/// `AWS::SecretsManager::Secret`. `Ref`: the ARN.
///
/// A changed `GenerateSecretString` makes a new value. Assumed: a deletion is done without a recovery window.
struct SecretsManagerSecret: ResourceType {
    let name = "AWS::SecretsManager::Secret"
    let nameProperty: String? = "Name"
    let nameLimit = 512
    let attributes = ["Id"]
    private static let generation = PropertyKind.object([
        "ExcludeCharacters": .string, "ExcludeLowercase": .boolean, "ExcludeNumbers": .boolean,
        "ExcludePunctuation": .boolean, "ExcludeUppercase": .boolean, "GenerateStringKey": .string,
        "IncludeSpace": .boolean, "PasswordLength": .integer, "RequireEachIncludedType": .boolean,
        "SecretStringTemplate": .string,
    ])
    let properties: [String: PropertyRule] = [
        "Name": .replacing(.string), "Description": .inPlace(.string), "KmsKeyId": .inPlace(.string),
        "SecretString": .inPlace(.string), "GenerateSecretString": .inPlace(Self.generation),
        "ReplicaRegions": .inPlace(.list(.object(["Region": .string, "KmsKeyId": .string]))), "Tags": .inPlace(.tags),
        "Type": .inPlace(.string),
    ]

    func generatedName(_ stack: String, _ logicalId: String, _ suffix: String, _ properties: JSON) -> String {
        "\(logicalId)-\(suffix)"
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("Name")
        var input: JSON = ["Name": .string(name)]
        for member in ["Description", "KmsKeyId", "Tags", "Type"] { input[member] = request[member] }
        input["AddReplicaRegions"] =
            request["ReplicaRegions"]?.array?.isEmpty == false ? request["ReplicaRegions"] : nil
        input["SecretString"] = try await value(request)
        let made = try await request.make(
            "secretsmanager", "CreateSecret", input, exists: ["ResourceExistsException"])
        var arn = made.text("ARN")
        if arn == nil {
            arn = try await request.call("secretsmanager", "DescribeSecret", ["SecretId": .string(name)]).text("ARN")
        }
        return ResourceResult(arn ?? "", ["Id": .string(arn ?? "")])
    }

    /// The value that the template gives, or one made as it says.
    private func value(_ request: ResourceRequest) async throws(ResourceFailure) -> JSON? {
        guard let generation = request["GenerateSecretString"] else { return request["SecretString"] }
        guard request["SecretString"] == nil else {
            throw ResourceFailure(reason: "You can only specify one of SecretString and GenerateSecretString.")
        }
        var input = generation
        input["GenerateStringKey"] = nil
        input["SecretStringTemplate"] = nil
        let password = try await request.call("secretsmanager", "GetRandomPassword", input)["RandomPassword"] ?? ""
        let (template, key) = (generation["SecretStringTemplate"]?.string, generation["GenerateStringKey"]?.string)
        guard template != nil || key != nil else { return password }
        guard let key, var object = template.flatMap({ try? JSON.parse($0) }), object.object != nil else {
            throw ResourceFailure(
                reason: "SecretStringTemplate must be a JSON object, and GenerateStringKey must be given with it.")
        }
        object[key] = password
        return .string(object.text())
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let id = JSON.string(request.physicalId)
        let names = changed(old, request.properties)
        var input: JSON = ["SecretId": id]
        for member in ["Description", "KmsKeyId", "Type"] where names.contains(member) {
            input[member] = request[member] ?? ""
        }
        if names.contains("SecretString") || names.contains("GenerateSecretString") {
            input["SecretString"] = try await value(request)
        }
        if input.object?.count ?? 0 > 1 { try await request.call("secretsmanager", "UpdateSecret", input) }
        let (added, removed) = TagChange.between(old["Tags"], request["Tags"])
        if !removed.isEmpty {
            try await request.call("secretsmanager", "UntagResource", ["SecretId": id, "TagKeys": .array(removed)])
        }
        if !added.isEmpty {
            try await request.call("secretsmanager", "TagResource", ["SecretId": id, "Tags": .array(added)])
        }
        try await replicate(from: regions(old), request)
        return ResourceResult(request.physicalId, request.attributes)
    }

    private func regions(_ properties: JSON) -> [JSON] {
        (properties["ReplicaRegions"]?.array ?? []).compactMap { $0["Region"] }
    }

    private func replicate(from old: [JSON], _ request: ResourceRequest) async throws(ResourceFailure) {
        let id = JSON.string(request.physicalId)
        let gone = old.filter { !regions(request.properties).contains($0) }
        let new = (request["ReplicaRegions"]?.array ?? []).filter { !old.contains($0["Region"] ?? "") }
        if !gone.isEmpty {
            try await request.call(
                "secretsmanager", "RemoveRegionsFromReplication",
                ["SecretId": id, "RemoveReplicaRegions": .array(gone)])
        }
        if !new.isEmpty {
            try await request.call(
                "secretsmanager", "ReplicateSecretToRegions", ["SecretId": id, "AddReplicaRegions": .array(new)])
        }
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        let id = JSON.string(request.physicalId)
        let replicas = regions(request.properties)
        if !replicas.isEmpty {
            try await request.call(
                "secretsmanager", "RemoveRegionsFromReplication",
                ["SecretId": id, "RemoveReplicaRegions": .array(replicas)],
                accepting: ["ResourceNotFoundException", "InvalidRequestException"])
        }
        try await request.call(
            "secretsmanager", "DeleteSecret", ["SecretId": id, "ForceDeleteWithoutRecovery": true])
    }
}

/// `AWS::SecretsManager::SecretTargetAttachment`: kept with the stack, since Baton has no databases whose address could be
/// put into the secret. `Ref`: the secret's ARN.
struct SecretsManagerTargetAttachment: ResourceType {
    let name = "AWS::SecretsManager::SecretTargetAttachment"
    let attributes: [String] = ["Id"]
    let properties: [String: PropertyRule] = [
        "SecretId": .replacing(.string, isRequired: true), "TargetId": .inPlace(.string, isRequired: true),
        "TargetType": .inPlace(.string, isRequired: true),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await SecretPart.result(request)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {}
}

/// What belongs to a secret bears its ARN.
enum SecretPart {
    static let gone: Set<String> = ["ResourceNotFoundException", "InvalidRequestException"]

    static func result(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let secret = try await request.call(
            "secretsmanager", "DescribeSecret", ["SecretId": request["SecretId"] ?? ""])
        let arn = secret.text("ARN") ?? ""
        return ResourceResult(arn, ["Id": .string(arn)])
    }
}

/// `AWS::SecretsManager::RotationSchedule`. `Ref`: the secret's ARN. A hosted function is only stored.
struct SecretsManagerRotationSchedule: ResourceType {
    let name = "AWS::SecretsManager::RotationSchedule"
    let attributes: [String] = ["Id"]
    let properties: [String: PropertyRule] = [
        "SecretId": .replacing(.string, isRequired: true), "RotationLambdaARN": .inPlace(.string),
        "RotationRules": .inPlace(
            .object(["AutomaticallyAfterDays": .integer, "Duration": .string, "ScheduleExpression": .string])),
        "RotateImmediatelyOnUpdate": .inPlace(.boolean), "HostedRotationLambda": .inPlace(.any),
        "ExternalSecretRotationMetadata": .inPlace(.any), "ExternalSecretRotationRoleArn": .inPlace(.string),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let result = try await SecretPart.result(request)
        request.progress.physicalId = result.physicalId
        try await rotate(request)
        return result
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await rotate(request)
        return ResourceResult(request.physicalId, request.attributes)
    }

    private func rotate(_ request: ResourceRequest) async throws(ResourceFailure) {
        guard request["HostedRotationLambda"] == nil else { return }
        var input: JSON = [
            "SecretId": request["SecretId"] ?? "",
            "RotateImmediately": request["RotateImmediatelyOnUpdate"] ?? true,
        ]
        for member in [
            "RotationLambdaARN", "RotationRules", "ExternalSecretRotationMetadata", "ExternalSecretRotationRoleArn",
        ] {
            input[member] = request[member]
        }
        try await request.call("secretsmanager", "RotateSecret", input)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "secretsmanager", "CancelRotateSecret", ["SecretId": .string(request.physicalId)],
            accepting: SecretPart.gone)
    }
}

/// `AWS::SecretsManager::ResourcePolicy`. `Ref`: the secret's ARN.
struct SecretsManagerResourcePolicy: ResourceType {
    let name = "AWS::SecretsManager::ResourcePolicy"
    let attributes: [String] = ["Id"]
    let properties: [String: PropertyRule] = [
        "SecretId": .replacing(.string, isRequired: true), "ResourcePolicy": .inPlace(.document, isRequired: true),
        "BlockPublicPolicy": .inPlace(.boolean),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let result = try await SecretPart.result(request)
        try await put(request)
        return result
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await put(request)
        return ResourceResult(request.physicalId, request.attributes)
    }

    private func put(_ request: ResourceRequest) async throws(ResourceFailure) {
        var input: JSON = [
            "SecretId": request["SecretId"] ?? "",
            "ResourcePolicy": .string(request["ResourcePolicy"]?.text() ?? ""),
        ]
        input["BlockPublicPolicy"] = request["BlockPublicPolicy"]
        try await request.call("secretsmanager", "PutResourcePolicy", input)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "secretsmanager", "DeleteResourcePolicy", ["SecretId": .string(request.physicalId)],
            accepting: SecretPart.gone)
    }
}
