import AWSWire
import BatonCore
import BatonStore
import JSON

/// Temporary credentials. The access key id carries the account, so that later requests reach it.
struct Session: Sendable {
    let identity: Identity
    let accessKeyId: String
    let secretAccessKey: String
    let sessionToken: String
    let expiresMs: Int64

    init(_ identity: Identity, seconds: Int, _ context: Context) {
        self.identity = identity
        accessKeyId = AccessKeyId.make(prefix: "ASIA", account: identity.account, random: context.random.bytes(5))
        secretAccessKey = Base64.encode(context.random.bytes(30))
        sessionToken = Base64.encode(context.random.bytes(180))
        expiresMs = context.nowMs + Int64(seconds) * 1000
    }

    func save(_ context: Context) async throws(AWSError) {
        try await context.write { transaction in
            try transaction.execute("DELETE FROM sts_session WHERE expires_ms <= ?", transaction.nowMs)
            try transaction.execute(
                "INSERT INTO sts_session (access_key_id, account, arn, user_id, expires_ms) VALUES (?, ?, ?, ?, ?)",
                accessKeyId, identity.account, identity.arn, identity.userId, expiresMs)
        }
    }

    var credentials: JSON {
        [
            "AccessKeyId": .string(accessKeyId), "SecretAccessKey": .string(secretAccessKey),
            "SessionToken": .string(sessionToken), "Expiration": .number(Int(expiresMs / 1000)),
        ]
    }
}

/// What assuming a role makes of the caller.
///
/// Assumed: a role that Baton does not know can be assumed too; its id is made up.
struct AssumedRole: Sendable {
    let identity: Identity

    /// - Throws: ValidationError for what is no role, and for a session longer than the role allows.
    init(_ roleArn: String, session: String, seconds: Int, _ context: Context) async throws(AWSError) {
        guard let arn = ARN(roleArn), arn.service == "iam", arn.resource.hasPrefix("role/"),
            arn.account.utf8.count == 12, let name = arn.resource.split(separator: "/").last
        else { throw AWSError("ValidationError", "\(roleArn) is invalid") }
        let role = try await Self.role(String(name), arn.account, context)
        if let limit = role?["MaxSessionDuration"]?.int, seconds > limit {
            throw AWSError(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        }
        let id = role?["RoleId"]?.string ?? "AROA" + context.random.text(17, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        identity = Identity(
            account: arn.account, arn: "arn:aws:sts::\(arn.account):assumed-role/\(name)/\(session)",
            userId: "\(id):\(session)")
    }

    private static func role(_ name: String, _ account: String, _ context: Context) async throws(AWSError) -> JSON? {
        guard context.host.registry.has("iam") else { return nil }
        do {
            let there = Context(
                host: context.host, account: account, region: context.region, requestId: context.requestId)
            return try await there.call("iam", "GetRole", ["RoleName": .string(name)])["Role"]
        } catch {
            guard error.code == "NoSuchEntity" else { throw error }
            return nil
        }
    }

    var json: JSON { ["AssumedRoleId": .string(identity.userId), "Arn": .string(identity.arn)] }
}
