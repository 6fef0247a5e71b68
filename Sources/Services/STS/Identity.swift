import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Who is behind an access key: a session, a user of IAM, else the account itself.
struct Identity: Sendable {
    let account: String
    let arn: String
    let userId: String

    static func root(_ account: String) -> Identity {
        Identity(account: account, arn: "arn:aws:iam::\(account):root", userId: account)
    }

    /// The signer of a request.
    static func caller(_ context: Context) async throws(AWSError) -> Identity {
        guard let id = context.request.flatMap(CredentialScope.parse)?.accessKeyId else { return root(context.account) }
        if let session = try session(id, context) { return session }
        return try await user(id, context) ?? root(context.account)
    }

    private static func session(_ id: String, _ context: Context) throws(AWSError) -> Identity? {
        let row = try context.read { db in
            try db.row("SELECT account, arn, user_id, expires_ms FROM sts_session WHERE access_key_id = ?", id)
        }
        guard let row else { return nil }
        guard row["expires_ms"] as Int64 > context.nowMs else {
            throw AWSError("ExpiredToken", "The security token included in the request is expired", status: 403)
        }
        return Identity(account: row["account"], arn: row["arn"], userId: row["user_id"])
    }

    private static func user(_ id: String, _ context: Context) async throws(AWSError) -> Identity? {
        guard context.host.registry.has("iam") else { return nil }
        do {
            let owner = try await context.call("iam", "GetAccessKeyLastUsed", ["AccessKeyId": .string(id)])
            let user = try await context.call("iam", "GetUser", ["UserName": owner["UserName"] ?? nil])["User"]
            guard let arn = user?["Arn"]?.string, let userId = user?["UserId"]?.string else { return nil }
            return Identity(account: context.account, arn: arn, userId: userId)
        } catch {
            // Most keys are made up by whoever calls, some too short to be asked for.
            guard error.fault == .sender else { throw error }
            return nil
        }
    }
}
