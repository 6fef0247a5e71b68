import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A policy of its own, with versions: the account's, or one of AWS's.
///
/// Limit: 5 versions. Assumed: any ARN of AWS's own policies exists; its text allows everything.
struct ManagedPolicy {
    struct Version {
        let id: String
        let document: String
        let createdMs: Int64

        func json(isDefault: Bool, withDocument: Bool = true) -> JSON {
            var answer: JSON = [
                "VersionId": .string(id), "IsDefaultVersion": .bool(isDefault),
                "CreateDate": .number(Int(createdMs / 1000)),
            ]
            if withDocument { answer["Document"] = .string(PolicyDocument.encoded(document)) }
            return answer
        }
    }

    static let maxVersions = 5

    let arn: String
    /// nil for AWS's own.
    private(set) var entity: Entity?

    // MARK: Finding

    static func name(of arn: String) -> String { arn.split(separator: "/").last.map(String.init) ?? arn }

    /// `/service-role/` of `arn:aws:iam::aws:policy/service-role/Name`.
    static func path(of arn: String) -> String {
        guard let start = arn.firstIndex(of: "/"), let end = arn.lastIndex(of: "/") else { return "/" }
        return String(arn[start...end])
    }

    static func find(_ arn: String, _ account: String, _ db: Database) throws -> ManagedPolicy? {
        if arn.hasPrefix("arn:aws:iam::aws:policy/") { return ManagedPolicy(arn: arn, entity: nil) }
        guard let parsed = ARN(arn), parsed.service == "iam", parsed.resource.hasPrefix("policy/") else {
            throw IAMError.invalid("Invalid ARN: \(arn)")
        }
        let entity = try Entity.find(.policy, name(of: arn), parsed.account, db)
        guard let entity, entity.arn == arn else { return nil }
        return ManagedPolicy(arn: arn, entity: entity)
    }

    /// - Throws: NoSuchEntity.
    static func existing(_ arn: String, _ account: String, _ db: Database) throws -> ManagedPolicy {
        guard let found = try find(arn, account, db) else { throw Kind.policy.notFound(arn) }
        return found
    }

    /// The write that changes one of the account's own.
    static func change<T>(
        _ arn: String, _ context: Context,
        _ change: @escaping @Sendable (inout ManagedPolicy, Transaction) throws -> T
    ) -> Write<T> {
        { transaction in
            var policy = try existing(arn, context.account, transaction.db)
            guard policy.entity != nil else {
                throw AWSError("AccessDenied", "AWS managed policies cannot be changed.", status: 403)
            }
            let result = try change(&policy, transaction)
            try policy.entity?.update(transaction)
            return result
        }
    }

    // MARK: Versions

    static func body(_ document: String, nowMs: Int64) -> JSON {
        [
            "versions": [["id": "v1", "document": .string(document), "at": .number(Int(nowMs))]], "default": "v1",
            "next": 2, "updated": .number(Int(nowMs)),
        ]
    }

    private static let everything =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#

    var versions: [Version] {
        guard let entity else { return [Version(id: "v1", document: Self.everything, createdMs: 0)] }
        return (entity.body["versions"]?.array ?? []).map {
            Version(
                id: $0["id"]?.string ?? "", document: $0["document"]?.string ?? "",
                createdMs: Int64($0["at"]?.int ?? 0))
        }
    }

    var defaultVersion: String { entity?.body["default"]?.string ?? "v1" }

    func version(_ id: String) throws(AWSError) -> Version {
        guard let found = versions.first(where: { $0.id == id }) else {
            throw IAMError.notFound("Policy \(arn) version \(id) does not exist or is not attachable.")
        }
        return found
    }

    mutating func add(_ document: String, asDefault: Bool, nowMs: Int64) throws(AWSError) -> Version {
        guard versions.count < Self.maxVersions else {
            throw IAMError.limit(
                "A managed policy can have up to \(Self.maxVersions) versions. Before you create a new version, you "
                    + "must delete an existing version.")
        }
        let number = entity?.body["next"]?.int ?? 2
        let version = Version(id: "v\(number)", document: document, createdMs: nowMs)
        let kept: JSON = [
            "id": .string(version.id), "document": .string(document), "at": .number(Int(nowMs)),
        ]
        let older = entity?.body["versions"]?.array ?? []
        entity?.body["versions"] = .array([kept] + older)
        entity?.body["next"] = .number(number + 1)
        if asDefault { setDefault(version.id, nowMs: nowMs) }
        return version
    }

    mutating func setDefault(_ id: String, nowMs: Int64) {
        entity?.body["default"] = .string(id)
        entity?.body["updated"] = .number(Int(nowMs))
    }

    mutating func remove(_ id: String) {
        let kept = (entity?.body["versions"]?.array ?? []).filter { $0["id"]?.string != id }
        entity?.body["versions"] = .array(kept)
    }

    // MARK: As AWS answers it

    /// - Parameter account: whose attachments are counted.
    func shown(_ account: String, _ db: Database, isListed: Bool = false) throws -> JSON {
        let created = Int((entity?.createdMs ?? 0) / 1000)
        var answer: JSON = [
            "PolicyName": .string(Self.name(of: arn)), "PolicyId": .string(entity?.id ?? Self.madeUpId(arn)),
            "Arn": .string(arn), "Path": .string(Self.path(of: arn)), "DefaultVersionId": .string(defaultVersion),
            "AttachmentCount": .number(try Link.attachment.holders(of: arn, account, db).count),
            "PermissionsBoundaryUsageCount": .number(try Entity.bounded(by: arn, account, db).count),
            "IsAttachable": true, "CreateDate": .number(created),
            "UpdateDate": .number(entity?.body["updated"]?.int.map { $0 / 1000 } ?? created),
        ]
        guard !isListed, let entity else { return answer }
        answer["Description"] = entity.body["description"]
        answer["Tags"] = .array(entity.tags.map(\.json))
        return answer
    }

    /// The same id each time for one of AWS's policies.
    private static func madeUpId(_ arn: String) -> String {
        var hash = arn.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        let bytes = (0..<17).map { _ -> UInt8 in
            defer { hash = hash &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
            return alphabet[Int(hash >> 59)]
        }
        return "ANPA" + String(decoding: bytes, as: UTF8.self)
    }
}
