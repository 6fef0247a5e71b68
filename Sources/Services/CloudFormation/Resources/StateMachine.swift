import AWSWire
import JSON

/// `AWS::StepFunctions::StateMachine`. `Ref`: the ARN.
struct StepFunctionsStateMachine: ResourceType {
    let name = "AWS::StepFunctions::StateMachine"
    let nameProperty: String? = "StateMachineName"
    let nameLimit = 80
    let attributes = ["Arn", "Name", "StateMachineRevisionId"]
    let properties: [String: PropertyRule] = [
        "StateMachineName": .replacing(.string), "StateMachineType": .replacing(.string),
        "RoleArn": .inPlace(.string, isRequired: true), "DefinitionString": .inPlace(.string),
        "Definition": .inPlace(.any),
        "DefinitionS3Location": .inPlace(.object(["Bucket": .string, "Key": .string, "Version": .string])),
        "DefinitionSubstitutions": .inPlace(.map(.string)),
        "LoggingConfiguration": .inPlace(
            .object([
                "Level": .string, "IncludeExecutionData": .boolean,
                "Destinations": .list(.object(["CloudWatchLogsLogGroup": .object(["LogGroupArn": .string])])),
            ])),
        "TracingConfiguration": .inPlace(.object(["Enabled": .boolean])),
        "EncryptionConfiguration": .inPlace(
            .object(["Type": .string, "KmsKeyId": .string, "KmsDataKeyReusePeriodSeconds": .integer])),
        "Tags": .inPlace(.tags),
    ]

    private static let configurations = [
        "LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration",
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("StateMachineName")
        var input: JSON = ["name": .string(name), "roleArn": request["RoleArn"] ?? ""]
        input["definition"] = .string(try await definition(request))
        input["type"] = request["StateMachineType"]
        for member in Self.configurations { input[APIName.of(member)] = request[member].map(APIName.deep) }
        input["tags"] = request["Tags"].map(APIName.deep)
        let answer = try await request.call("stepfunctions", "CreateStateMachine", input)
        let arn = answer.text("stateMachineArn") ?? request.arn("states", "stateMachine:\(name)")
        return try await described(arn, request)
    }

    private func described(_ arn: String, _ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let answer = try await request.call(
            "stepfunctions", "DescribeStateMachine", ["stateMachineArn": .string(arn)])
        return ResourceResult(
            arn,
            [
                "Arn": .string(arn), "Name": answer["name"] ?? "",
                "StateMachineRevisionId": answer["revisionId"] ?? "INITIAL",
            ])
    }

    /// The text of the definition, with the substitutions done.
    private func definition(_ request: ResourceRequest) async throws(ResourceFailure) -> String {
        let given = ["DefinitionString", "Definition", "DefinitionS3Location"].filter { request[$0] != nil }
        guard given.count == 1 else {
            throw ResourceFailure(
                reason: "Property validation failure: Exactly one of DefinitionString, Definition and "
                    + "DefinitionS3Location must be given")
        }
        let substitutions = Substitutions(request["DefinitionSubstitutions"])
        if let text = request.text("DefinitionString") { return substitutions.applied(to: text) }
        if let place = request["DefinitionS3Location"] {
            return try json(substitutions.applied(to: try await stored(place, request)))
        }
        return substitutions.applied(inside: request["Definition"] ?? .null).text()
    }

    private func stored(_ place: JSON, _ request: ResourceRequest) async throws(ResourceFailure) -> String {
        var input: JSON = ["Bucket": place["Bucket"] ?? "", "Key": place["Key"] ?? ""]
        input["VersionId"] = place["Version"]
        let object = try await request.call("s3", "GetObject", input)
        return String(decoding: object["Body"]?.bytes ?? [], as: UTF8.self)
    }

    /// A definition in S3 is JSON or YAML.
    private func json(_ text: String) throws(ResourceFailure) -> String {
        if (try? JSON.parse(text)) != nil { return text }
        do throws(AWSError) {
            return try TemplateReader.read(text).text()
        } catch {
            throw ResourceFailure(reason: "The definition in S3 is neither JSON nor YAML: \(error.message)")
        }
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let names = changed(old, request.properties)
        let arn = JSON.string(request.physicalId)
        var input: JSON = ["stateMachineArn": arn]
        if names.contains(where: { $0.hasPrefix("Definition") }) {
            input["definition"] = .string(try await definition(request))
        }
        if names.contains("RoleArn") { input["roleArn"] = request["RoleArn"] }
        let defaults: [String: JSON] = [
            "LoggingConfiguration": ["level": "OFF", "includeExecutionData": false],
            "TracingConfiguration": ["enabled": false], "EncryptionConfiguration": ["type": "AWS_OWNED_KEY"],
        ]
        for member in Self.configurations where names.contains(member) {
            input[APIName.of(member)] = request[member].map(APIName.deep) ?? defaults[member]
        }
        if input.object?.count != 1 { try await request.call("stepfunctions", "UpdateStateMachine", input) }
        try await StepFunctionsTags.update(arn, old["Tags"], request["Tags"], request)
        return try await described(request.physicalId, request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "stepfunctions", "DeleteStateMachine", ["stateMachineArn": .string(request.physicalId)],
            accepting: ["StateMachineDoesNotExist", "InvalidArn"])
    }
}

/// Names of the API: as those of templates, with a small first letter.
enum APIName {
    static func of(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

    static func deep(_ value: JSON) -> JSON {
        switch value {
        case .object(let object): .object(JSON.Object(object.members.map { (of($0.key), deep($0.value)) }))
        case .array(let elements): .array(elements.map(deep))
        default: value
        }
    }
}

enum StepFunctionsTags {
    static func update(
        _ arn: JSON, _ old: JSON?, _ new: JSON?, _ request: ResourceRequest
    ) async throws(ResourceFailure) {
        let (added, removed) = TagChange.between(old, new)
        if !removed.isEmpty {
            try await request.call("stepfunctions", "UntagResource", ["resourceArn": arn, "tagKeys": .array(removed)])
        }
        if !added.isEmpty {
            try await request.call(
                "stepfunctions", "TagResource", ["resourceArn": arn, "tags": APIName.deep(.array(added))])
        }
    }
}

/// `DefinitionSubstitutions`: values for `${name}`.
struct Substitutions: Sendable {
    private let values: [(name: String, value: String)]

    init(_ given: JSON?) {
        values = (given?.object ?? [:]).map { ("${\($0.key)}", $0.value.string ?? "") }
    }

    func applied(to text: String) -> String {
        values.reduce(text) { text, pair in Self.replaced(pair.name, by: pair.value, in: text) }
    }

    /// The same in every text of a tree.
    func applied(inside tree: JSON) -> JSON {
        switch tree {
        case .string(let text): .string(applied(to: text))
        case .array(let elements): .array(elements.map(applied(inside:)))
        case .object(let object):
            .object(JSON.Object(object.members.map { (applied(to: $0.key), applied(inside: $0.value)) }))
        default: tree
        }
    }

    private static func replaced(_ name: String, by value: String, in text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let range = rest.firstRange(of: name) {
            result += rest[..<range.lowerBound] + value
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
