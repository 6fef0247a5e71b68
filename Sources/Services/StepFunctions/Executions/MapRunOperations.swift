import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// How far a map run is.
/// Errors: InvalidArn, ResourceNotFound. Source: Step Functions API reference, DescribeMapRun.
enum DescribeMapRun: Operation {
    struct Input: Decodable, Sendable { let mapRunArn: String }
    struct Counts: Encodable, Sendable {
        let pending: Int
        let running: Int
        let succeeded: Int
        let failed: Int
        let timedOut: Int
        let aborted: Int
        let total: Int
        let resultsWritten: Int

        init(_ count: (ChildStatus) -> Int, isWritten: Bool) {
            pending = count(.pending)
            running = count(.running)
            succeeded = count(.succeeded)
            failed = count(.failed)
            timedOut = count(.timedOut)
            aborted = count(.aborted)
            total = ChildStatus.allCases.reduce(0) { $0 + count($1) }
            resultsWritten = isWritten ? succeeded : 0
        }
    }
    struct Output: Encodable, Sendable {
        let mapRunArn: String
        let executionArn: String
        let status: String
        let startDate: Double
        let stopDate: Double?
        let maxConcurrency: Int
        let toleratedFailurePercentage: Double
        let toleratedFailureCount: Int
        let itemCounts: Counts
        let executionCounts: Counts
        let redriveCount: Int?
        let redriveDate: Double?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try context.read { db in
            let run = try MapRunRecord.existing(input.mapRunArn, db)
            let counts = try MapRunCounts(run.id, db)
            let isWritten = run.status == "SUCCEEDED"
            return Output(
                mapRunArn: run.arn, executionArn: run.executionArn, status: run.status,
                startDate: run.startMs.seconds, stopDate: run.stopMs?.seconds, maxConcurrency: run.maxConcurrency,
                toleratedFailurePercentage: run.toleratedPercentage, toleratedFailureCount: run.toleratedCount,
                itemCounts: Counts({ counts.items($0) }, isWritten: isWritten),
                executionCounts: Counts({ counts.executions($0) }, isWritten: isWritten),
                redriveCount: run.redriveCount > 0 ? run.redriveCount : nil, redriveDate: run.redriveMs?.seconds)
        }
    }
}

/// The map runs of an execution, newest first.
/// Errors: InvalidArn, InvalidToken, ExecutionDoesNotExist. Source: Step Functions API reference, ListMapRuns.
enum ListMapRuns: Operation {
    struct Input: Decodable, Sendable {
        let executionArn: String
        let maxResults: Int?
        let nextToken: String?
    }
    struct Item: Encodable, Sendable {
        let executionArn: String
        let mapRunArn: String
        let stateMachineArn: String
        let startDate: Double
        let stopDate: Double?
    }
    struct Output: Encodable, Sendable {
        let mapRuns: [Item]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (page, token) = try Paging.read(input.maxResults, input.nextToken, context) { before, limit, db in
            let record = try ExecutionRecord.existing(input.executionArn, db)
            return try MapRunRecord.all(
                of: record.id, before: before?.int.map(Int64.init) ?? .max, limit: limit, db)
        } place: {
            .number(JSON.Number($0.id))
        }
        return Output(
            mapRuns: page.map { run in
                Item(
                    executionArn: run.executionArn, mapRunArn: run.arn, stateMachineArn: run.machineArn,
                    startDate: run.startMs.seconds, stopDate: run.stopMs?.seconds)
            }, nextToken: token)
    }
}

/// Changes the limits of a map run while it runs.
/// Errors: InvalidArn, ResourceNotFound, ValidationException. Source: Step Functions API reference, UpdateMapRun.
enum UpdateMapRun: Operation {
    struct Input: Decodable, Sendable {
        let mapRunArn: String
        let maxConcurrency: Int?
        let toleratedFailurePercentage: Double?
        let toleratedFailureCount: Int?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
        let run = try await context.write { tx in
            let run = try MapRunRecord.existing(input.mapRunArn, tx.db)
            guard run.status == "RUNNING" else {
                throw StepFunctionsError.validation("Map Run \(input.mapRunArn) is not running")
            }
            try tx.execute(
                """
                UPDATE sfn_map_run SET max_concurrency = ifnull(?, max_concurrency),
                    tolerated_percentage = ifnull(?, tolerated_percentage),
                    tolerated_count = ifnull(?, tolerated_count) WHERE id = ?
                """, input.maxConcurrency, input.toleratedFailurePercentage, input.toleratedFailureCount, run.id)
            return run.id
        }
        let engine = context.engine
        engine.mapRuns.wake(run, engine)
        return Nothing()
    }
}
