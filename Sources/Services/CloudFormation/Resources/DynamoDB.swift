import JSON

/// `AWS::DynamoDB::Table`. `Ref`: the name. The properties bear the names of CreateTable's members.
struct DynamoDBTable: ResourceType {
    let name = "AWS::DynamoDB::Table"
    let nameProperty: String? = "TableName"
    let attributes = ["Arn", "StreamArn", "TableId"]

    private static let throughput = PropertyKind.object(["ReadCapacityUnits": .integer, "WriteCapacityUnits": .integer])
    private static let keySchema = PropertyKind.list(.object(["AttributeName": .string, "KeyType": .string]))
    private static let projection = PropertyKind.object(["NonKeyAttributes": .list(.string), "ProjectionType": .string])
    private static let onDemand = PropertyKind.object([
        "MaxReadRequestUnits": .integer, "MaxWriteRequestUnits": .integer,
    ])

    let properties: [String: PropertyRule] = [
        "TableName": .replacing(.string), "KeySchema": .replacing(keySchema, isRequired: true),
        "AttributeDefinitions": .inPlace(.list(.object(["AttributeName": .string, "AttributeType": .string]))),
        "BillingMode": .inPlace(.string), "ProvisionedThroughput": .inPlace(throughput),
        "OnDemandThroughput": .inPlace(onDemand),
        "LocalSecondaryIndexes": .replacing(
            .list(.object(["IndexName": .string, "KeySchema": keySchema, "Projection": projection]))),
        "GlobalSecondaryIndexes": .inPlace(
            .list(
                .object([
                    "IndexName": .string, "KeySchema": keySchema, "Projection": projection,
                    "ProvisionedThroughput": throughput, "OnDemandThroughput": onDemand,
                    "ContributorInsightsSpecification": .any, "WarmThroughput": .any,
                ]))),
        "StreamSpecification": .inPlace(
            .object(["StreamViewType": .string, "StreamEnabled": .boolean, "ResourcePolicy": .any])),
        "SSESpecification": .inPlace(.object(["SSEEnabled": .boolean, "SSEType": .string, "KMSMasterKeyId": .string])),
        "TimeToLiveSpecification": .inPlace(.object(["AttributeName": .string, "Enabled": .boolean])),
        "PointInTimeRecoverySpecification": .inPlace(
            .object(["PointInTimeRecoveryEnabled": .boolean, "RecoveryPeriodInDays": .integer])),
        "DeletionProtectionEnabled": .inPlace(.boolean), "TableClass": .inPlace(.string), "Tags": .inPlace(.tags),
        "ContributorInsightsSpecification": .inPlace(.any), "KinesisStreamSpecification": .inPlace(.any),
        "ResourcePolicy": .inPlace(.any), "WarmThroughput": .inPlace(.any),
        "ImportSourceSpecification": .replacing(.any),
    ]

    /// The members of CreateTable.
    private static let createMembers = [
        "KeySchema", "AttributeDefinitions", "BillingMode", "ProvisionedThroughput", "OnDemandThroughput",
        "LocalSecondaryIndexes", "GlobalSecondaryIndexes", "DeletionProtectionEnabled", "TableClass", "Tags",
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("TableName")
        var input: JSON = ["TableName": .string(name)]
        for member in Self.createMembers { input[member] = request[member] }
        input["StreamSpecification"] = stream(request["StreamSpecification"])
        input["SSESpecification"] = encryption(request["SSESpecification"])
        try await request.make("dynamodb", "CreateTable", input, exists: ["ResourceInUseException"])
        request.progress.physicalId = name
        if let specification = request["TimeToLiveSpecification"], specification["Enabled"]?.bool == true {
            try await setTimeToLive(name, specification, request)
        }
        if let recovery = request["PointInTimeRecoverySpecification"] { try await setRecovery(name, recovery, request) }
        return try await described(name, request)
    }

    /// CloudFormation's `StreamViewType` alone means that the stream is on.
    private func stream(_ given: JSON?) -> JSON? {
        guard let type = given?["StreamViewType"] else { return nil }
        return ["StreamEnabled": true, "StreamViewType": type]
    }

    private func encryption(_ given: JSON?) -> JSON? {
        guard var given else { return nil }
        if let isEnabled = given["SSEEnabled"] { given["Enabled"] = isEnabled }
        given["SSEEnabled"] = nil
        return given
    }

    private func described(_ name: String, _ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let table = try await request.call("dynamodb", "DescribeTable", ["TableName": .string(name)])["Table"]
        var attributes: JSON.Object = [
            "Arn": table?.member("TableArn") ?? .string(request.arn("dynamodb", "table/\(name)"))
        ]
        attributes["StreamArn"] = table?.member("LatestStreamArn")
        attributes["TableId"] = table?.member("TableId")
        let indexes = table?.member("GlobalSecondaryIndexes")?.array ?? []
        let isReady =
            table?.member("TableStatus") == "ACTIVE"
            && indexes.allSatisfy { ($0.member("IndexStatus") ?? "ACTIVE") == "ACTIVE" }
        return ResourceResult(name, attributes, pending: isReady ? nil : .afterMs(500))
    }

    func check(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await described(request.physicalId, request)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let name = request.physicalId
        let names = changed(old, request.properties)
        var input = JSON.Object()
        for member in [
            "BillingMode", "ProvisionedThroughput", "OnDemandThroughput", "DeletionProtectionEnabled", "TableClass",
        ]
        where names.contains(member) { input[member] = request[member] }
        // A table that was provisioned without saying so says so when it changes.
        if names.contains("BillingMode"), request["BillingMode"] == nil { input["BillingMode"] = "PROVISIONED" }
        if names.contains("StreamSpecification") {
            input["StreamSpecification"] = stream(request["StreamSpecification"]) ?? ["StreamEnabled": false]
        }
        if names.contains("SSESpecification") {
            input["SSESpecification"] = encryption(request["SSESpecification"]) ?? ["Enabled": false]
        }
        if !input.isEmpty {
            input["TableName"] = .string(name)
            try await request.call("dynamodb", "UpdateTable", .object(input))
        }
        for change in indexChanges(old, request.properties) {
            var input: JSON = ["TableName": .string(name), "GlobalSecondaryIndexUpdates": [change]]
            if let definitions = request["AttributeDefinitions"] { input["AttributeDefinitions"] = definitions }
            try await request.call("dynamodb", "UpdateTable", input)
        }
        if names.contains("TimeToLiveSpecification") {
            let off: JSON = ["AttributeName": old["TimeToLiveSpecification"]?["AttributeName"] ?? "", "Enabled": false]
            try await setTimeToLive(name, request["TimeToLiveSpecification"] ?? off, request)
        }
        if names.contains("PointInTimeRecoverySpecification") {
            let off: JSON = ["PointInTimeRecoveryEnabled": false]
            try await setRecovery(name, request["PointInTimeRecoverySpecification"] ?? off, request)
        }
        let arn = request.attributes["Arn"] ?? ""
        let (added, removed) = TagChange.between(old["Tags"], request["Tags"])
        if !removed.isEmpty {
            try await request.call("dynamodb", "UntagResource", ["ResourceArn": arn, "TagKeys": .array(removed)])
        }
        if !added.isEmpty {
            try await request.call("dynamodb", "TagResource", ["ResourceArn": arn, "Tags": .array(added)])
        }
        return try await described(name, request)
    }

    /// Create, delete or change of capacity, index by index, in the form of UpdateTable.
    private func indexChanges(_ old: JSON, _ new: JSON) -> [JSON] {
        let before = old["GlobalSecondaryIndexes"]?.array ?? []
        let after = new["GlobalSecondaryIndexes"]?.array ?? []
        var changes: [JSON] = []
        for index in before where !after.contains(where: { $0["IndexName"] == index["IndexName"] }) {
            changes.append(["Delete": ["IndexName": index["IndexName"] ?? ""]])
        }
        for index in after {
            guard let known = before.first(where: { $0["IndexName"] == index["IndexName"] }) else {
                changes.append(["Create": index])
                continue
            }
            guard known != index else { continue }
            var change: JSON = ["IndexName": index["IndexName"] ?? ""]
            change["ProvisionedThroughput"] = index["ProvisionedThroughput"]
            change["OnDemandThroughput"] = index["OnDemandThroughput"]
            changes.append(["Update": change])
        }
        return changes
    }

    private func setTimeToLive(_ name: String, _ specification: JSON, _ request: ResourceRequest)
        async throws(ResourceFailure)
    {
        try await request.callIfKnown(
            "dynamodb", "UpdateTimeToLive",
            ["TableName": .string(name), "TimeToLiveSpecification": specification])
    }

    private func setRecovery(_ name: String, _ specification: JSON, _ request: ResourceRequest)
        async throws(ResourceFailure)
    {
        try await request.callIfKnown(
            "dynamodb", "UpdateContinuousBackups",
            ["TableName": .string(name), "PointInTimeRecoverySpecification": specification])
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "dynamodb", "DeleteTable", ["TableName": .string(request.physicalId)],
            accepting: ["ResourceNotFoundException"])
    }
}
