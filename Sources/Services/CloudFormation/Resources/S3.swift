import JSON

/// `AWS::S3::Bucket`. `Ref`: the name. Settings that the S3 here does not know are kept with the stack only.
struct S3Bucket: ResourceType {
    let name = "AWS::S3::Bucket"
    let nameProperty: String? = "BucketName"
    let nameLimit = 63
    let attributes = ["Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"]
    let properties: [String: PropertyRule] = [
        "BucketName": .replacing(.string), "AccessControl": .inPlace(.string),
        "VersioningConfiguration": .inPlace(.object(["Status": .string])), "Tags": .inPlace(.tags),
        "ObjectLockEnabled": .replacing(.boolean), "AccelerateConfiguration": .inPlace(.any),
        "AnalyticsConfigurations": .inPlace(.any), "BucketEncryption": .inPlace(.any),
        "CorsConfiguration": .inPlace(.any), "IntelligentTieringConfigurations": .inPlace(.any),
        "InventoryConfigurations": .inPlace(.any), "LifecycleConfiguration": .inPlace(.any),
        "LoggingConfiguration": .inPlace(.any), "MetadataTableConfiguration": .inPlace(.any),
        "MetadataConfiguration": .inPlace(.any), "MetricsConfigurations": .inPlace(.any),
        "NotificationConfiguration": .inPlace(.any), "ObjectLockConfiguration": .inPlace(.any),
        "OwnershipControls": .inPlace(.any), "PublicAccessBlockConfiguration": .inPlace(.any),
        "ReplicationConfiguration": .inPlace(.any), "WebsiteConfiguration": .inPlace(.any),
        "AbacStatus": .inPlace(.string),
        "BucketNamePrefix": .replacing(.string), "BucketNamespace": .replacing(.string),
    ]

    func generatedName(_ stack: String, _ logicalId: String, _ suffix: String, _ properties: JSON) -> String {
        GeneratedName.text(stack, logicalId, suffix, limit: nameLimit).lowercased()
    }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        let name = request.name("BucketName")
        let region = request.region
        var input: JSON = ["Bucket": .string(name)]
        if region != "us-east-1" { input["CreateBucketConfiguration"] = ["LocationConstraint": .string(region)] }
        input["ObjectLockEnabledForBucket"] = request["ObjectLockEnabled"]
        try await request.make("s3", "CreateBucket", input, exists: ["BucketAlreadyOwnedByYou"])
        request.progress.physicalId = name
        try await configure(name, request, request.properties.object?.keys ?? [])
        return ResourceResult(
            name,
            [
                "Arn": .string("arn:aws:s3:::\(name)"), "DomainName": .string("\(name).s3.amazonaws.com"),
                "DualStackDomainName": .string("\(name).s3.dualstack.\(region).amazonaws.com"),
                "RegionalDomainName": .string("\(name).s3.\(region).amazonaws.com"),
                "WebsiteURL": .string("http://\(name).s3-website-\(region).amazonaws.com"),
            ])
    }

    private func configure(_ name: String, _ request: ResourceRequest, _ changed: [String])
        async throws(ResourceFailure)
    {
        let bucket = JSON.string(name)
        if changed.contains("VersioningConfiguration") {
            let status = request["VersioningConfiguration"]?["Status"] ?? "Suspended"
            try await request.callIfKnown(
                "s3", "PutBucketVersioning", ["Bucket": bucket, "VersioningConfiguration": ["Status": status]])
        }
        try await S3Settings.apply(request, to: bucket, changed)
        if changed.contains("Tags") {
            if let tags = request["Tags"], tags != [] {
                try await request.callIfKnown(
                    "s3", "PutBucketTagging", ["Bucket": bucket, "Tagging": ["TagSet": tags]])
            } else {
                try await request.callIfKnown("s3", "DeleteBucketTagging", ["Bucket": bucket])
            }
        }
        if changed.contains("NotificationConfiguration") {
            let notifications = Self.notifications(request["NotificationConfiguration"] ?? [:])
            try await request.callIfKnown(
                "s3", "PutBucketNotificationConfiguration",
                ["Bucket": bucket, "NotificationConfiguration": notifications])
        }
        if changed.contains("PublicAccessBlockConfiguration"), let block = request["PublicAccessBlockConfiguration"] {
            try await request.callIfKnown(
                "s3", "PutPublicAccessBlock", ["Bucket": bucket, "PublicAccessBlockConfiguration": block])
        }
    }

    /// The configuration as S3's API has it: templates write one event for each entry and `S3Key.Rules` for filters.
    private static func notifications(_ given: JSON) -> JSON {
        var result: JSON = [:]
        let kinds = [
            ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
            ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
            ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
        ]
        for (from, to, property, member) in kinds {
            guard let entries = given[from]?.array else { continue }
            result[to] = .array(
                entries.map { entry in
                    var rule: JSON = [member: entry[property] ?? "", "Events": [entry["Event"] ?? ""]]
                    if let rules = entry["Filter"]?["S3Key"]?["Rules"] {
                        rule["Filter"] = ["Key": ["FilterRules": rules]]
                    }
                    return rule
                })
        }
        if let bridge = given["EventBridgeConfiguration"] {
            let isOff = bridge["EventBridgeEnabled"]?.bool == false || bridge["EventBridgeEnabled"] == "false"
            if !isOff { result["EventBridgeConfiguration"] = [:] }
        }
        return result
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await configure(request.physicalId, request, changed(old, request.properties))
        return ResourceResult(request.physicalId, request.attributes)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "s3", "DeleteBucket", ["Bucket": .string(request.physicalId)], accepting: ["NoSuchBucket"])
    }
}

/// `AWS::S3::BucketPolicy`.
struct S3BucketPolicy: ResourceType {
    let name = "AWS::S3::BucketPolicy"
    let attributes: [String] = []
    let properties: [String: PropertyRule] = [
        "Bucket": .replacing(.string, isRequired: true), "PolicyDocument": .inPlace(.document, isRequired: true),
    ]

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        try await request.callIfKnown(
            "s3", "PutBucketPolicy",
            ["Bucket": request["Bucket"] ?? "", "Policy": .string(request["PolicyDocument"]?.text() ?? "")])
        return ResourceResult(request.text("Bucket") ?? "")
    }

    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult {
        try await create(request)
    }

    func delete(_ request: ResourceRequest) async throws(ResourceFailure) {
        try await request.call(
            "s3", "DeleteBucketPolicy", ["Bucket": request["Bucket"] ?? ""],
            accepting: ["NoSuchBucket", "NoSuchBucketPolicy", "NotImplemented"])
    }
}
