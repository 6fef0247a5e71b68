import AWSWire
import BatonCore
import BatonStore
import JSON

/// Shows a secret in other regions of this Baton; they are in sync at once. Errors: ResourceNotFoundException,
/// InvalidRequestException, InvalidParameterException. Source: API reference, ReplicateSecretToRegions.
enum ReplicateSecretToRegions: WriteOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let addReplicaRegions: [Replica.Wanted]
        let forceOverwriteReplicaSecret: Bool?
    }

    struct Output: Encodable, Sendable {
        let arn: String
        let replicationStatus: JSON
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        { transaction in
            let secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            try Replica.add(
                input.addReplicaRegions, to: secret, overwrites: input.forceOverwriteReplicaSecret ?? false,
                transaction)
            return Output(
                arn: secret.arn, replicationStatus: try Replica.status(of: secret, transaction.db) ?? [])
        }
    }
}
