import AWSWire
import BatonCore
import BatonStore
import JSON

// The account's alias, its password policy and what it holds. Source: API reference, the operations' own pages.

enum AccountSettings {
    static let operations: [any Operation.Type] = [
        CreateAccountAlias.self, DeleteAccountAlias.self, ListAccountAliases.self, UpdateAccountPasswordPolicy.self,
        GetAccountPasswordPolicy.self, DeleteAccountPasswordPolicy.self, GetAccountSummary.self,
    ]

    static func noPasswordPolicy(_ account: String) -> AWSError {
        IAMError.notFound("The Password Policy with domain name \(account) cannot be found.")
    }
}

/// Names the account; a new alias takes the place of the old one. Errors: EntityAlreadyExists (another account's).
enum CreateAccountAlias: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let alias = input["AccountAlias"]?.string ?? ""
        return { transaction in
            let owner = try transaction.row(
                "SELECT account FROM iam_document WHERE kind = 'alias' AND id = ? AND account <> ?", alias,
                context.account)
            guard owner == nil else {
                throw IAMError.exists("The account alias \(alias) already exists.")
            }
            try transaction.execute(
                "DELETE FROM iam_document WHERE kind = 'alias' AND account = ?", context.account)
            try AccountDocument(id: alias, body: [:]).save(.alias, context.account, transaction)
            return Nothing()
        }
    }
}

/// Errors: NoSuchEntity.
enum DeleteAccountAlias: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let alias = input["AccountAlias"]?.string ?? ""
        return { transaction in
            guard try AccountDocument.remove(.alias, alias, context.account, transaction) else {
                throw IAMError.notFound("The account alias with name \(alias) cannot be found.")
            }
            return Nothing()
        }
    }
}

enum ListAccountAliases: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let all = try context.read { db in try AccountDocument.all(.alias, context.account, db) }
        return ["AccountAliases": .array(all.map { .string($0.id) }), "IsTruncated": false]
    }
}

/// Replaces the password policy; what is not given takes its default. It is kept, not applied.
enum UpdateAccountPasswordPolicy: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        var policy: JSON = ["MinimumPasswordLength": input["MinimumPasswordLength"] ?? 6]
        for name in [
            "RequireSymbols", "RequireNumbers", "RequireUppercaseCharacters", "RequireLowercaseCharacters",
            "AllowUsersToChangePassword",
        ] {
            policy[name] = input[name] ?? false
        }
        policy["ExpirePasswords"] = .bool((input["MaxPasswordAge"]?.int ?? 0) > 0)
        for name in ["MaxPasswordAge", "PasswordReusePrevention", "HardExpiry"] { policy[name] = input[name] }
        return { [policy] transaction in
            try AccountDocument(id: "", body: policy).save(.passwordPolicy, context.account, transaction)
            return Nothing()
        }
    }
}

/// Errors: NoSuchEntity.
enum GetAccountPasswordPolicy: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let found = try context.read { db in try AccountDocument.find(.passwordPolicy, "", context.account, db) }
        guard let policy = found else { throw AccountSettings.noPasswordPolicy(context.account) }
        return ["PasswordPolicy": policy.body]
    }
}

/// Errors: NoSuchEntity.
enum DeleteAccountPasswordPolicy: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            guard try AccountDocument.remove(.passwordPolicy, "", context.account, transaction) else {
                throw AccountSettings.noPasswordPolicy(context.account)
            }
            return Nothing()
        }
    }
}

/// How many entities there are, beside the quotas.
enum GetAccountSummary: Operation {
    private static let quotas: [String: JSON] = [
        "UsersQuota": 5000, "GroupsQuota": 300, "RolesQuota": 1000, "PoliciesQuota": 1500,
        "InstanceProfilesQuota": 1000, "AccessKeysPerUserQuota": 2, "GroupsPerUserQuota": 10,
        "AttachedPoliciesPerUserQuota": 10, "AttachedPoliciesPerRoleQuota": 10, "AttachedPoliciesPerGroupQuota": 10,
        "VersionsPerPolicyQuota": 5, "PolicySizeQuota": 6144, "AssumeRolePolicySizeQuota": 2048,
        "AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0, "AccountSigningCertificatesPresent": 0,
        "MFADevices": 0, "MFADevicesInUse": 0, "ServerCertificates": 0,
    ]

    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        var counts = quotas
        let kinds: [(String, Kind)] = [
            ("Users", .user), ("Groups", .group), ("Roles", .role), ("Policies", .policy),
            ("InstanceProfiles", .profile),
        ]
        try context.read { db in
            for (name, kind) in kinds {
                counts[name] = .number(try Entity.all(kind, context.account, pathPrefix: nil, db).count)
            }
            counts["Providers"] = .number(try AccountDocument.all(.openIDConnect, context.account, db).count)
        }
        return ["SummaryMap": .object(JSON.Object(counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))]
    }
}
