import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// Runs an express execution and answers with its end. A failed execution is no error of the call.
/// Errors: as StartExecution; StateMachineTypeNotSupported. Source: Step Functions API reference, StartSyncExecution.
enum StartSyncExecution: Operation {
    struct Input: Decodable, Sendable {
        let stateMachineArn: String
        let name: String?
        let input: String?
        let traceHeader: String?
        let includedData: String?
    }
    struct Included: Encodable, Sendable { let included: Bool }
    struct Billing: Encodable, Sendable {
        let billedMemoryUsedInMB: Int
        let billedDurationInMilliseconds: Int64
    }
    struct Output: Encodable, Sendable {
        let executionArn: String
        let stateMachineArn: String
        let name: String
        let startDate: Double
        let stopDate: Double
        let status: String
        let error: String?
        let cause: String?
        let input: String?
        let inputDetails: Included
        let output: String?
        let outputDetails: Included
        let traceHeader: String?
        let billingDetails: Billing
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let start = try StartExecution.prepare(
            input.stateMachineArn, input.name, input.input, input.traceHeader, context)
        guard start.revision.type == .express else { throw StepFunctionsError.typeNotSupported }
        let (record, end) = await context.engine.expressEnd(start, context)
        let stopMs = context.nowMs
        let hasData = input.includedData != "METADATA_ONLY"
        let tookMs = stopMs - record.startMs
        return Output(
            executionArn: record.arn, stateMachineArn: record.machineArn, name: record.name,
            startDate: record.startMs.seconds, stopDate: stopMs.seconds, status: end.status.rawValue,
            error: end.error, cause: end.cause, input: hasData ? record.input : nil,
            inputDetails: Included(included: hasData), output: hasData ? end.output?.text : nil,
            outputDetails: Included(included: hasData), traceHeader: record.traceHeader,
            billingDetails: Billing(
                billedMemoryUsedInMB: 64, billedDurationInMilliseconds: max(1, (tookMs + 99) / 100) * 100))
    }
}
