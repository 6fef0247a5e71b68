import JSON

/// `AWS::SNS::Topic`. `Ref`: the ARN.
struct SNSTopic: ResourceType {
    let name = "AWS::SNS::Topic"
    let nameProperty: String? = "TopicName"
    let nameLimit = 256
    let attributes = ["TopicArn", "TopicName"]
    let properties: [String: PropertyRule] = [
        "TopicName": .replacing(.string), "FifoTopic": .replacing(.boolean), "DisplayName": .inPlace(.string),
        "ContentBasedDeduplication": .inPlace(.boolean), "KmsMasterKeyId": .inPlace(.string),
        "Subscription": .inPlace(.list(.object(["Endpoint": .string, "Protocol": .string]))),
        "DeliveryPolicy": .inPlace(.document), "SignatureVersion": .inPlace(.string),
        "TracingConfig": .inPlace(.string),
        "DataProtectionPolicy": .inPlace(.document), "ArchivePolicy": .inPlace(.document),
        "FifoThroughputScope": .inPlace(.string), "DeliveryStatusLogging": .inPlace(.any), "Tags": .inPlace(.tags),
    ]

    /// The properties that are attributes of the topic under the same name.
    private static let topicAttributes = [
        "FifoTopic", "DisplayName", "ContentBasedDeduplication", "KmsMasterKeyId", "DeliveryPolicy", "SignatureVersion",
        "TracingConfig", "ArchivePolicy", "FifoThroughputScope",
    ]

    func generatedName(_ stack: String, _ logicalId: String, _ suffix: String, _ properties: JSON) -> String {
        let isFifo = properties["FifoTopic"]?.bool == true
        return GeneratedName.text(stack, logicalId, suffix, limit: isFifo ? 251 : 256) + (isFifo ? ".fifo" : "")
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("TopicName")
        var given = JSON.Object()
        for attribute in Self.topicAttributes { given[attribute] = request[attribute].map(AttributeText.of) }
        var input: JSON = ["Name": .string(name), "Attributes": .object(given)]
        if let tags = request["Tags"] { input["Tags"] = tags }
        let arn = try await request.call("sns", "CreateTopic", input).text("TopicArn") ?? ""
        request.progress.physicalId = arn
        try await subscribe(request["Subscription"]?.array ?? [], to: arn, request)
        return result(arn, name)
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        for attribute in changed(old, request.properties) where Self.topicAttributes.contains(attribute) {
            try await request.call(
                "sns", "SetTopicAttributes",
                [
                    "TopicArn": .string(request.physicalId), "AttributeName": .string(attribute),
                    "AttributeValue": request[attribute].map(AttributeText.of) ?? "",
                ])
        }
        try await updateSubscriptions(request, from: old)
        let (added, removed) = TagChange.between(old["Tags"], request["Tags"])
        let arn = JSON.string(request.physicalId)
        if !removed.isEmpty {
            try await request.call("sns", "UntagResource", ["ResourceArn": arn, "TagKeys": .array(removed)])
        }
        if !added.isEmpty { try await request.call("sns", "TagResource", ["ResourceArn": arn, "Tags": .array(added)]) }
        return result(request.physicalId, request.attributes["TopicName"]?.string ?? "")
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call("sns", "DeleteTopic", ["TopicArn": .string(request.physicalId)], accepting: ["NotFound"])
    }

    private func result(_ arn: String, _ name: String) -> ResourceResult {
        ResourceResult(arn, ["TopicArn": .string(arn), "TopicName": .string(name)])
    }

    private func subscribe(_ subscriptions: [JSON], to arn: String, _ request: ResourceRequest)
        async throws(ResourceFailure)
    {
        for subscription in subscriptions {
            try await request.call(
                "sns", "Subscribe",
                [
                    "TopicArn": .string(arn), "Protocol": subscription["Protocol"] ?? "",
                    "Endpoint": subscription["Endpoint"] ?? "",
                ])
        }
    }

    private func updateSubscriptions(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) {
        let before = old["Subscription"]?.array ?? []
        let after = request["Subscription"]?.array ?? []
        try await subscribe(after.filter { !before.contains($0) }, to: request.physicalId, request)
        let gone = before.filter { !after.contains($0) }
        guard !gone.isEmpty else { return }
        let topic: JSON = ["TopicArn": .string(request.physicalId)]
        let listed = try await request.call("sns", "ListSubscriptionsByTopic", topic)["Subscriptions"]?.array ?? []
        for entry in listed {
            let isGone = gone.contains {
                entry.member("Endpoint") == $0["Endpoint"] && entry.member("Protocol") == $0["Protocol"]
            }
            guard isGone, let arn = entry.member("SubscriptionArn") else { continue }
            try await request.call("sns", "Unsubscribe", ["SubscriptionArn": arn])
        }
    }
}

/// `AWS::SNS::TopicPolicy`.
struct SNSTopicPolicy: ResourceType {
    let name = "AWS::SNS::TopicPolicy"
    let attributes = ["Id"]
    let properties: [String: PropertyRule] = [
        "Topics": .inPlace(.list(.string), isRequired: true), "PolicyDocument": .inPlace(.document, isRequired: true),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await set(request["PolicyDocument"]?.text() ?? "", on: request["Topics"]?.array ?? [], request)
        return ResourceResult(request.physicalId, ["Id": .string(request.physicalId)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let kept = request["Topics"]?.array ?? []
        try await reset((old["Topics"]?.array ?? []).filter { !kept.contains($0) }, request)
        return try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await reset(request["Topics"]?.array ?? [], request)
    }

    private func set(_ policy: String, on topics: [JSON], _ request: ResourceRequest) async throws(ResourceFailure) {
        for topic in topics {
            try await request.call(
                "sns", "SetTopicAttributes",
                ["TopicArn": topic, "AttributeName": "Policy", "AttributeValue": .string(policy)],
                accepting: ["NotFound"])
        }
    }

    /// Gives topics the policy of a new one: their owner may do everything.
    private func reset(_ topics: [JSON], _ request: ResourceRequest) async throws(ResourceFailure) {
        for topic in topics {
            let policy: JSON = [
                "Version": "2008-10-17", "Id": "__default_policy_ID",
                "Statement": [
                    [
                        "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": ["AWS": "*"],
                        "Action": [
                            "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission",
                            "SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic",
                            "SNS:Publish",
                        ],
                        "Resource": topic,
                        "Condition": ["StringEquals": ["AWS:SourceOwner": .string(request.account)]],
                    ]
                ],
            ]
            try await set(policy.text(), on: [topic], request)
        }
    }
}

/// `AWS::SNS::Subscription`. `Ref`: the ARN.
struct SNSSubscription: ResourceType {
    let name = "AWS::SNS::Subscription"
    let attributes = ["Arn"]
    let properties: [String: PropertyRule] = [
        "TopicArn": .replacing(.string, isRequired: true), "Protocol": .replacing(.string, isRequired: true),
        "Endpoint": .replacing(.string), "FilterPolicy": .inPlace(.document), "FilterPolicyScope": .inPlace(.string),
        "RawMessageDelivery": .inPlace(.boolean), "RedrivePolicy": .inPlace(.document),
        "DeliveryPolicy": .inPlace(.document), "SubscriptionRoleArn": .inPlace(.string),
        "ReplayPolicy": .inPlace(.document), "Region": .inPlace(.string),
    ]
    private static let subscriptionAttributes = [
        "FilterPolicyScope", "FilterPolicy", "RawMessageDelivery", "RedrivePolicy", "DeliveryPolicy",
        "SubscriptionRoleArn", "ReplayPolicy",
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        var given = JSON.Object()
        for attribute in Self.subscriptionAttributes { given[attribute] = request[attribute].map(AttributeText.of) }
        var input: JSON = [
            "TopicArn": request["TopicArn"] ?? "", "Protocol": request["Protocol"] ?? "", "Attributes": .object(given),
            "ReturnSubscriptionArn": true,
        ]
        if let endpoint = request["Endpoint"] { input["Endpoint"] = endpoint }
        let arn = try await request.call("sns", "Subscribe", input).text("SubscriptionArn") ?? ""
        return ResourceResult(arn, ["Arn": .string(arn)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let names = changed(old, request.properties)
        for attribute in Self.subscriptionAttributes where names.contains(attribute) {
            let missing: JSON =
                attribute == "RawMessageDelivery"
                ? "false" : attribute == "FilterPolicyScope" ? "MessageAttributes" : "{}"
            try await request.call(
                "sns", "SetSubscriptionAttributes",
                [
                    "SubscriptionArn": .string(request.physicalId), "AttributeName": .string(attribute),
                    "AttributeValue": request[attribute].map(AttributeText.of) ?? missing,
                ])
        }
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "sns", "Unsubscribe", ["SubscriptionArn": .string(request.physicalId)], accepting: ["NotFound"])
    }
}

/// Attributes of queues, topics and subscriptions are texts, whatever they mean.
enum AttributeText {
    static func of(_ value: JSON) -> JSON {
        switch value {
        case .string: value
        case .bool(let value): .string(value ? "true" : "false")
        case .number(let number): .string(number.text)
        default: .string(value.text())
        }
    }
}

/// The difference of two lists of `{Key, Value}`.
enum TagChange {
    /// - Returns: the tags to set, and the keys to take away.
    static func between(_ old: JSON?, _ new: JSON?) -> (added: [JSON], removed: [JSON]) {
        let before = old?.array ?? []
        let after = new?.array ?? []
        let keys = after.compactMap { $0["Key"] }
        return (
            after.filter { !before.contains($0) }, before.compactMap { $0["Key"] }.filter { !keys.contains($0) }
        )
    }

    /// `[{Key, Value}]` as the map that some services take.
    static func map(_ tags: JSON?) -> JSON? {
        guard let tags = tags?.array, !tags.isEmpty else { return nil }
        return .object(JSON.Object(tags.map { ($0["Key"]?.string ?? "", $0["Value"] ?? "") }))
    }
}
