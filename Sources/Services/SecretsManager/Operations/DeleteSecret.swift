import AWSWire
import BatonCore
import BatonStore
import JSON

/// Marks a secret for deletion after its recovery window (7–30 days, 30 by default), or deletes it at once. A replica
/// goes at once.
///
/// A forced deletion of what is not there succeeds. Errors: ResourceNotFoundException, InvalidParameterException,
/// InvalidRequestException. Source: API reference, DeleteSecret.
enum DeleteSecret: WriteOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let recoveryWindowInDays: Int?
        let forceDeleteWithoutRecovery: Bool?
    }

    struct Output: Encodable, Sendable {
        let arn: String
        let name: String
        let deletionDate: JSON

        init(_ arn: String, _ name: String, _ ms: Int64) {
            self.arn = arn
            self.name = name
            deletionDate = .number(Timestamp.number(ms))
        }
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let isForced = input.forceDeleteWithoutRecovery ?? false
        let days = input.recoveryWindowInDays
        if isForced, days != nil {
            throw SecretsManagerError.parameter(
                "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
        }
        guard Limits.recoveryDays.contains(days ?? Limits.defaultRecoveryDays) else {
            throw SecretsManagerError.parameter(
                "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
        }
        let suffix = SecretName.suffix(context)
        return { transaction in
            guard var secret = try Secret.find(input.secretId, context, transaction.db) else {
                guard isForced else { throw SecretsManagerError.noSecret }
                let arn = context.arn("secretsmanager", "secret:\(input.secretId)-\(suffix)").description
                let id = input.secretId
                return Output(id.hasPrefix("arn:") ? id : arn, id, transaction.nowMs)
            }
            guard isForced || secret.deletionMs == nil else { throw SecretsManagerError.alreadyMarked }
            guard !secret.isReplica else {
                try Replica.remove(context.region, of: secret, transaction)
                return Output(secret.arn, secret.name, transaction.nowMs)
            }
            let regions = try Replica.all(of: secret, transaction.db).map(\.region)
            guard regions.isEmpty else {
                throw SecretsManagerError.parameter(
                    "You can't delete secret \(secret.name) that still has replica regions "
                        + "[\(regions.joined(separator: ", "))]")
            }
            guard !isForced else {
                try secret.remove(transaction)
                return Output(secret.arn, secret.name, transaction.nowMs)
            }
            let deletionMs = transaction.nowMs + Int64(days ?? Limits.defaultRecoveryDays) * Limits.dayMs
            secret.deletionMs = deletionMs
            try secret.saveChanged(transaction)
            try Deletion.schedule(secret, atMs: deletionMs, transaction)
            return Output(secret.arn, secret.name, deletionMs)
        }
    }
}
