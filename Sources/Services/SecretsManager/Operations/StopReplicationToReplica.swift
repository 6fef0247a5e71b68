import AWSWire
import BatonCore
import BatonStore

/// Makes a replica a secret of its own, with all versions of its primary. Called in the replica's region.
///
/// Assumed: the text for a secret that is no replica. Errors: ResourceNotFoundException, InvalidRequestException. Source:
/// API reference, StopReplicationToReplica.
enum StopReplicationToReplica: WriteOperation {
    struct Input: Decodable, Sendable { let secretId: String }
    struct Output: Encodable, Sendable { let arn: String }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        { transaction in
            let replica = try Secret.requireActive(input.secretId, context, transaction.db)
            guard replica.isReplica else {
                throw SecretsManagerError.request("The secret \(replica.name) is not a replica.")
            }
            let own = Secret(
                account: replica.account, region: replica.seenIn, name: replica.name, suffix: replica.suffix,
                seenIn: replica.seenIn, description: replica.description, kmsKeyId: replica.kmsKeyId,
                type: replica.type, tags: replica.tags, policy: replica.policy, createdMs: transaction.nowMs,
                changedMs: transaction.nowMs)
            try Replica.remove(own.region, of: replica, transaction)
            try own.save(transaction)
            try transaction.execute(
                """
                INSERT INTO secretsmanager_version
                    (account, region, name, id, stages, kms_key, created_ms, is_binary, sealed)
                SELECT account, ?, name, id, stages, ?, created_ms, is_binary, sealed FROM secretsmanager_version
                WHERE account = ? AND region = ? AND name = ? ORDER BY number
                """, own.region, own.kmsKeyId, replica.account, replica.region, replica.name)
            return Output(arn: own.arn)
        }
    }
}
