import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// Ends a running standard execution; one that has ended stays as it is.
/// Errors: InvalidArn, ExecutionDoesNotExist. Source: Step Functions API reference, StopExecution.
enum StopExecution: Operation {
    struct Input: Decodable, Sendable {
        let executionArn: String
        let error: String?
        let cause: String?
    }
    struct Output: Encodable, Sendable { let stopDate: Double }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let record = try context.execution(input.executionArn)
        if record.isRunning {
            try await context.happen(record.id, .stop(error: input.error, cause: input.cause))
        }
        let stopped = try context.execution(input.executionArn)
        return Output(stopDate: (stopped.stopMs ?? context.nowMs).seconds)
    }
}

extension Context {
    /// Errors: InvalidArn, ExecutionDoesNotExist.
    func execution(_ arn: String) throws(AWSError) -> ExecutionRecord {
        try read { db in try ExecutionRecord.existing(arn, db) }
    }

    /// Lets something happen to an execution; returns after its commit.
    @discardableResult
    func happen(_ id: Int64, _ event: ExecutionEvent) async throws(AWSError) -> Bool {
        do {
            return try await engine.send(id, event)
        } catch {
            throw host.awsError(of: error)
        }
    }
}
