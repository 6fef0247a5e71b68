import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A role, user, group, instance profile or managed policy as it is stored.
///
/// Names are unique in an account without regard to case. What only one kind has is in `body`.
struct Entity: Sendable {
    let account: String
    let kind: Kind
    var name: String
    var path: String
    let id: String
    let createdMs: Int64
    var body: JSON

    var key: String { name.lowercased() }
    var arn: String { "arn:aws:iam::\(account):\(kind.rawValue)\(path)\(name)" }

    /// A new one.
    init(_ kind: Kind, _ name: String, path: String?, body: JSON, _ context: Context) {
        account = context.account
        self.kind = kind
        self.name = name
        self.path = path ?? "/"
        id = kind.idPrefix + context.random.text(17, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        createdMs = context.nowMs
        self.body = body
    }

    init(_ row: Row) {
        account = row["account"]
        kind = Kind(rawValue: row["kind"]) ?? .role
        name = row["name"]
        path = row["path"]
        id = row["id"]
        createdMs = row["created_ms"]
        body = (try? JSON.parse(row["body"] as String)) ?? [:]
    }

    // MARK: Finding

    static func find(_ kind: Kind, _ name: String, _ account: String, _ db: Database) throws -> Entity? {
        try db.row(
            "SELECT * FROM iam_entity WHERE account = ? AND kind = ? AND key = ?", account, kind.rawValue,
            name.lowercased()
        ).map(Entity.init)
    }

    /// - Throws: NoSuchEntity in the words of the kind.
    static func existing(_ kind: Kind, _ name: String, _ account: String, _ db: Database) throws -> Entity {
        guard let found = try find(kind, name, account, db) else { throw kind.notFound(name) }
        return found
    }

    static func all(_ kind: Kind, _ account: String, pathPrefix: String?, _ db: Database) throws -> [Entity] {
        try db.rows(
            "SELECT * FROM iam_entity WHERE account = ? AND kind = ? ORDER BY key", account, kind.rawValue
        ).map(Entity.init).filter { $0.path.hasPrefix(pathPrefix ?? "/") }
    }

    /// The roles and users whose permissions boundary is the policy.
    static func bounded(by policy: String, _ account: String, _ db: Database) throws -> [Entity] {
        try [Kind.role, .user].flatMap { try all($0, account, pathPrefix: nil, db) }.filter {
            $0.body["boundary"] == .string(policy)
        }
    }

    // MARK: Storing

    /// - Throws: EntityAlreadyExists in the words of the kind.
    func insert(_ transaction: Transaction) throws {
        guard try Self.find(kind, name, account, transaction.db) == nil else { throw kind.exists(name) }
        try transaction.execute(
            """
            INSERT INTO iam_entity (account, kind, key, name, path, id, created_ms, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, account, kind.rawValue, key, name, path, id, createdMs, body.text())
    }

    /// Stores what may change; `oldKey` is that of the name before a renaming.
    func update(_ transaction: Transaction, oldKey: String? = nil) throws {
        try transaction.execute(
            "UPDATE iam_entity SET key = ?, name = ?, path = ?, body = ? WHERE account = ? AND kind = ? AND key = ?",
            key, name, path, body.text(), account, kind.rawValue, oldKey ?? key)
    }

    /// Gives a user or a group another name or path, with all that is attached to it.
    /// - Throws: NoSuchEntity, EntityAlreadyExists.
    static func rename(
        _ kind: Kind, _ name: String, to newName: String?, path: String?, _ context: Context,
        _ follow: @escaping @Sendable (_ old: Entity, _ new: Entity, Transaction) throws -> Void
    ) -> Write<Nothing> {
        { transaction in
            let old = try existing(kind, name, context.account, transaction.db)
            var new = old
            new.name = newName ?? old.name
            new.path = path ?? old.path
            if new.key != old.key, try find(kind, new.name, new.account, transaction.db) != nil {
                throw kind.exists(new.name)
            }
            try new.update(transaction, oldKey: old.key)
            try transaction.execute(
                "UPDATE iam_link SET holder = ? WHERE account = ? AND relation = 'attachment' AND holder = ?",
                Attachments.holder(new), new.account, Attachments.holder(old))
            try follow(old, new, transaction)
            return Nothing()
        }
    }

    func delete(_ transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM iam_entity WHERE account = ? AND kind = ? AND key = ?", account, kind.rawValue, key)
    }

    /// The write that every change of one entity is.
    static func change(
        _ kind: Kind, _ name: String, _ context: Context,
        _ change: @escaping @Sendable (inout Entity, Transaction) throws -> Void
    ) -> Write<Nothing> {
        { transaction in
            var entity = try existing(kind, name, context.account, transaction.db)
            try change(&entity, transaction)
            try entity.update(transaction)
            return Nothing()
        }
    }
}

// MARK: As AWS answers it

extension Entity {
    /// What lists answer.
    var listed: JSON {
        var answer: JSON = [
            "Path": .string(path), "\(kind.member)Name": .string(name), "\(kind.member)Id": .string(id),
            "Arn": .string(arn), "CreateDate": .number(Int(createdMs / 1000)),
        ]
        if kind == .role {
            answer["AssumeRolePolicyDocument"] = body["trust"].map { .string(PolicyDocument.encoded($0.string ?? "")) }
            answer["Description"] = body["description"]
            answer["MaxSessionDuration"] = body["maxSessionDuration"]
        }
        return answer
    }

    /// What the answers about one alone contain.
    var shown: JSON {
        var answer = listed
        if let boundary = body["boundary"] {
            answer["PermissionsBoundary"] = [
                "PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": boundary,
            ]
        }
        if !tags.isEmpty { answer["Tags"] = .array(tags.map(\.json)) }
        if kind == .role { answer["RoleLastUsed"] = [:] }
        return answer
    }
}
