import AWSWire
import BatonCore
import BatonStore
import JSON

// The documents of a bucket and the operations on each. Source: S3 API reference, the operations' own pages.

enum PolicyConfiguration: BucketConfiguration {
    static let kind = "Policy"
    static let member = "Policy"
    static let outputMember: String? = "Policy"
    static let absent: Result<JSON, AWSError> = .failure(
        AWSError("NoSuchBucketPolicy", "The bucket policy does not exist", status: 404))

    static func checked(_ document: JSON, _ input: JSON) throws(AWSError) -> JSON {
        guard let policy = try? JSON.parse(document.string ?? ""), policy.object != nil else {
            throw AWSError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
        }
        guard policy["Statement"] != nil else {
            throw AWSError("MalformedPolicy", "Missing required field Statement")
        }
        return document
    }
}
enum GetBucketPolicy: GetsConfiguration { typealias Configuration = PolicyConfiguration }
enum PutBucketPolicy: PutsConfiguration { typealias Configuration = PolicyConfiguration }
enum DeleteBucketPolicy: DeletesConfiguration { typealias Configuration = PolicyConfiguration }

enum VersioningConfiguration: BucketConfiguration {
    static let kind = "Versioning"
    static let member = "VersioningConfiguration"
    static let absent: Result<JSON, AWSError> = .success([:])

    static func checked(_ document: JSON, _ input: JSON) throws(AWSError) -> JSON {
        guard let status = document["Status"]?.string else {
            throw AWSError(
                "IllegalVersioningConfigurationException", "The Versioning element must be specified")
        }
        guard Versioning(rawValue: status) != nil, !status.isEmpty else { throw .malformedXML() }
        return document
    }
}
enum GetBucketVersioning: GetsConfiguration { typealias Configuration = VersioningConfiguration }
/// Errors: NoSuchBucket, MalformedXML, InvalidBucketState (Object Lock needs versions).
enum PutBucketVersioning: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let document = try VersioningConfiguration.checked(input["VersioningConfiguration"] ?? [:], input)
        return { transaction in
            let bucket = try Bucket.named(input["Bucket"]?.string ?? "", transaction.db)
            let lock = try Configurations.get(ObjectLockConfiguration.kind, bucket.name, transaction.db)
            guard lock == nil || document["Status"] == "Enabled" else {
                throw AWSError(
                    "InvalidBucketState",
                    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
                    status: 409)
            }
            try Configurations.put(document, VersioningConfiguration.kind, bucket.name, transaction)
            return Nothing()
        }
    }
}

enum AccelerateConfiguration: BucketConfiguration {
    static let kind = "Accelerate"
    static let member = "AccelerateConfiguration"
    static let absent: Result<JSON, AWSError> = .success([:])
}
enum GetBucketAccelerateConfiguration: GetsConfiguration { typealias Configuration = AccelerateConfiguration }
enum PutBucketAccelerateConfiguration: PutsConfiguration { typealias Configuration = AccelerateConfiguration }

enum RequestPaymentConfiguration: BucketConfiguration {
    static let kind = "RequestPayment"
    static let member = "RequestPaymentConfiguration"
    static let absent: Result<JSON, AWSError> = .success(["Payer": "BucketOwner"])
}
enum GetBucketRequestPayment: GetsConfiguration { typealias Configuration = RequestPaymentConfiguration }
enum PutBucketRequestPayment: PutsConfiguration { typealias Configuration = RequestPaymentConfiguration }

enum LoggingConfiguration: BucketConfiguration {
    static let kind = "Logging"
    static let member = "BucketLoggingStatus"
    static let absent: Result<JSON, AWSError> = .success([:])
}
enum GetBucketLogging: GetsConfiguration { typealias Configuration = LoggingConfiguration }
enum PutBucketLogging: PutsConfiguration { typealias Configuration = LoggingConfiguration }

enum NotificationConfiguration: BucketConfiguration {
    static let kind = "Notification"
    static let member = "NotificationConfiguration"
    static let absent: Result<JSON, AWSError> = .success([:])
}
enum GetBucketNotificationConfiguration: GetsConfiguration { typealias Configuration = NotificationConfiguration }

enum CorsConfiguration: BucketConfiguration {
    static let kind = "Cors"
    static let member = "CORSConfiguration"
    static let absent: Result<JSON, AWSError> = .failure(
        AWSError("NoSuchCORSConfiguration", "The CORS configuration does not exist", status: 404))

    private static let methods: Set<String> = ["GET", "PUT", "POST", "DELETE", "HEAD"]

    static func checked(_ document: JSON, _ input: JSON) throws(AWSError) -> JSON {
        let rules = document["CORSRules"]?.array ?? []
        guard (1...100).contains(rules.count) else { throw .malformedXML() }
        for method in rules.flatMap({ $0["AllowedMethods"]?.array ?? [] }).compactMap(\.string)
        where !methods.contains(method) {
            throw AWSError(
                "InvalidRequest",
                "Found unsupported HTTP method in CORS config. Unsupported method is \(method)")
        }
        return document
    }
}
enum GetBucketCors: GetsConfiguration { typealias Configuration = CorsConfiguration }
enum PutBucketCors: PutsConfiguration { typealias Configuration = CorsConfiguration }
enum DeleteBucketCors: DeletesConfiguration { typealias Configuration = CorsConfiguration }

enum WebsiteConfiguration: BucketConfiguration {
    static let kind = "Website"
    static let member = "WebsiteConfiguration"
    static let absent: Result<JSON, AWSError> = .failure(
        AWSError(
            "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", status: 404))
}
enum GetBucketWebsite: GetsConfiguration { typealias Configuration = WebsiteConfiguration }
enum PutBucketWebsite: PutsConfiguration { typealias Configuration = WebsiteConfiguration }
enum DeleteBucketWebsite: DeletesConfiguration { typealias Configuration = WebsiteConfiguration }

enum LifecycleConfiguration: BucketConfiguration {
    static let kind = "Lifecycle"
    static let member = "LifecycleConfiguration"
    static let absent: Result<JSON, AWSError> = .failure(
        AWSError("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", status: 404))
}
enum GetBucketLifecycleConfiguration: GetsConfiguration { typealias Configuration = LifecycleConfiguration }
/// Answers the least size of objects that change their class, as AWS does since 2024. Errors: NoSuchBucket, MalformedXML.
enum PutBucketLifecycleConfiguration: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let rules = input["LifecycleConfiguration"]?["Rules"]?.array ?? []
        guard (1...1000).contains(rules.count) else { throw .malformedXML() }
        guard rules.allSatisfy({ ["Enabled", "Disabled"].contains($0["Status"]) }) else { throw .malformedXML() }
        let named = rules.map { rule in
            var rule = rule
            if rule["ID"] == nil { rule["ID"] = .string(context.random.uuid()) }
            return rule
        }
        guard Set(named.map { $0["ID"]?.string }).count == named.count else {
            throw .invalidArgument("Rule ID must be unique. Found same ID for more than one rule", "ID", "")
        }
        let size = input["TransitionDefaultMinimumObjectSize"] ?? "all_storage_classes_128K"
        let document: JSON = ["Rules": .array(named), "TransitionDefaultMinimumObjectSize": size]
        return { transaction in
            try Configurations.put(
                document, LifecycleConfiguration.kind, input["Bucket"]?.string ?? "", transaction)
            return ["TransitionDefaultMinimumObjectSize": size]
        }
    }
}
enum DeleteBucketLifecycle: DeletesConfiguration { typealias Configuration = LifecycleConfiguration }

enum ReplicationConfiguration: BucketConfiguration {
    static let kind = "Replication"
    static let member = "ReplicationConfiguration"
    static let outputMember: String? = "ReplicationConfiguration"
    static let absent: Result<JSON, AWSError> = .failure(
        AWSError("ReplicationConfigurationNotFoundError", "The replication configuration was not found", status: 404))
}
enum GetBucketReplication: GetsConfiguration { typealias Configuration = ReplicationConfiguration }
enum PutBucketReplication: PutsConfiguration { typealias Configuration = ReplicationConfiguration }
enum DeleteBucketReplication: DeletesConfiguration { typealias Configuration = ReplicationConfiguration }

enum EncryptionConfiguration: BucketConfiguration {
    static let kind = "Encryption"
    static let member = "ServerSideEncryptionConfiguration"
    static let outputMember: String? = "ServerSideEncryptionConfiguration"
    static let absent: Result<JSON, AWSError> = .success([
        "Rules": [["ApplyServerSideEncryptionByDefault": ["SSEAlgorithm": "AES256"], "BucketKeyEnabled": false]]
    ])
}
enum GetBucketEncryption: GetsConfiguration { typealias Configuration = EncryptionConfiguration }
enum PutBucketEncryption: PutsConfiguration { typealias Configuration = EncryptionConfiguration }
enum DeleteBucketEncryption: DeletesConfiguration { typealias Configuration = EncryptionConfiguration }

enum PublicAccessConfiguration: BucketConfiguration {
    static let kind = "PublicAccess"
    static let member = "PublicAccessBlockConfiguration"
    static let outputMember: String? = "PublicAccessBlockConfiguration"
    static let absent: Result<JSON, AWSError> = .failure(
        AWSError(
            "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found", status: 404))
}
enum GetPublicAccessBlock: GetsConfiguration { typealias Configuration = PublicAccessConfiguration }
enum PutPublicAccessBlock: PutsConfiguration { typealias Configuration = PublicAccessConfiguration }
enum DeletePublicAccessBlock: DeletesConfiguration { typealias Configuration = PublicAccessConfiguration }

enum OwnershipConfiguration: BucketConfiguration {
    static let kind = "Ownership"
    static let member = "OwnershipControls"
    static let outputMember: String? = "OwnershipControls"
    static let absent: Result<JSON, AWSError> = .failure(
        AWSError("OwnershipControlsNotFoundError", "The bucket ownership controls were not found", status: 404))
}
enum GetBucketOwnershipControls: GetsConfiguration { typealias Configuration = OwnershipConfiguration }
enum PutBucketOwnershipControls: PutsConfiguration { typealias Configuration = OwnershipConfiguration }
enum DeleteBucketOwnershipControls: DeletesConfiguration { typealias Configuration = OwnershipConfiguration }

enum ObjectLockConfiguration: BucketConfiguration {
    static let kind = "ObjectLock"
    static let member = "ObjectLockConfiguration"
    static let outputMember: String? = "ObjectLockConfiguration"
    static let absent: Result<JSON, AWSError> = .failure(
        AWSError(
            "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket",
            status: 404))
}
enum GetObjectLockConfiguration: GetsConfiguration { typealias Configuration = ObjectLockConfiguration }
enum PutObjectLockConfiguration: PutsConfiguration { typealias Configuration = ObjectLockConfiguration }

extension Configurations {
    static let operations: [any Operation.Type] = [
        GetBucketPolicy.self, PutBucketPolicy.self, DeleteBucketPolicy.self, GetBucketVersioning.self,
        PutBucketVersioning.self, GetBucketAccelerateConfiguration.self, PutBucketAccelerateConfiguration.self,
        GetBucketRequestPayment.self, PutBucketRequestPayment.self, GetBucketLogging.self, PutBucketLogging.self,
        GetBucketNotificationConfiguration.self, PutBucketNotificationConfiguration.self, GetBucketCors.self,
        PutBucketCors.self, DeleteBucketCors.self, GetBucketWebsite.self, PutBucketWebsite.self,
        DeleteBucketWebsite.self, GetBucketLifecycleConfiguration.self, PutBucketLifecycleConfiguration.self,
        DeleteBucketLifecycle.self, GetBucketReplication.self, PutBucketReplication.self, DeleteBucketReplication.self,
        GetBucketEncryption.self, PutBucketEncryption.self, DeleteBucketEncryption.self, GetPublicAccessBlock.self,
        PutPublicAccessBlock.self, DeletePublicAccessBlock.self, GetBucketOwnershipControls.self,
        PutBucketOwnershipControls.self, DeleteBucketOwnershipControls.self, GetObjectLockConfiguration.self,
        PutObjectLockConfiguration.self,
    ]
}
