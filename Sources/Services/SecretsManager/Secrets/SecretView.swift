import AWSWire
import BatonStore
import GRDB
import JSON

/// What callers see of a secret.
struct SecretView {
    let secret: Secret
    let versions: [SecretVersion]
    let replicas: JSON?

    init(_ secret: Secret, _ db: Database) throws {
        self.secret = secret
        versions = try SecretVersion.all(of: secret, db)
        replicas = try Replica.status(of: secret, db)
    }

    var accessedMs: Int64? { versions.compactMap(\.accessedMs).max() }

    var described: JSON {
        var result = common
        result["VersionIdsToStages"] = stages
        result["ReplicationStatus"] = replicas
        return result
    }

    var listed: JSON {
        var result = common
        result["SecretVersionsToStages"] = stages
        return result
    }

    /// Only versions that bear a label.
    private var stages: JSON? {
        let labelled = versions.filter { !$0.stages.isEmpty }
        guard !labelled.isEmpty else { return nil }
        return .object(JSON.Object(labelled.map { ($0.id, .array($0.stages.map { .string($0) })) }))
    }

    private var common: JSON {
        var result: JSON = [
            "ARN": .string(secret.arn), "Name": .string(secret.name),
            "CreatedDate": .number(Timestamp.number(secret.createdMs)),
            "LastChangedDate": .number(Timestamp.number(secret.changedMs)),
        ]
        result["Description"] = secret.description.map { .string($0) }
        result["KmsKeyId"] = secret.kmsKeyId.map { .string($0) }
        result["Type"] = secret.type.map { .string($0) }
        result["OwningService"] = secret.owningService.map { .string($0) }
        result["LastAccessedDate"] = accessedMs.map { .number(Timestamp.number($0)) }
        result["DeletedDate"] = secret.deletionMs.map { .number(Timestamp.number($0)) }
        if !secret.tags.isEmpty {
            result["Tags"] = .array(secret.tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
        }
        if replicas != nil || secret.isReplica { result["PrimaryRegion"] = .string(secret.region) }
        secret.rotation?.describe(into: &result)
        return result
    }
}
