import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON
import Logging

/// A label of a parameter.
struct Tag: Codable, Equatable, Sendable {
    let key: String
    let value: String
}

/// One version of a parameter.
struct Parameter: Codable, Equatable, Sendable {
    let account: String
    let region: String
    /// As ``ParameterName/key``.
    let key: String
    /// As it was created.
    var name: String
    /// From 1.
    var version: Int
    /// `String`, `StringList` or `SecureString`.
    var type: String
    /// Sealed and in base64 for a SecureString.
    var value: String
    var description: String?
    var keyId: String?
    var allowedPattern: String?
    /// `Standard` or `Advanced`.
    var tier: String
    var policies: [ParameterPolicy] = []
    var dataType: String
    var labels: [String] = []
    var modifiedMs: Int64

    static let secure = "SecureString"

    var isSecure: Bool { type == Self.secure }

    var arn: String { ParameterName.arn(key, account: account, region: region) }

    /// What due rows of it are found by.
    var dueKey: String { Self.dueKey(account, region, key) }

    private static func dueKey(_ account: String, _ region: String, _ key: String) -> String {
        "\(account)/\(region)/\(key)"
    }

    // MARK: Values

    private var purpose: String { "ssm/\(dueKey)" }

    /// - Throws: InvalidKeyId when there is no key to seal it with.
    mutating func seal(_ context: Context) throws(AWSError) {
        guard isSecure else { return }
        do {
            value = Base64.encode(try context.host.vault.seal(Array(value.utf8), for: purpose))
        } catch {
            context.logger.error("a parameter cannot be sealed", metadata: ["error": "\(error)"])
            throw SSMError.key
        }
    }

    /// - Throws: InvalidKeyId when it cannot be opened.
    func plainValue(_ context: Context) throws(AWSError) -> String {
        guard isSecure else { return value }
        do {
            let bytes = try context.host.vault.open(Base64.decode(value) ?? [], for: purpose)
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            context.logger.error("a parameter cannot be opened", metadata: ["error": "\(error)"])
            throw SSMError.key
        }
    }

    // MARK: Reading

    private static func decoded(_ row: Row) throws -> Parameter { try JSON.parse(row["body"] as String).decoded() }

    /// The latest version.
    static func find(_ key: String, account: String, region: String, _ db: Database) throws -> Parameter? {
        try db.row(
            """
            SELECT body FROM ssm_parameter JOIN ssm_version USING (account, region, name, version)
            WHERE account = ? AND region = ? AND name = ?
            """, account, region, key
        ).map(decoded)
    }

    /// - Throws: ParameterNotFound.
    static func require(_ name: String, _ context: Context, _ db: Database) throws -> Parameter {
        let key = try ParameterName(name).key
        guard let parameter = try find(key, account: context.account, region: context.region, db) else {
            throw SSMError.notFound
        }
        return parameter
    }

    /// - Throws: ParameterNotFound, ParameterVersionNotFound.
    static func require(_ reference: ParameterReference, _ db: Database) throws -> Parameter {
        let (key, account, region) = (reference.name.key, reference.account, reference.region)
        guard let latest = try find(key, account: account, region: region, db) else { throw SSMError.notFound }
        switch reference.selector {
        case nil: return latest
        case .version(let number)?:
            guard let found = try latest.version(number, db) else {
                throw SSMError.noVersion(number, reference.name.text)
            }
            return found
        case .label(let label)?:
            guard let found = try latest.versions(db).first(where: { $0.labels.contains(label) }) else {
                throw SSMError.noLabel(label, reference.name.text)
            }
            return found
        }
    }

    func version(_ number: Int, _ db: Database) throws -> Parameter? {
        try db.row(
            "SELECT body FROM ssm_version WHERE account = ? AND region = ? AND name = ? AND version = ?", account,
            region, key, number
        ).map(Self.decoded)
    }

    /// Oldest first.
    func versions(_ db: Database) throws -> [Parameter] {
        try db.rows(
            "SELECT body FROM ssm_version WHERE account = ? AND region = ? AND name = ? ORDER BY version", account,
            region, key
        ).map(Self.decoded)
    }

    /// The latest versions of all parameters with their tags, in the order of their names.
    static func all(_ context: Context, _ db: Database) throws -> [(parameter: Parameter, tags: [Tag])] {
        try db.rows(
            """
            SELECT body, tags FROM ssm_parameter JOIN ssm_version USING (account, region, name, version)
            WHERE account = ? AND region = ? ORDER BY name
            """, context.account, context.region
        ).map { (try decoded($0), try JSON.parse($0["tags"] as String).decoded()) }
    }

    /// nil for a parameter that is not there.
    static func tags(_ key: String, _ context: Context, _ db: Database) throws -> [Tag]? {
        try db.row(
            "SELECT tags FROM ssm_parameter WHERE account = ? AND region = ? AND name = ?", context.account,
            context.region, key
        ).map { try JSON.parse($0["tags"] as String).decoded() }
    }

    // MARK: Writing

    /// Writes this version as it is.
    func saveVersion(_ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO ssm_version (account, region, name, version, body) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (account, region, name, version) DO UPDATE SET body = excluded.body
            """, account, region, key, version, try JSON(encoding: self).text())
    }

    /// Makes this version the latest.
    func saveLatest(tags: [Tag], _ transaction: Transaction) throws {
        try saveVersion(transaction)
        try Self.save(tags: tags, key, account, region, transaction)
        try transaction.execute(
            "UPDATE ssm_parameter SET version = ? WHERE account = ? AND region = ? AND name = ?", version, account,
            region, key)
    }

    static func save(
        tags: [Tag], _ key: String, _ account: String, _ region: String, _ transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO ssm_parameter (account, region, name, version, tags) VALUES (?, ?, ?, 0, ?)
            ON CONFLICT (account, region, name) DO UPDATE SET tags = excluded.tags
            """, account, region, key, try JSON(encoding: tags).text())
    }

    /// Makes room for one version more.
    /// - Throws: ParameterMaxVersionLimitExceeded when the oldest bears a label.
    func dropOldest(_ transaction: Transaction) throws {
        let versions = try versions(transaction.db)
        guard versions.count >= Limits.versions, let oldest = versions.first else { return }
        guard oldest.labels.isEmpty else { throw SSMError.labelledOldest(oldest.version, name) }
        try transaction.execute(
            "DELETE FROM ssm_version WHERE account = ? AND region = ? AND name = ? AND version = ?", account, region,
            key, oldest.version)
    }

    func delete(_ context: Context, _ transaction: Transaction) throws {
        for table in ["ssm_parameter", "ssm_version"] {
            try transaction.execute(
                "DELETE FROM \(table) WHERE account = ? AND region = ? AND name = ?", account, region, key)
        }
        try transaction.cancelDue(kind: PolicyTimer.kind, key: dueKey)
        try tell("Delete", context, transaction)
    }

    /// The event of a change. Source: user guide, Parameter Store events.
    func tell(_ operation: String, _ context: Context, _ transaction: Transaction) throws {
        try context.publish(
            [
                ServiceEvent(
                    source: "aws.ssm", detailType: "Parameter Store Change", resources: [arn],
                    detail: [
                        "operation": .string(operation), "name": .string(name), "type": .string(type),
                        "description": .string(description ?? ""),
                    ])
            ], transaction)
    }
}
