import AWSWire
import BatonCore
import BatonStore

/// Removes a version that is not in force. Errors: NoSuchEntity, DeleteConflict. Source: API reference, DeletePolicyVersion.
enum DeletePolicyVersion: WriteOperation {
    struct Input: Decodable, Sendable {
        let policyArn: String
        let versionId: String
    }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        ManagedPolicy.change(input.policyArn, context) { policy, _ in
            let version = try policy.version(input.versionId)
            guard version.id != policy.defaultVersion else { throw IAMError.defaultVersion }
            policy.remove(version.id)
            return Nothing()
        }
    }
}
