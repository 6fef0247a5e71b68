import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes description, key or type, and adds a version that becomes AWSCURRENT when a value is given.
///
/// Errors: ResourceNotFoundException, ResourceExistsException, InvalidRequestException, InvalidParameterException,
/// LimitExceededException. Source: API reference, UpdateSecret.
enum UpdateSecret: WriteOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let clientRequestToken: String?
        let description: String?
        let kmsKeyId: String?
        let secretBinary: JSON?
        let secretString: String?
        let type: String?
    }

    struct Output: Encodable, Sendable {
        let arn: String
        let name: String
        let versionId: String?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let token = try ClientToken.required(input.clientRequestToken, context)
        let draft = try SecretValue.given(input.secretString, input.secretBinary).map { value throws(AWSError) in
            try SecretVersion.Draft(token, value, [StageLabels.current], context)
        }
        return { transaction in
            var secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            secret.description = input.description ?? secret.description
            secret.kmsKeyId = input.kmsKeyId ?? secret.kmsKeyId
            secret.type = input.type ?? secret.type
            if let draft { _ = try SecretVersion.put(draft, in: &secret, context, transaction) }
            try secret.saveChanged(transaction)
            return Output(arn: secret.arn, name: secret.name, versionId: draft?.id)
        }
    }
}
