import AWSClient
import JSON
import LambdaRuntime

/// `getJobSchedule`: the start message → the schedule, or on a restart the run, that it names.
struct Retriever: Sendable {
    let settings: Settings
    let aws: AWSClient

    /// Gets `{"scheduleId", "startDateTime"?, "scheduleStatus"?, "executionArn"?}`, returns the whole document. What
    /// cannot be found or read becomes a document whose status is FAILED.
    @Sendable func handle(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        let message = Schedule(event)
        let isRestart = message.status == .restart
        var key: JSON.Object = ["scheduleId": DynamoItem.text(message.id)]
        if isRestart { key["startDateTime"] = DynamoItem.text(message[.started] ?? Schedule.unset) }
        let table = try settings.value(isRestart ? .historyTable : .scheduleTable)
        var schedule: Schedule
        do {
            let input: JSON = ["TableName": .string(table), "Key": .object(key), "ConsistentRead": true]
            guard let item = try await aws.call("dynamodb", "GetItem", input)["Item"] else {
                return failed(message, "Error: schedule record not found")
            }
            schedule = Schedule(DynamoItem.plain(item: item))
        } catch { return failed(message, "Error: \(error.message)") }
        if isRestart { schedule.status = .restart }
        schedule[.executionArn] = message[.executionArn]
        return schedule.json
    }

    private func failed(_ message: Schedule, _ text: String) -> JSON {
        var schedule = message
        schedule.fail(text)
        return schedule.json
    }
}
