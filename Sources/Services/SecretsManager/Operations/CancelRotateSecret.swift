import AWSWire
import BatonCore
import BatonStore

/// Turns rotation off and stops the one in progress, whose version stays AWSPENDING. Errors: ResourceNotFoundException,
/// InvalidRequestException. Source: API reference, CancelRotateSecret.
enum CancelRotateSecret: WriteOperation {
    struct Input: Decodable, Sendable { let secretId: String }

    struct Output: Encodable, Sendable {
        let arn: String
        let name: String
        let versionId: String?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        { transaction in
            var secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            guard secret.rotation != nil else {
                throw SecretsManagerError.request(
                    "No Lambda rotation function ARN is associated with this secret.")
            }
            for kind in [RotationTimer.kind, RotationStep.kind] {
                try transaction.cancelDue(kind: kind, key: secret.key)
            }
            secret.rotation?.isEnabled = false
            secret.rotation?.nextMs = nil
            try secret.saveChanged(transaction)
            let pending = RotationStep.pending(try SecretVersion.labels(of: secret, transaction.db))
            return Output(arn: secret.arn, name: secret.name, versionId: pending)
        }
    }
}
