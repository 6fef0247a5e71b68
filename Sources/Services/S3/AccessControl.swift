import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Access control lists: kept and shown, not enforced. A bucket whose owner is enforced, as new ones are, takes none.
/// Source: S3 user guide, "Access control list (ACL) overview", "Controlling ownership of objects".
enum AccessControl {
    static let kind = "Acl"

    static func ownerOnly(_ account: String) -> JSON { policy(account, []) }

    private static func policy(_ account: String, _ more: [JSON]) -> JSON {
        ["Owner": Owner.of(account), "Grants": .array([grant(ownerGrantee(account), "FULL_CONTROL")] + more)]
    }

    private static func grant(_ grantee: JSON, _ permission: String) -> JSON {
        ["Grantee": grantee, "Permission": .string(permission)]
    }

    private static func ownerGrantee(_ account: String) -> JSON {
        var grantee = Owner.of(account)
        grantee["Type"] = "CanonicalUser"
        return grantee
    }

    private static func group(_ path: String) -> JSON {
        ["Type": "Group", "URI": .string("http://acs.amazonaws.com/groups/\(path)")]
    }

    /// The list that a request asks for: a canned one, grants in headers, or a document; nil when it asks for none.
    static func asked(_ input: JSON, _ account: String) throws(AWSError) -> JSON? {
        if let document = input["AccessControlPolicy"] { return document }
        let grants = try headerGrants(input)
        if let canned = input["ACL"]?.string {
            guard grants.isEmpty else {
                throw AWSError("InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed")
            }
            return policy(account, granted(canned))
        }
        return grants.isEmpty ? nil : ["Owner": Owner.of(account), "Grants": .array(grants)]
    }

    private static func granted(_ canned: String) -> [JSON] {
        let everyone = group("global/AllUsers")
        switch canned {
        case "public-read": return [grant(everyone, "READ")]
        case "public-read-write": return [grant(everyone, "READ"), grant(everyone, "WRITE")]
        case "authenticated-read": return [grant(group("global/AuthenticatedUsers"), "READ")]
        case "log-delivery-write":
            return ["WRITE", "READ_ACP"].map { grant(group("s3/LogDelivery"), $0) }
        default: return []
        }
    }

    /// `id="…", uri="…", emailAddress="…"` in one header for each permission.
    private static func headerGrants(_ input: JSON) throws(AWSError) -> [JSON] {
        let permissions = [
            ("GrantFullControl", "FULL_CONTROL"), ("GrantRead", "READ"), ("GrantReadACP", "READ_ACP"),
            ("GrantWrite", "WRITE"), ("GrantWriteACP", "WRITE_ACP"),
        ]
        var grants: [JSON] = []
        for (member, permission) in permissions {
            for entry in (input[member]?.string ?? "").split(separator: ",") {
                let parts = entry.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\"" } }
                let grantee: JSON? =
                    switch (parts.first, parts.last) {
                    case ("id", let id?): ["Type": "CanonicalUser", "ID": .string(id)]
                    case ("uri", let uri?): ["Type": "Group", "URI": .string(uri)]
                    case ("emailAddress", let address?):
                        ["Type": "AmazonCustomerByEmail", "EmailAddress": .string(address)]
                    default: nil
                    }
                guard let grantee else {
                    throw AWSError("InvalidArgument", "Argument format not recognized")
                }
                grants.append(grant(grantee, permission))
            }
        }
        return grants
    }

    /// - Throws: AccessControlListNotSupported where the bucket's owner owns all objects.
    static func require(_ bucket: Bucket, _ db: Database) throws {
        let controls = try Configurations.get(OwnershipConfiguration.kind, bucket.name, db)
        let ownership = controls?["Rules"]?.array?.first?["ObjectOwnership"]?.string
        guard ownership == nil || ownership != "BucketOwnerEnforced" else {
            throw AWSError("AccessControlListNotSupported", "The bucket does not allow ACLs")
        }
    }

    /// The list of a new object; one that only says what holds anyway is taken by every bucket.
    static func ofNewObject(_ input: JSON, _ bucket: Bucket, _ db: Database) throws -> JSON? {
        guard let asked = try asked(input, bucket.account) else { return nil }
        let canned = input["ACL"]?.string
        if canned != "bucket-owner-full-control", canned != "private" { try require(bucket, db) }
        return asked
    }
}
