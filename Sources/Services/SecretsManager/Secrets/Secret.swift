import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A label of a secret.
struct Tag: Codable, Equatable, Sendable {
    let key: String
    let value: String
}

/// What is known of a secret besides its values.
struct Secret: Codable, Equatable, Sendable {
    let account: String
    /// Where its values and its metadata live.
    let region: String
    let name: String
    /// The six random characters at the end of its ARN, which tell it from an earlier secret of the same name.
    let suffix: String
    /// The region through which the caller looks at it: another one for a replica.
    var seenIn: String
    var description: String?
    var kmsKeyId: String?
    /// The partner of a managed external secret.
    var type: String?
    var owningService: String?
    var tags: [Tag] = []
    /// The resource policy as it was given.
    var policy: String?
    var rotation: Rotation?
    let createdMs: Int64
    var changedMs: Int64
    /// When it will be gone.
    var deletionMs: Int64?

    var isReplica: Bool { seenIn != region }

    var arn: String {
        ARN(service: "secretsmanager", region: seenIn, account: account, resource: "secret:\(name)-\(suffix)")
            .description
    }

    /// What due rows of it are found by.
    var key: String { "\(account)/\(region)/\(name)" }

    // MARK: Rows

    static func find(named name: String, account: String, region: String, _ db: Database) throws -> Secret? {
        let sql = "SELECT body FROM secretsmanager_secret WHERE account = ? AND region = ? AND name = ?"
        if let row = try db.row(sql, account, region, name) { return try JSON.parse(row["body"] as String).decoded() }
        guard let replica = try Replica.at(account, region, name, db) else { return nil }
        var secret = try db.row(sql, account, replica.home, name).map {
            try JSON.parse($0["body"] as String).decoded(as: Secret.self)
        }
        secret?.seenIn = region
        secret?.kmsKeyId = replica.kmsKeyId
        return secret
    }

    /// - Parameter id: a name, an ARN, or an ARN without its six random characters.
    static func find(_ id: String, _ context: Context, _ db: Database) throws -> Secret? {
        guard id.hasPrefix("arn:") else {
            try SecretName.check(id)
            return try find(named: id, account: context.account, region: context.region, db)
        }
        guard let arn = ARN(id), arn.service == "secretsmanager", arn.region == context.region,
            arn.resource.hasPrefix("secret:")
        else { return nil }
        let resource = String(arn.resource.dropFirst("secret:".count))
        if let name = SecretName.withoutSuffix(resource),
            let secret = try find(named: name, account: arn.account, region: arn.region, db), secret.arn == id
        {
            return secret
        }
        return try find(named: resource, account: arn.account, region: arn.region, db)
    }

    /// - Throws: ResourceNotFoundException; ValidationException for what cannot be a name.
    static func require(_ id: String, _ context: Context, _ db: Database) throws -> Secret {
        guard let secret = try find(id, context, db) else { throw SecretsManagerError.noSecret }
        return secret
    }

    /// - Throws: InvalidRequestException for one that is marked for deletion.
    static func requireActive(_ id: String, _ context: Context, _ db: Database) throws -> Secret {
        let secret = try require(id, context, db)
        guard secret.deletionMs == nil else { throw SecretsManagerError.marked }
        return secret
    }

    /// - Throws: InvalidParameterException for a replica, which changes with its primary only.
    static func requireWritable(_ id: String, _ context: Context, _ db: Database) throws -> Secret {
        let secret = try requireActive(id, context, db)
        guard !secret.isReplica else { throw SecretsManagerError.replica }
        return secret
    }

    /// Everything that the account has in this region, replicas included.
    static func all(_ context: Context, _ db: Database) throws -> [Secret] {
        let own = try db.rows(
            "SELECT body FROM secretsmanager_secret WHERE account = ? AND region = ?", context.account, context.region
        ).map { try JSON.parse($0["body"] as String).decoded(as: Secret.self) }
        let replicas = try db.rows(
            "SELECT name FROM secretsmanager_replica WHERE account = ? AND region = ? AND failure IS NULL",
            context.account, context.region
        ).compactMap { try find(named: $0["name"], account: context.account, region: context.region, db) }
        return own + replicas
    }

    func save(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO secretsmanager_secret (account, region, name, body) VALUES (?, ?, ?, ?)",
            account, region, name, try JSON(encoding: self).text())
    }

    /// Saves it as changed now.
    mutating func saveChanged(_ transaction: Transaction) throws {
        changedMs = transaction.nowMs
        try save(transaction)
    }

    /// It and all that belongs to it.
    func remove(_ transaction: Transaction) throws {
        for table in ["secretsmanager_secret", "secretsmanager_version"] {
            try transaction.execute(
                "DELETE FROM \(table) WHERE account = ? AND region = ? AND name = ?", account, region, name)
        }
        try transaction.execute(
            "DELETE FROM secretsmanager_replica WHERE account = ? AND home = ? AND name = ?", account, region, name)
        for kind in [Deletion.kind, RotationTimer.kind, RotationStep.kind] {
            try transaction.cancelDue(kind: kind, key: key)
        }
    }
}

/// The rules for names.
enum SecretName {
    private static let others = Set("-/_+=.@!".utf8)
    static let suffixLength = 6

    /// - Throws: ValidationException.
    static func check(_ name: String) throws(AWSError) {
        let isValid = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || others.contains(byte)
        }
        guard isValid, !name.isEmpty else { throw SecretsManagerError.name }
    }

    /// The name in `name-abcdef`; nil where nothing is left.
    static func withoutSuffix(_ resource: String) -> String? {
        let name = resource.dropLast(suffixLength)
        guard name.count > 1, name.last == "-" else { return nil }
        return String(name.dropLast())
    }

    static func suffix(_ context: Context) -> String {
        context.random.text(suffixLength, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    }

    /// The service that owns a managed secret: what stands before the `!`. Only services of Baton itself make them.
    static func owner(_ name: String, _ context: Context) -> String? {
        guard context.request == nil, let mark = name.firstIndex(of: "!") else { return nil }
        return String(name[..<mark])
    }
}
