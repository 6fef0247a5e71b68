import AWSWire
import BatonCore
import BatonStore
import JSON

/// Creates a secret, with a first version when a value is given. The same request again, by its token, is answered as
/// the first.
///
/// Errors: ResourceExistsException, InvalidRequestException (marked for deletion, no token), InvalidParameterException,
/// ValidationException (name), LimitExceededException. Source: API reference, CreateSecret.
enum CreateSecret: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let clientRequestToken: String?
        let description: String?
        let kmsKeyId: String?
        let secretBinary: JSON?
        let secretString: String?
        let tags: [Tag]?
        let addReplicaRegions: [Replica.Wanted]?
        let forceOverwriteReplicaSecret: Bool?
        let type: String?
    }

    struct Output: Encodable, Sendable {
        let arn: String
        let name: String
        let versionId: String?
        let replicationStatus: JSON?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        try SecretName.check(input.name)
        let token = try ClientToken.required(input.clientRequestToken, context)
        let value = try SecretValue.given(input.secretString, input.secretBinary)
        let draft = try value.map { value throws(AWSError) in
            try SecretVersion.Draft(token, value, [StageLabels.current], context)
        }
        var secret = Secret(
            account: context.account, region: context.region, name: input.name, suffix: SecretName.suffix(context),
            seenIn: context.region, description: input.description, kmsKeyId: input.kmsKeyId, type: input.type,
            owningService: SecretName.owner(input.name, context), createdMs: context.nowMs, changedMs: context.nowMs)
        try secret.tag(input.tags ?? [])
        return { [secret] transaction in
            let existing = try Secret.find(
                named: input.name, account: context.account, region: context.region, transaction.db)
            if let existing { return try again(existing, draft, context, transaction) }
            var made = secret
            try made.save(transaction)
            if let draft { _ = try SecretVersion.put(draft, in: &made, context, transaction) }
            try Replica.add(
                input.addReplicaRegions ?? [], to: made, overwrites: input.forceOverwriteReplicaSecret ?? false,
                transaction)
            return Output(
                arn: made.arn, name: made.name, versionId: draft?.id,
                replicationStatus: try Replica.status(of: made, transaction.db))
        }
    }

    /// A secret of this name is there: the same request made it, or it is in the way.
    private static func again(
        _ existing: Secret, _ draft: SecretVersion.Draft?, _ context: Context, _ transaction: Transaction
    ) throws -> Output {
        guard existing.deletionMs == nil else { throw SecretsManagerError.nameIsMarked }
        guard let draft, let version = try SecretVersion.find(draft.id, of: existing, transaction.db),
            try version.value(context) == draft.value
        else { throw SecretsManagerError.secretExists(existing.name) }
        return Output(
            arn: existing.arn, name: existing.name, versionId: version.id,
            replicationStatus: try Replica.status(of: existing, transaction.db))
    }
}
