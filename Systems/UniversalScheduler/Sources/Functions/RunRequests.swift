import AWSClient
import JSON
import LambdaRuntime
import Logging

/// Runs asked for by a row: an HTTP request puts it, the table's stream starts the run.
struct RunRequests: Sendable {
    let settings: Settings
    let aws: AWSClient
    let logger: Logger

    /// POST `/runrequests` with `{"scheduleId", "startDateTime"?, "scheduleStatus"?, "requestedBy"?}`: answers 202 with
    /// the row. Its key is the id of the request.
    @Sendable func accept(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        let body = (event["body"]?.string).flatMap { text in
            let decoded = event["isBase64Encoded"]?.bool == true ? Base64.decode(text) : Array(text.utf8)
            return decoded.flatMap { try? JSON.parse($0) }
        }
        guard let body, let scheduleId = body["scheduleId"].flatMap(Schedule.text) else {
            return Self.answer(400, ["message": "The body needs a scheduleId"])
        }
        let requestContext = event["requestContext"]
        var row: JSON.Object = [
            "runRequestID": requestContext?["requestId"] ?? .string(context.requestId),
            "scheduleId": .string(scheduleId),
            "timestamp": .string(Moment.text(epochMs: aws.surroundings.nowMs())),
        ]
        row["requestedBy"] = body["requestedBy"] ?? requestContext?["http"]?["sourceIp"]
        for name in ["startDateTime", "scheduleStatus"] where body[name].flatMap(Schedule.text) != nil {
            row[name] = body[name]
        }
        _ = try await aws.call(
            "dynamodb", "PutItem",
            ["TableName": .string(settings.value(.requestTable)), "Item": DynamoItem.typed(item: row)])
        return Self.answer(202, .object(row))
    }

    private static func answer(_ status: Int, _ body: JSON) -> JSON {
        [
            "statusCode": .number(status), "headers": ["content-type": "application/json"],
            "body": .string(body.text()),
        ]
    }

    /// Each inserted row becomes one execution. Its name is made of the row's key: a record that comes again starts
    /// nothing.
    @Sendable func start(_ event: JSON, _ context: LambdaContext) async throws -> JSON {
        let machine = try settings.value(.stateMachineArn)
        var started: [JSON] = []
        for record in event["Records"]?.array ?? [] where record["eventName"]?.string == "INSERT" {
            let row = DynamoItem.plain(item: record["dynamodb"]?["NewImage"] ?? [:])
            guard let name = Self.executionName(row) else {
                logger.error("a run request without scheduleId", metadata: ["row": "\(row)"])
                continue
            }
            if let arn = try await startExecution(of: machine, name, Self.startMessage(row)) { started.append(arn) }
        }
        return .array(started)
    }

    /// - Returns: nil when the execution has been started before.
    private func startExecution(of machine: String, _ name: String, _ input: JSON) async throws(AWSError) -> JSON? {
        do {
            return try await aws.call(
                "stepfunctions", "StartExecution",
                ["stateMachineArn": .string(machine), "name": .string(name), "input": .string(input.text())]
            )["executionArn"]
        } catch  where error.code == "ExecutionAlreadyExists" {
            logger.info("already started", metadata: ["name": "\(name)"])
            return nil
        }
    }

    /// `batch-<scheduleId>-<runRequestID>`, what an execution's name may not hold replaced.
    static func executionName(_ row: JSON) -> String? {
        guard let schedule = row["scheduleId"].flatMap(Schedule.text), let id = row["runRequestID"]?.string else {
            return nil
        }
        let name = "batch-\(schedule)-\(id)".map {
            $0.isASCII && ($0.isLetter || $0.isNumber) || "-_".contains($0) ? $0 : "_"
        }
        return String(name.prefix(80))
    }

    static func startMessage(_ row: JSON) -> JSON {
        [
            "scheduleId": row["scheduleId"] ?? .string(Schedule.unset),
            "startDateTime": row["startDateTime"] ?? .string(Schedule.unset),
            "scheduleStatus": row["scheduleStatus"] ?? .string(Schedule.unset),
        ]
    }
}
