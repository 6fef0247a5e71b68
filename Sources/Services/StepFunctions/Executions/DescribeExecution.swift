import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// A standard execution: status, input, output, redrives.
/// Errors: InvalidArn, ExecutionDoesNotExist. Source: Step Functions API reference, DescribeExecution.
enum DescribeExecution: Operation {
    struct Input: Decodable, Sendable {
        let executionArn: String
        let includedData: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let nowMs = context.nowMs
        return try context.read { db in
            let record = try ExecutionRecord.existing(input.executionArn, db)
            let run = try record.mapRun.flatMap { try MapRunRecord.find($0, db) }
            return record.description(
                nowMs: nowMs, events: record.stopMs == nil ? 0 : try record.events(db),
                hidesData: input.includedData == "METADATA_ONLY", mapRunArn: run?.arn)
        }
    }
}
