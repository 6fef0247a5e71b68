import AWSClient
import JSON

/// The calls that keep the run table. A run's key is the id of the SNS message, so that a repeated delivery finds the
/// run of the first.
///
/// Attributes: `runId`, `jobId`, `jobType`, `status`, `dispatchedAt` and `finishedAt` (epoch ms), `targetId`, `error`,
/// `message`, `rowCount`, `attempts`, `replyId` (SQS message that finished it), `awaiting`: the names by which a reply
/// finds its run, there only until that reply is worked off. It is the key of a sparse index, so that the oldest
/// waiting run is found by one query however long the history is.
struct RunTable: Equatable {
    let name: String
    static let awaitingIndex = "awaiting-dispatchedAt"

    private func key(_ runId: String) -> JSON { ["runId": DynamoItem.text(runId)] }

    /// Succeeds for the first attempt only.
    func claim(_ runId: String, jobId: String?, jobType: String?, nowMs: Int64) -> Call {
        var item: JSON.Object = [
            "runId": DynamoItem.text(runId), "status": DynamoItem.text(RunStatus.dispatching.rawValue),
            "dispatchedAt": DynamoItem.number(nowMs), "attempts": DynamoItem.number(1),
        ]
        item["jobId"] = jobId.map(DynamoItem.text)
        item["jobType"] = jobType.map(DynamoItem.text)
        return .aws(
            "dynamodb", "PutItem",
            [
                "TableName": .string(name), "Item": .object(item),
                "ConditionExpression": "attribute_not_exists(runId)",
            ])
    }

    /// Counts one more attempt; succeeds only while the run is not settled.
    func countAttempt(_ runId: String) -> Call {
        update(
            runId, "ADD attempts :one", values: [":one": DynamoItem.number(1)], ifStatus: .dispatching,
            returning: "UPDATED_NEW")
    }

    func read(_ runId: String) -> Call {
        .aws("dynamodb", "GetItem", ["TableName": .string(name), "Key": key(runId), "ConsistentRead": true])
    }

    /// Settles a run that the broker has claimed.
    func settle(_ result: RunResult, awaiting: String?, nowMs: Int64) -> Call {
        var expression = "SET #status = :new"
        var names: JSON.Object = [:]
        var values: JSON.Object = [":new": DynamoItem.text(result.status.rawValue)]
        if let targetId = result.targetId {
            expression += ", targetId = :targetId"
            values[":targetId"] = DynamoItem.text(targetId)
        }
        if let error = result.error {
            expression += ", #error = :error, finishedAt = :now"
            names["#error"] = "error"
            values[":error"] = DynamoItem.text(error)
            values[":now"] = DynamoItem.number(nowMs)
        }
        if let awaiting, result.status == .dispatched {
            expression += ", awaiting = :awaiting"
            values[":awaiting"] = DynamoItem.text(awaiting)
        }
        return update(result.runId, expression, names: names, values: values, ifStatus: .dispatching)
    }

    /// Runs that wait for a reply with these names, the oldest first.
    func waiting(for awaiting: String, after start: JSON?) -> Call {
        var input: JSON.Object = [
            "TableName": .string(name), "IndexName": .string(Self.awaitingIndex),
            "KeyConditionExpression": "awaiting = :awaiting",
            "ExpressionAttributeValues": [":awaiting": DynamoItem.text(awaiting)],
        ]
        input["ExclusiveStartKey"] = start
        return .aws("dynamodb", "Query", .object(input))
    }

    /// Finishes a run by what its engine has replied, unless another reply was faster.
    func finish(_ runId: String, by reply: Reply, replyId: String, nowMs: Int64) -> Call {
        var expression = "SET #status = :new, finishedAt = :now, replyId = :replyId"
        var names: JSON.Object = [:]
        var values: JSON.Object = [
            ":new": DynamoItem.text(reply.status.rawValue), ":now": DynamoItem.number(nowMs),
            ":replyId": DynamoItem.text(replyId),
        ]
        if let rowCount = reply.rowCount {
            expression += ", rowCount = :rowCount"
            values[":rowCount"] = DynamoItem.number(Int64(rowCount))
        }
        if let message = reply.message {
            expression += ", #message = :message"
            names["#message"] = "message"
            values[":message"] = DynamoItem.text(message)
        }
        return update(runId, expression, names: names, values: values, ifStatus: .dispatched)
    }

    /// Takes a finished run out of those that wait.
    func release(_ runId: String) -> Call {
        .aws(
            "dynamodb", "UpdateItem",
            ["TableName": .string(name), "Key": key(runId), "UpdateExpression": "REMOVE awaiting"])
    }

    private func update(
        _ runId: String, _ expression: String, names: JSON.Object = [:], values: JSON.Object, ifStatus: RunStatus,
        returning: String? = nil
    ) -> Call {
        var input: JSON.Object = [
            "TableName": .string(name), "Key": key(runId), "UpdateExpression": .string(expression),
            "ConditionExpression": "#status = :expected",
            "ExpressionAttributeNames": .object(names.setting("#status", "status")),
            "ExpressionAttributeValues": .object(
                values.setting(":expected", DynamoItem.text(ifStatus.rawValue))),
        ]
        input["ReturnValues"] = returning.map(JSON.string)
        return .aws("dynamodb", "UpdateItem", .object(input))
    }
}
