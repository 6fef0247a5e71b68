import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds a version; it becomes AWSCURRENT unless it is given other labels. The same value under the same token again
/// changes nothing.
///
/// Errors: ResourceNotFoundException, ResourceExistsException, InvalidRequestException, InvalidParameterException,
/// LimitExceededException. Source: API reference, PutSecretValue.
enum PutSecretValue: WriteOperation {
    struct Input: Decodable, Sendable {
        let secretId: String
        let clientRequestToken: String?
        let secretBinary: JSON?
        let secretString: String?
        let versionStages: [String]?
    }

    struct Output: Encodable, Sendable {
        let arn: String
        let name: String
        let versionId: String
        let versionStages: [String]
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let token = try ClientToken.required(input.clientRequestToken, context)
        guard let value = try SecretValue.given(input.secretString, input.secretBinary) else {
            throw SecretsManagerError.noValue
        }
        let draft = try SecretVersion.Draft(token, value, input.versionStages ?? [StageLabels.current], context)
        return { transaction in
            var secret = try Secret.requireWritable(input.secretId, context, transaction.db)
            let stages = try SecretVersion.put(draft, in: &secret, context, transaction)
            return Output(arn: secret.arn, name: secret.name, versionId: draft.id, versionStages: stages)
        }
    }
}
