import AWSWire
import BatonCore
import BatonStore

/// Moves a staging label, attaches or detaches it. Where the label is on a version, the caller must name that version;
/// AWSCURRENT can only be moved.
///
/// Errors: ResourceNotFoundException, InvalidParameterException, LimitExceededException. Source: API reference,
/// UpdateSecretVersionStage.
enum UpdateSecretVersionStage: WriteOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let versionStage: String
        let removeFromVersionId: String?
        let moveToVersionId: String?
    }

    typealias Output = Named

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Named> {
        { transaction in
            var secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            var labels = try SecretVersion.labels(of: secret, transaction.db)
            let holder = labels.holder(of: input.versionStage)
            try check(input, holder: holder, known: Set(labels.versions.keys))
            if let target = input.moveToVersionId {
                labels.attach([input.versionStage], to: target)
            } else if let source = input.removeFromVersionId {
                labels.detach(input.versionStage, from: source)
            }
            try SecretVersion.save(labels, of: secret, transaction)
            if input.versionStage == StageLabels.current { try secret.valueChanged(context, transaction) }
            try secret.saveChanged(transaction)
            return Named(secret)
        }
    }

    /// Assumed: all texts but those of AWSCURRENT and of a missing RemoveFromVersionId.
    private static func check(_ input: Input, holder: String?, known: Set<String>) throws(AWSError) {
        let (label, source, target) = (input.versionStage, input.removeFromVersionId, input.moveToVersionId)
        for id in [source, target].compactMap({ $0 }) where !known.contains(id) {
            throw SecretsManagerError.noVersion(id)
        }
        guard source != nil || target != nil else {
            throw SecretsManagerError.parameter("You must provide RemoveFromVersionId or MoveToVersionId.")
        }
        if let source, source != holder {
            throw SecretsManagerError.parameter("Staging label \(label) isn't attached to version \(source).")
        }
        guard let target else {
            guard label != StageLabels.current else {
                throw SecretsManagerError.parameter(
                    "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely "
                        + "removed.")
            }
            return
        }
        guard holder == nil || holder == target || source == holder else {
            throw SecretsManagerError.parameter(
                "The parameter RemoveFromVersionId can't be empty. Staging label \(label) is currently attached to "
                    + "version \(holder ?? ""), so you must explicitly reference that version in "
                    + "RemoveFromVersionId.")
        }
    }
}
