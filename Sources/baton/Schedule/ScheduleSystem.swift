import AWSClient
import AWSWire
import ArgumentParser
import BatonStore
import JSON

/// Where the universal scheduler is deployed.
struct ScheduleOptions: ParsableArguments {
    @Option(help: "The stack of the universal scheduler.")
    var stack = "universal-scheduler"

    @OptionGroup var endpoint: EndpointOption

    @Flag(help: "Print JSON.")
    var json = false

    func system() async throws -> ScheduleSystem { try await ScheduleSystem(Run.client(endpoint.url), stack: stack) }
}

/// A deployed universal scheduler: its tables, its state machine, its jobs.
struct ScheduleSystem: Sendable {
    let client: AWSClient
    private let outputs: [String: String]
    private static let idsPerCall = 100

    init(_ client: AWSClient, stack: String) async throws {
        self.client = client
        outputs = try await Self.outputs(client, stack)
    }

    private static func outputs(_ client: AWSClient, _ stack: String) async throws(Failure) -> [String: String] {
        do {
            let answer = try await client.call("cloudformation", "DescribeStacks", ["StackName": .string(stack)])
            let pairs = (answer["Stacks"]?[0]?["Outputs"]?.array ?? []).compactMap { output in
                output["OutputKey"]?.string.map { ($0, output["OutputValue"]?.string ?? "") }
            }
            return Dictionary(pairs) { first, _ in first }
        } catch {
            throw Failure(
                """
                \(error.message). Deploy the universal scheduler with `baton deploy \
                Systems/UniversalScheduler/template.yaml --stack \(stack)`, or name its stack with --stack.
                """)
        }
    }

    private func output(_ name: String) throws -> JSON {
        guard let value = outputs[name] else { throw Failure("The stack has no output \(name).") }
        return .string(value)
    }

    // MARK: Reading

    func schedules() async throws -> [ScheduleRun] {
        try await items("Scan", ["TableName": output("ScheduleTableName")])
    }

    /// Runs of a schedule, the latest first.
    func runs(of schedule: String) async throws -> [ScheduleRun] {
        try await items(
            "Query",
            [
                "TableName": output("HistoryTableName"), "KeyConditionExpression": "scheduleId = :id",
                "ExpressionAttributeValues": [":id": DynamoItem.text(schedule)], "ConsistentRead": true,
                "ScanIndexForward": false,
            ])
    }

    private func items(_ operation: String, _ input: JSON) async throws -> [ScheduleRun] {
        var input = input.object ?? [:]
        var runs: [ScheduleRun] = []
        repeat {
            let page = try await client.call("dynamodb", operation, .object(input))
            runs += (page["Items"]?.array ?? []).map { ScheduleRun(item: $0) }
            input["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        } while input["ExclusiveStartKey"]?.object != nil
        return runs
    }

    /// - Parameter started: nil takes the latest.
    func run(of schedule: String, started: String?) async throws -> ScheduleRun {
        let runs = try await runs(of: schedule)
        guard let run = started.map({ time in runs.first { $0.started == time } }) ?? runs.first else {
            throw Failure(
                "Schedule \(schedule) has no run\(started.map { " started at \($0)" } ?? ""). See `baton schedule list \(schedule)`."
            )
        }
        return run
    }

    /// The run with what Batch says of its jobs now.
    func refreshed(_ run: ScheduleRun) async throws -> ScheduleRun {
        var run = run
        let ids = run.jobs.compactMap(\.id)
        var reports: [String: JSON] = [:]
        for start in stride(from: 0, to: ids.count, by: Self.idsPerCall) {
            let group = ids[start..<min(start + Self.idsPerCall, ids.count)].map(JSON.string)
            let answer = try await client.call("batch", "DescribeJobs", ["jobs": .array(group)])
            for job in answer["jobs"]?.array ?? [] { reports[job["jobId"]?.string ?? ""] = job }
        }
        run.take(reports)
        return run
    }

    // MARK: Changing

    /// - Returns: the execution's ARN.
    func start(_ schedule: String, started: String = " ", status: String = " ") async throws -> String {
        let message: JSON = [
            "scheduleId": .string(schedule), "startDateTime": .string(started), "scheduleStatus": .string(status),
        ]
        let answer = try await client.call(
            "stepfunctions", "StartExecution",
            ["stateMachineArn": output("StateMachineArn"), "input": .string(message.text())])
        return answer["executionArn"]?.string ?? ""
    }

    /// Sets members of the run's row, `path` as DynamoDB's expressions write it.
    func update(_ run: ScheduleRun, _ changes: [(path: String, value: String)]) async throws {
        var values: JSON.Object = [:]
        for (place, change) in changes.enumerated() { values[":v\(place)"] = DynamoItem.text(change.value) }
        let sets = changes.enumerated().map { "\($1.path) = :v\($0)" }.joined(separator: ", ")
        _ = try await client.call(
            "dynamodb", "UpdateItem",
            [
                "TableName": output("HistoryTableName"),
                "Key": [
                    "scheduleId": DynamoItem.text(run.scheduleId), "startDateTime": DynamoItem.text(run.started),
                ],
                "UpdateExpression": .string("SET \(sets)"), "ExpressionAttributeValues": .object(values),
            ])
    }

    /// Ends the execution that watches the run, then its jobs, then marks the row.
    func cancel(_ run: ScheduleRun) async throws {
        if let arn = run.executionArn {
            _ = try await client.call(
                "stepfunctions", "StopExecution",
                ["executionArn": .string(arn), "error": "Batch Schedule CANCELLED", "cause": .string(Self.cancelled)])
        }
        for id in run.jobs.filter(\.isLive).compactMap(\.id) {
            _ = try await client.call(
                "batch", "TerminateJob", ["jobId": .string(id), "reason": .string(Self.cancelled)])
        }
        let jobs = run.jobs.enumerated().filter { $1.isLive }.map { ("jobList[\($0.offset)].jobStatus", "FAILED") }
        try await update(run, [("scheduleStatus", "FAILED"), ("scheduleMessage", Self.cancelled)] + jobs)
    }

    static let cancelled = "Cancelled by an operator"
}
