import AWSWire
import BatonCore
import BatonStore
import JSON

/// Deletes an activity; one that is not there is no error.
/// Errors: InvalidArn. Source: Step Functions API reference, DeleteActivity.
enum DeleteActivity: WriteOperation {
    struct Input: Decodable, Sendable { let activityArn: String }
    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let place = try Activity.place(input.activityArn)
        return { tx in
            try tx.execute(
                "DELETE FROM sfn_activity WHERE account = ? AND region = ? AND name = ?", place.account, place.region,
                place.name)
            return Nothing()
        }
    }
}
