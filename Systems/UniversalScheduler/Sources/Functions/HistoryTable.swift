import AWSClient
import JSON

/// `BatchScheduleHistory`: one row for each run, the full document under `scheduleId` and `startDateTime`.
struct HistoryTable: Sendable {
    let name: String
    let aws: AWSClient

    func put(_ schedule: Schedule) async throws(AWSError) {
        _ = try await aws.call("dynamodb", "PutItem", ["TableName": .string(name), "Item": item(schedule)])
    }

    /// Writes the row of a submission that begins.
    /// - Returns: false when the same submission has begun before and was cut off.
    func begin(_ schedule: Schedule) async throws(AWSError) -> Bool {
        do {
            _ = try await aws.call(
                "dynamodb", "PutItem",
                [
                    "TableName": .string(name), "Item": item(schedule),
                    "ConditionExpression": "attribute_not_exists(submission) OR submission <> :submission",
                    "ExpressionAttributeValues": [
                        ":submission": DynamoItem.text(schedule[.submission] ?? Schedule.unset)
                    ],
                ])
            return true
        } catch  where error.code == "ConditionalCheckFailedException" { return false }
    }

    private func item(_ schedule: Schedule) -> JSON { DynamoItem.typed(item: schedule.json.object ?? [:]) }
}
