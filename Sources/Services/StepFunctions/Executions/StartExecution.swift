import AWSWire
import BatonCore
import BatonStore
import JSON
import StatesLanguage

/// Starts an execution of a state machine, a version or an alias of it. With a name it is idempotent as long as the
/// execution runs and the input is the same. `#CASE` behind the ARN chooses a test case of the mock configuration.
/// Limits: input 256 KiB. Errors: InvalidArn, InvalidName, InvalidExecutionInput, ExecutionAlreadyExists,
/// StateMachineDoesNotExist. Source: Step Functions API reference, StartExecution.
enum StartExecution: Operation {
    struct Input: Decodable, Sendable {
        let stateMachineArn: String
        let name: String?
        let input: String?
        let traceHeader: String?
    }
    struct Output: Encodable, Sendable {
        let executionArn: String
        let startDate: Double
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let start = try prepare(
            input.stateMachineArn, input.name, input.input, input.traceHeader, context)
        let engine = context.engine
        let record: ExecutionRecord
        if start.revision.type == .express {
            record = engine.startExpress(start, context)
        } else {
            record = try await engine.start(start, context)
        }
        return Output(executionArn: record.arn, startDate: record.startMs.seconds)
    }

    /// What StartExecution and StartSyncExecution check alike.
    static func prepare(
        _ arn: String, _ name: String?, _ input: String?, _ traceHeader: String?, _ context: Context
    ) throws(AWSError) -> ExecutionStart {
        if let name { try ResourceName.check(name) }
        let text = input ?? "{}"
        let value = try JSONText.value(text)
        guard text.utf8.count <= Payload.limit else { throw StepFunctionsError.inputTooLong }
        let hash = arn.utf8.firstIndex(of: UInt8(ascii: "#"))
        let machine = try context.resolveMachine(hash.map { String(arn[..<$0]) } ?? arn)
        var start = ExecutionStart(machine, context, name: name, input: text, value: value)
        start.traceHeader = traceHeader
        let mockCase = hash.map { String(arn[arn.index(after: $0)...]) } ?? ""
        start.mockCase = mockCase.isEmpty ? nil : mockCase
        return start
    }
}

extension Context {
    var engine: Engine { service(StepFunctions.self).engine }
}
