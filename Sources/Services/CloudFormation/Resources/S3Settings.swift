import JSON

/// Settings of a bucket that an operation of S3 takes, as templates write them and as the operation wants them.
enum S3Settings {
    struct Setting: Sendable {
        let property: String
        let operation: String
        let member: String
        /// What takes the setting away; nil: it stays.
        let deletion: String?
        let translated: @Sendable (JSON) -> JSON
    }

    static let all: [Setting] = [
        Setting(
            property: "OwnershipControls", operation: "PutBucketOwnershipControls", member: "OwnershipControls",
            deletion: "DeleteBucketOwnershipControls", translated: { $0 }),
        Setting(
            property: "BucketEncryption", operation: "PutBucketEncryption",
            member: "ServerSideEncryptionConfiguration", deletion: "DeleteBucketEncryption", translated: encryption),
        Setting(
            property: "CorsConfiguration", operation: "PutBucketCors", member: "CORSConfiguration",
            deletion: "DeleteBucketCors", translated: cors),
        Setting(
            property: "LifecycleConfiguration", operation: "PutBucketLifecycleConfiguration",
            member: "LifecycleConfiguration", deletion: "DeleteBucketLifecycle", translated: lifecycle),
        Setting(
            property: "ObjectLockConfiguration", operation: "PutObjectLockConfiguration",
            member: "ObjectLockConfiguration", deletion: nil, translated: { $0 }),
    ]

    static func apply(_ request: ResourceRequest, to bucket: JSON, _ changed: [String]) async throws(ResourceFailure) {
        for setting in all where changed.contains(setting.property) {
            if let value = request[setting.property] {
                try await request.callIfKnown(
                    "s3", setting.operation, ["Bucket": bucket, setting.member: setting.translated(value)])
            } else if let deletion = setting.deletion {
                try await request.callIfKnown("s3", deletion, ["Bucket": bucket])
            }
        }
    }

    private static func renamed(_ value: JSON, _ names: [String: String]) -> JSON {
        .object(JSON.Object((value.object ?? [:]).map { (names[$0.key] ?? $0.key, $0.value) }))
    }

    @Sendable private static func encryption(_ value: JSON) -> JSON {
        let rules = value["ServerSideEncryptionConfiguration"]?.array ?? []
        return [
            "Rules": .array(
                rules.map { renamed($0, ["ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"]) })
        ]
    }

    @Sendable private static func cors(_ value: JSON) -> JSON {
        let names = ["Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"]
        return ["CORSRules": .array((value["CorsRules"]?.array ?? []).map { renamed($0, names) })]
    }

    @Sendable private static func lifecycle(_ value: JSON) -> JSON {
        ["Rules": .array((value["Rules"]?.array ?? []).map(rule))]
    }

    /// Source: CloudFormation reference, AWS::S3::Bucket Rule.
    private static func rule(_ given: JSON) -> JSON {
        var rule: JSON = ["Status": given["Status"] ?? "Enabled"]
        rule["ID"] = given["Id"]
        var filter: JSON.Object = [:]
        filter["Prefix"] = given["Prefix"]
        let tags = given["TagFilters"]?.array ?? []
        if !tags.isEmpty { filter["Tags"] = .array(tags) }
        filter["ObjectSizeGreaterThan"] = given["ObjectSizeGreaterThan"]
        filter["ObjectSizeLessThan"] = given["ObjectSizeLessThan"]
        rule["Filter"] = filter.count > 1 || !tags.isEmpty ? ["And": .object(filter)] : .object(filter)
        var expiration: JSON.Object = [:]
        expiration["Days"] = given["ExpirationInDays"]
        expiration["ExpiredObjectDeleteMarker"] = given["ExpiredObjectDeleteMarker"]
        if !expiration.isEmpty { rule["Expiration"] = .object(expiration) }
        let transitions = given["Transitions"]?.array ?? given["Transition"].map { [$0] } ?? []
        if !transitions.isEmpty {
            rule["Transitions"] = .array(transitions.map { renamed($0, ["TransitionInDays": "Days"]) })
        }
        rule["NoncurrentVersionExpiration"] = given["NoncurrentVersionExpiration"]
        if let days = given["NoncurrentVersionExpirationInDays"] {
            rule["NoncurrentVersionExpiration"] = ["NoncurrentDays": days]
        }
        if let transitions = given["NoncurrentVersionTransitions"]?.array {
            rule["NoncurrentVersionTransitions"] = .array(
                transitions.map { renamed($0, ["TransitionInDays": "NoncurrentDays"]) })
        }
        rule["AbortIncompleteMultipartUpload"] = given["AbortIncompleteMultipartUpload"]
        return rule
    }
}
