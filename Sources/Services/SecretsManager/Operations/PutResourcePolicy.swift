import AWSWire
import BatonCore
import BatonStore

/// Stores a resource policy. It is checked and shown, but grants and denies nothing.
///
/// Errors: MalformedPolicyDocumentException, PublicPolicyException, ResourceNotFoundException, InvalidRequestException.
/// Source: API reference, PutResourcePolicy.
enum PutResourcePolicy: WriteOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let resourcePolicy: String
        let blockPublicPolicy: Bool?
    }

    typealias Output = Named

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Named> {
        let check = try PolicyCheck.require(input.resourcePolicy)
        if check.isPublic, input.blockPublicPolicy == true {
            // Assumed: the text.
            throw AWSError("PublicPolicyException", "The resource policy allows broad access to the secret.")
        }
        return { transaction in
            var secret = try Secret.requireActive(input.secretId, context, transaction.db)
            guard !secret.isReplica else { throw SecretsManagerError.replica }
            secret.policy = input.resourcePolicy
            try secret.saveChanged(transaction)
            return Named(secret)
        }
    }
}
