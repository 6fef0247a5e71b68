import AWSWire
import BatonCore
import BatonStore

/// Says which version of a managed policy is in force. Errors: NoSuchEntity. Source: API reference, SetDefaultPolicyVersion.
enum SetDefaultPolicyVersion: WriteOperation {
    struct Input: Decodable, Sendable {
        let policyArn: String
        let versionId: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        ManagedPolicy.change(input.policyArn, context) { policy, transaction in
            policy.setDefault(try policy.version(input.versionId).id, nowMs: transaction.nowMs)
            return Nothing()
        }
    }
}
