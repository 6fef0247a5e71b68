import AWSWire
import BatonCore
import BatonStore

/// Removes a managed policy that is attached to nobody and has one version.
///
/// Errors: NoSuchEntity, DeleteConflict. Source: API reference, DeletePolicy.
enum DeletePolicy: WriteOperation {
    struct Input: Decodable, Sendable { let policyArn: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        ManagedPolicy.change(input.policyArn, context) { policy, transaction in
            guard try Link.attachment.holders(of: policy.arn, context.account, transaction.db).isEmpty else {
                throw IAMError.policyInUse
            }
            guard policy.versions.count == 1 else { throw IAMError.policyHasVersions }
            try policy.entity?.delete(transaction)
            return Nothing()
        }
    }
}
