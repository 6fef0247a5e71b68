import AWSWire
import BatonCore
import BatonStore

/// Takes a deletion back. A rotation that is enabled goes on with its next window. Errors: ResourceNotFoundException.
/// Source: API reference, RestoreSecret.
enum RestoreSecret: WriteOperation {
    struct Input: Decodable, Sendable { let secretId: String }

    typealias Output = Named

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Named> {
        { transaction in
            var secret = try Secret.require(input.secretId, context, transaction.db)
            guard !secret.isReplica else { throw SecretsManagerError.replica }
            try transaction.cancelDue(kind: Deletion.kind, key: secret.key)
            secret.deletionMs = nil
            if var rotation = secret.rotation {
                try rotation.arm(secret, after: transaction.nowMs, transaction)
                secret.rotation = rotation
            }
            try secret.saveChanged(transaction)
            return Named(secret)
        }
    }
}

/// What operations answer that only change something: ARN and name.
struct Named: Encodable, Sendable {
    let arn: String
    let name: String

    init(_ secret: Secret) { (arn, name) = (secret.arn, secret.name) }
}
