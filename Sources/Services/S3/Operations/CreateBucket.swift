import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes a bucket in the caller's region, or from us-east-1 in that of `LocationConstraint`. As on AWS a new bucket
/// blocks public access and enforces its owner, unless the request names another ownership.
/// Errors: InvalidBucketName, InvalidLocationConstraint, IllegalLocationConstraintException, BucketAlreadyOwnedByYou
/// (not in us-east-1, where it succeeds), BucketAlreadyExists, InvalidBucketAclWithObjectOwnership.
/// Source: S3 API reference, CreateBucket.
enum CreateBucket: WriteOperation {
    typealias Input = JSON
    struct Output: Encodable { let location: String }

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Output> {
        let (name, account) = (input["Bucket"]?.string ?? "", context.account)
        try Bucket.checkName(name)
        let region = try region(input["CreateBucketConfiguration"]?["LocationConstraint"]?.string, context)
        let configurations = try configurations(input, account)
        let output = Output(location: region == "us-east-1" ? "/\(name)" : "\(context.endpoint)/\(name)")
        return { transaction in
            if let row = try transaction.row("SELECT * FROM s3_buckets WHERE name = ?", name) {
                let old = Bucket(row)
                guard old.account == account else { throw AWSError.bucketExists }
                guard old.region == "us-east-1", region == "us-east-1" else { throw AWSError.bucketOwnedByYou }
                return output
            }
            try transaction.execute(
                "INSERT INTO s3_buckets (name, account, region, created_ms) VALUES (?, ?, ?, ?)", name, account, region,
                transaction.nowMs)
            for (kind, body) in configurations { try Configurations.put(body, kind, name, transaction) }
            return output
        }
    }

    private static func region(_ constraint: String?, _ context: Context) throws(AWSError) -> String {
        guard let constraint else {
            guard context.region == "us-east-1" || context.request == nil else {
                throw .illegalLocation("unspecified")
            }
            return context.region
        }
        // An old name.
        let region = constraint == "EU" ? "eu-west-1" : constraint
        guard region != "us-east-1" else { throw .invalidLocation }
        guard context.region == "us-east-1" || context.region == region else { throw .illegalLocation(constraint) }
        return region
    }

    private static func configurations(_ input: JSON, _ account: String) throws(AWSError) -> [(String, JSON)] {
        let ownership = input["ObjectOwnership"] ?? "BucketOwnerEnforced"
        let list = try AccessControl.asked(input, account)
        guard list == nil || ownership != "BucketOwnerEnforced" || input["ACL"] == "private" else {
            throw .listOnEnforcedBucket
        }
        var configurations: [(String, JSON)] = [
            (OwnershipConfiguration.kind, ["Rules": [["ObjectOwnership": ownership]]]),
            (
                PublicAccessConfiguration.kind,
                [
                    "BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true,
                    "RestrictPublicBuckets": true,
                ]
            ),
        ]
        if let list, ownership != "BucketOwnerEnforced" { configurations.append((AccessControl.kind, list)) }
        if input["ObjectLockEnabledForBucket"] == true {
            configurations.append((VersioningConfiguration.kind, ["Status": "Enabled"]))
            configurations.append((ObjectLockConfiguration.kind, ["ObjectLockEnabled": "Enabled"]))
        }
        let tags = try Tags.check(input["CreateBucketConfiguration"]?["Tags"], limit: 50)
        if tags != [] { configurations.append(("Tagging", tags)) }
        return configurations
    }
}

extension AWSError {
    fileprivate static let invalidLocation = AWSError(
        "InvalidLocationConstraint", "The specified location-constraint is not valid")
    fileprivate static func illegalLocation(_ name: String) -> AWSError {
        AWSError(
            "IllegalLocationConstraintException",
            "The \(name) location constraint is incompatible for the region specific endpoint this request was sent to."
        )
    }
    fileprivate static let listOnEnforcedBucket = AWSError(
        "InvalidBucketAclWithObjectOwnership",
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
}
