import JSON

/// `AWS::SQS::Queue`. `Ref`: the URL.
struct SQSQueue: ResourceType {
    let name = "AWS::SQS::Queue"
    let nameProperty: String? = "QueueName"
    let nameLimit = 80
    let attributes = ["Arn", "QueueName", "QueueUrl"]
    let properties: [String: PropertyRule] = [
        "QueueName": .replacing(.string), "FifoQueue": .replacing(.boolean), "DelaySeconds": .inPlace(.integer),
        "VisibilityTimeout": .inPlace(.integer), "MaximumMessageSize": .inPlace(.integer),
        "MessageRetentionPeriod": .inPlace(.integer), "ReceiveMessageWaitTimeSeconds": .inPlace(.integer),
        "RedrivePolicy": .inPlace(.document), "RedriveAllowPolicy": .inPlace(.document),
        "ContentBasedDeduplication": .inPlace(.boolean), "DeduplicationScope": .inPlace(.string),
        "FifoThroughputLimit": .inPlace(.string), "KmsMasterKeyId": .inPlace(.string),
        "KmsDataKeyReusePeriodSeconds": .inPlace(.integer), "SqsManagedSseEnabled": .inPlace(.boolean),
        "Tags": .inPlace(.tags),
    ]

    /// What an attribute is set to when its property leaves the template.
    private static let defaults: [String: JSON] = [
        "DelaySeconds": "0", "VisibilityTimeout": "30", "MaximumMessageSize": "262144",
        "MessageRetentionPeriod": "345600", "ReceiveMessageWaitTimeSeconds": "0",
        "ContentBasedDeduplication": "false", "KmsDataKeyReusePeriodSeconds": "300", "SqsManagedSseEnabled": "true",
        "DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue",
    ]

    func generatedName(_ stack: String, _ logicalId: String, _ suffix: String, _ properties: JSON) -> String {
        let isFifo = properties["FifoQueue"]?.bool == true
        return GeneratedName.text(stack, logicalId, suffix, limit: isFifo ? 75 : 80) + (isFifo ? ".fifo" : "")
    }

    private func isAttribute(_ property: String) -> Bool { property != "QueueName" && property != "Tags" }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("QueueName")
        var given = JSON.Object()
        for (key, value) in request.properties.object ?? [:] where isAttribute(key) {
            given[key] = AttributeText.of(value)
        }
        // A standard queue is one that does not mention FIFO at all.
        if given["FifoQueue"] == "false" { given["FifoQueue"] = nil }
        var input: JSON = ["QueueName": .string(name), "Attributes": .object(given)]
        if let tags = TagChange.map(request["Tags"]) { input["tags"] = tags }
        let url = try await request.call("sqs", "CreateQueue", input).text("QueueUrl") ?? ""
        return ResourceResult(
            url,
            [
                "Arn": .string(request.arn("sqs", name)), "QueueName": .string(name),
                "QueueUrl": .string(url),
            ])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let url = JSON.string(request.physicalId)
        var given = JSON.Object()
        for key in changed(old, request.properties) where isAttribute(key) {
            given[key] = request[key].map(AttributeText.of) ?? Self.defaults[key] ?? ""
        }
        if !given.isEmpty {
            try await request.call("sqs", "SetQueueAttributes", ["QueueUrl": url, "Attributes": .object(given)])
        }
        let (added, removed) = TagChange.between(old["Tags"], request["Tags"])
        if !removed.isEmpty {
            try await request.call("sqs", "UntagQueue", ["QueueUrl": url, "TagKeys": .array(removed)])
        }
        if let tags = TagChange.map(.array(added)) {
            try await request.call("sqs", "TagQueue", ["QueueUrl": url, "Tags": tags])
        }
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "sqs", "DeleteQueue", ["QueueUrl": .string(request.physicalId)], accepting: SQSQueuePolicy.unknownQueue)
    }
}

/// `AWS::SQS::QueuePolicy`.
struct SQSQueuePolicy: ResourceType {
    static let unknownQueue: Set<String> = [
        "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "com.amazonaws.sqs#QueueDoesNotExist",
    ]
    let name = "AWS::SQS::QueuePolicy"
    let attributes = ["Id"]
    let properties: [String: PropertyRule] = [
        "Queues": .inPlace(.list(.string), isRequired: true), "PolicyDocument": .inPlace(.document, isRequired: true),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await set(request["PolicyDocument"]?.text() ?? "", on: request["Queues"]?.array ?? [], request)
        return ResourceResult(request.physicalId, ["Id": .string(request.physicalId)])
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        let kept = request["Queues"]?.array ?? []
        try await set("", on: (old["Queues"]?.array ?? []).filter { !kept.contains($0) }, request)
        return try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await set("", on: request["Queues"]?.array ?? [], request)
    }

    private func set(_ policy: String, on queues: [JSON], _ request: ResourceRequest) async throws(ResourceFailure) {
        for queue in queues {
            try await request.call(
                "sqs", "SetQueueAttributes", ["QueueUrl": queue, "Attributes": ["Policy": .string(policy)]],
                accepting: policy.isEmpty ? Self.unknownQueue : [])
        }
    }
}
