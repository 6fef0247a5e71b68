import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A secret as another region sees it. It has no values of its own: it shows those of its primary, always in sync.
struct Replica: Equatable, Sendable {
    let region: String
    /// The primary's region.
    let home: String
    let kmsKeyId: String?
    /// Why it could not be made.
    var failure: String?

    /// The one that can be seen in a region.
    static func at(_ account: String, _ region: String, _ name: String, _ db: Database) throws -> Replica? {
        try db.row(
            """
            SELECT * FROM secretsmanager_replica WHERE account = ? AND region = ? AND name = ? AND failure IS NULL
            """, account, region, name
        ).map(Replica.init)
    }

    static func all(of secret: Secret, _ db: Database) throws -> [Replica] {
        try db.rows(
            "SELECT * FROM secretsmanager_replica WHERE account = ? AND home = ? AND name = ? ORDER BY region",
            secret.account, secret.region, secret.name
        ).map(Replica.init)
    }

    private init(_ row: Row) {
        region = row["region"]
        home = row["home"]
        kmsKeyId = row["kms_key"]
        failure = row["failure"]
    }

    private init(_ region: String, _ home: String, _ kmsKeyId: String?) {
        self.region = region
        self.home = home
        self.kmsKeyId = kmsKeyId
    }

    var described: JSON {
        var result: JSON = [
            "Region": .string(region), "KmsKeyId": .string(kmsKeyId ?? "alias/aws/secretsmanager"),
            "Status": failure == nil ? "InSync" : "Failed",
        ]
        result["StatusMessage"] = failure.map { .string($0) }
        return result
    }

    static func status(of secret: Secret, _ db: Database) throws -> JSON? {
        let replicas = try all(of: secret, db)
        return replicas.isEmpty ? nil : .array(replicas.map(\.described))
    }

    struct Wanted: Decodable, Sendable {
        let region: String?
        let kmsKeyId: String?
    }

    /// - Parameter overwrites: whether a secret of the same name there gives way.
    /// - Throws: InvalidParameterException for the secret's own region. Assumed: the text.
    static func add(_ wanted: [Wanted], to secret: Secret, overwrites: Bool, _ transaction: Transaction) throws {
        for wish in wanted {
            var replica = Replica(wish.region ?? "", secret.region, wish.kmsKeyId)
            guard replica.region != secret.region else {
                throw SecretsManagerError.parameter("You can't replicate a secret to its own region.")
            }
            if let other = try Secret.find(
                named: secret.name, account: secret.account, region: replica.region, transaction.db),
                other.region != secret.region
            {
                if overwrites, !other.isReplica {
                    try other.remove(transaction)
                } else {
                    replica.failure =
                        "Replication failed: Secret name \(secret.name) already exists in region \(replica.region)."
                }
            }
            try transaction.execute(
                """
                INSERT OR REPLACE INTO secretsmanager_replica (account, region, name, home, kms_key, failure)
                VALUES (?, ?, ?, ?, ?, ?)
                """, secret.account, replica.region, secret.name, secret.region, replica.kmsKeyId, replica.failure)
        }
    }

    static func remove(_ region: String, of secret: Secret, _ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM secretsmanager_replica WHERE account = ? AND home = ? AND name = ? AND region = ?",
            secret.account, secret.region, secret.name, region)
    }
}
