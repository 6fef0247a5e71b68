import AWSWire
import BatonCore
import BatonStore
import Foundation
import GRDB
import JSON

/// One version of a secret. It has no value yet when a rotation has announced it.
struct SecretVersion: Sendable {
    let id: String
    var stages: [String]
    let kmsKeyId: String?
    let createdMs: Int64
    /// The day of the last access.
    let accessedMs: Int64?
    let isBinary: Bool
    let sealed: [UInt8]?

    private init(_ row: Row) throws {
        id = row["id"]
        stages = try JSON.parse(row["stages"] as String).decoded()
        kmsKeyId = row["kms_key"]
        createdMs = row["created_ms"]
        accessedMs = row["accessed_ms"]
        isBinary = row["is_binary"]
        sealed = (row["sealed"] as Data?).map(Array.init)
    }

    func value(_ context: Context) throws(AWSError) -> SecretValue? {
        guard let sealed else { return nil }
        return try SecretValue.opened(sealed, isBinary: isBinary, id, context)
    }

    // MARK: Reading

    /// In the order in which they were made; without their values.
    static func all(of secret: Secret, _ db: Database) throws -> [SecretVersion] {
        try db.rows(
            """
            SELECT id, stages, kms_key, created_ms, accessed_ms, is_binary, NULL AS sealed FROM secretsmanager_version
            WHERE account = ? AND region = ? AND name = ? ORDER BY number
            """, secret.account, secret.region, secret.name
        ).map(SecretVersion.init)
    }

    static func find(_ id: String, of secret: Secret, _ db: Database) throws -> SecretVersion? {
        try db.row(
            "SELECT * FROM secretsmanager_version WHERE account = ? AND region = ? AND name = ? AND id = ?",
            secret.account, secret.region, secret.name, id
        ).map(SecretVersion.init)
    }

    static func labels(of secret: Secret, _ db: Database) throws -> StageLabels {
        StageLabels(Dictionary(try all(of: secret, db).map { ($0.id, Set($0.stages)) }) { first, _ in first })
    }

    /// The version that the caller means; AWSCURRENT by default.
    /// - Throws: ResourceNotFoundException, also for one without a value; InvalidRequestException.
    static func require(
        _ id: String?, stage: String?, of secret: Secret, _ db: Database
    ) throws -> SecretVersion {
        guard let id else {
            let stage = stage ?? StageLabels.current
            guard let holder = try labels(of: secret, db).holder(of: stage),
                let version = try find(holder, of: secret, db), version.sealed != nil
            else { throw SecretsManagerError.noStage(stage) }
            return version
        }
        guard let version = try find(id, of: secret, db) else { throw SecretsManagerError.noVersion(id) }
        if let stage, !version.stages.contains(stage) { throw SecretsManagerError.stageMismatch }
        guard version.sealed != nil else { throw SecretsManagerError.noVersion(id) }
        return version
    }

    // MARK: Writing

    /// What makes a version.
    struct Draft: Sendable {
        let id: String
        let value: SecretValue?
        let sealed: [UInt8]?
        let stages: [String]

        init(_ id: String, _ value: SecretValue?, _ stages: [String], _ context: Context) throws(AWSError) {
            self.id = id
            self.value = value
            self.stages = stages
            sealed = try value?.sealed(id, context)
        }
    }

    /// Adds a version, or finds that it is there with this very value. The first one is always AWSCURRENT.
    /// - Returns: its labels.
    /// - Throws: ResourceExistsException for another value under the same id; LimitExceededException.
    static func put(
        _ draft: Draft, in secret: inout Secret, _ context: Context, _ transaction: Transaction
    ) throws -> [String] {
        var labels = try labels(of: secret, transaction.db)
        if let old = try find(draft.id, of: secret, transaction.db) {
            if let value = try old.value(context) {
                guard value == draft.value else { throw SecretsManagerError.tokenInUse(draft.id, secret.arn) }
                return old.stages
            }
            // Announced by a rotation; now it gets its value.
            try transaction.execute(
                """
                UPDATE secretsmanager_version SET sealed = ?, is_binary = ?
                WHERE account = ? AND region = ? AND name = ? AND id = ?
                """, draft.sealed.map { Data($0) }, draft.value?.isBinary ?? false, secret.account, secret.region,
                secret.name, draft.id)
        } else {
            try insert(draft, in: secret, transaction)
        }
        var stages = draft.stages
        if labels.holder(of: StageLabels.current) == nil, draft.value != nil { stages.append(StageLabels.current) }
        labels.attach(stages, to: draft.id)
        try save(labels, of: secret, transaction)
        if labels.holder(of: StageLabels.current) == draft.id { try secret.valueChanged(context, transaction) }
        try secret.saveChanged(transaction)
        return labels.labels(of: draft.id)
    }

    private static func insert(_ draft: Draft, in secret: Secret, _ transaction: Transaction) throws {
        try makeRoom(in: secret, transaction)
        try transaction.execute(
            """
            INSERT INTO secretsmanager_version
                (account, region, name, id, stages, kms_key, created_ms, is_binary, sealed)
            VALUES (?, ?, ?, ?, '[]', ?, ?, ?, ?)
            """, secret.account, secret.region, secret.name, draft.id, secret.kmsKeyId, transaction.nowMs,
            draft.value?.isBinary ?? false, draft.sealed.map { Data($0) })
    }

    /// Versions without labels go when there are too many, but not in their first day. Assumed: the text.
    private static func makeRoom(in secret: Secret, _ transaction: Transaction) throws {
        let versions = try all(of: secret, transaction.db)
        var surplus = versions.count + 1 - Limits.versions
        for version in versions where surplus > 0 && version.stages.isEmpty {
            guard version.createdMs < transaction.nowMs - Limits.keptMs else { continue }
            try remove(version.id, of: secret, transaction)
            surplus -= 1
        }
        guard surplus <= 0 else {
            throw SecretsManagerError.limit("The secret has \(versions.count) versions, which is the quota.")
        }
    }

    static func remove(_ id: String, of secret: Secret, _ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM secretsmanager_version WHERE account = ? AND region = ? AND name = ? AND id = ?",
            secret.account, secret.region, secret.name, id)
    }

    /// - Throws: LimitExceededException. Assumed: the text.
    static func save(_ labels: StageLabels, of secret: Secret, _ transaction: Transaction) throws {
        guard labels.count <= Limits.labels else {
            throw SecretsManagerError.limit("A secret has at most \(Limits.labels) staging labels.")
        }
        for version in try all(of: secret, transaction.db) where version.stages != labels.labels(of: version.id) {
            try transaction.execute(
                "UPDATE secretsmanager_version SET stages = ? WHERE account = ? AND region = ? AND name = ? AND id = ?",
                try JSON(encoding: labels.labels(of: version.id)).text(), secret.account, secret.region, secret.name,
                version.id)
        }
    }

    /// Notes the day of an access.
    static func noteAccess(_ id: String, of secret: Secret, _ transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE secretsmanager_version SET accessed_ms = ?
            WHERE account = ? AND region = ? AND name = ? AND id = ?
            """, transaction.nowMs / Limits.dayMs * Limits.dayMs, secret.account, secret.region, secret.name, id)
    }
}
