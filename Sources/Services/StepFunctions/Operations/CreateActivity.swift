import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Creates an activity; asking again answers the one that exists (other tags are not looked at).
/// Errors: InvalidName, ActivityAlreadyExists (with another encryption), InvalidEncryptionConfiguration, TooManyTags.
/// Source: Step Functions API reference, CreateActivity.
enum CreateActivity: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let tags: [Tag]?
        let encryptionConfiguration: EncryptionConfiguration?
    }
    struct Output: Encodable, Sendable {
        let activityArn: String
        let creationDate: Double
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        try ResourceName.check(input.name)
        let arn = Activity.arn(account: context.account, region: context.region, name: input.name)
        let encryption = try input.encryptionConfiguration?.checked()
        let tags = try Tag.merged([], input.tags ?? [], arn: arn)
        let (account, region) = (context.account, context.region)
        return { tx in
            if let activity = try Activity.find(arn, tx.db) {
                guard activity.encryption == encryption else { throw StepFunctionsError.activityAlreadyExists(arn) }
                return Output(activityArn: arn, creationDate: activity.createdMs.seconds)
            }
            try tx.execute(
                """
                INSERT INTO sfn_activity (account, region, name, tags, encryption, created_ms)
                VALUES (?, ?, ?, ?, ?, ?)
                """, account, region, input.name, StoredJSON.text(tags), StoredJSON.text(encryption), tx.nowMs)
            return Output(activityArn: arn, creationDate: tx.nowMs.seconds)
        }
    }
}
