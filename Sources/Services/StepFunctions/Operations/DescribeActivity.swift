import AWSWire
import BatonCore
import JSON

/// One activity.
/// Errors: InvalidArn, ActivityDoesNotExist. Source: Step Functions API reference, DescribeActivity.
enum DescribeActivity: Operation {
    struct Input: Decodable, Sendable { let activityArn: String }
    struct Output: Encodable, Sendable {
        let activityArn: String
        let name: String
        let creationDate: Double
        let encryptionConfiguration: EncryptionConfiguration?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        guard let activity = try context.read({ db in try Activity.find(input.activityArn, db) }) else {
            throw StepFunctionsError.activityDoesNotExist(input.activityArn)
        }
        return Output(
            activityArn: activity.arn, name: activity.name, creationDate: activity.createdMs.seconds,
            encryptionConfiguration: activity.encryption)
    }
}
