import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes replicas. Errors: ResourceNotFoundException, InvalidRequestException, InvalidParameterException. Source: API
/// reference, RemoveRegionsFromReplication.
enum RemoveRegionsFromReplication: WriteOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let removeReplicaRegions: [String]
    }

    typealias Output = ReplicateSecretToRegions.Output

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        { transaction in
            let secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            for region in input.removeReplicaRegions { try Replica.remove(region, of: secret, transaction) }
            return ReplicateSecretToRegions.Output(
                arn: secret.arn, replicationStatus: try Replica.status(of: secret, transaction.db) ?? [])
        }
    }
}
