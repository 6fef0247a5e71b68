public import BatonCore
public import BatonStore

/// Security Token Service: who is asking, and temporary credentials for roles.
///
/// Whether a caller may assume a role is not asked: Baton does not evaluate permissions.
public final class STS: Service {
    public static let id = "sts"
    public static let operations: [any Operation.Type] = [
        AssumeRole.self, AssumeRoleWithWebIdentity.self, GetAccessKeyInfo.self, GetCallerIdentity.self,
        GetFederationToken.self, GetSessionToken.self,
    ]
    public static let migrations = [
        Migration(
            name: "sts-1",
            sql: """
                CREATE TABLE sts_session (
                    access_key_id TEXT PRIMARY KEY, account TEXT NOT NULL, arn TEXT NOT NULL, user_id TEXT NOT NULL,
                    expires_ms INTEGER NOT NULL) STRICT;
                CREATE INDEX sts_session_by_time ON sts_session (expires_ms);
                """)
    ]

    public init() {}
}
