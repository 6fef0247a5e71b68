public import BatonCore
public import BatonStore

/// AWS Secrets Manager: secrets in versions, sealed at rest, rotated by Lambda functions.
public final class SecretsManager: Service {
    public static let id = "secretsmanager"
    public static let operations: [any BatonCore.Operation.Type] = [
        BatchGetSecretValue.self, CancelRotateSecret.self, CreateSecret.self, DeleteResourcePolicy.self,
        DeleteSecret.self, DescribeSecret.self, GetRandomPassword.self, GetResourcePolicy.self, GetSecretValue.self,
        ListSecrets.self, ListSecretVersionIds.self, PutResourcePolicy.self, PutSecretValue.self,
        RemoveRegionsFromReplication.self, ReplicateSecretToRegions.self, RestoreSecret.self, RotateSecret.self,
        StopReplicationToReplica.self, TagResource.self, UntagResource.self, UpdateSecret.self,
        UpdateSecretVersionStage.self, ValidateResourcePolicy.self,
    ]
    public static let migrations = [
        Migration(
            name: "secretsmanager-1",
            sql: """
                CREATE TABLE secretsmanager_secret (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
                    PRIMARY KEY (account, region, name)) STRICT, WITHOUT ROWID;
                CREATE TABLE secretsmanager_version (
                    number INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL,
                    name TEXT NOT NULL, id TEXT NOT NULL, stages TEXT NOT NULL, kms_key TEXT,
                    created_ms INTEGER NOT NULL, accessed_ms INTEGER, is_binary INTEGER NOT NULL, sealed BLOB,
                    UNIQUE (account, region, name, id)) STRICT;
                CREATE TABLE secretsmanager_replica (
                    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, home TEXT NOT NULL, kms_key TEXT,
                    failure TEXT, PRIMARY KEY (account, home, name, region)) STRICT, WITHOUT ROWID;
                CREATE INDEX secretsmanager_replica_by_region ON secretsmanager_replica (account, region, name);
                """)
    ]

    public init() {}

    public func start(_ host: Host) async throws {
        // Neither comes because somebody waits for it: a skipping clock does not jump to them.
        host.onDue(Deletion.kind, pullsTime: false) { row, context in Deletion.handle(row, context) }
        host.onDue(RotationTimer.kind, pullsTime: false) { row, context in try RotationTimer.handle(row, context) }
        host.onDue(RotationStep.kind) { row, context in try await RotationStep.handle(row, context) }
    }
}
