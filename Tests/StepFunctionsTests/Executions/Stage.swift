import BatonCore
import BatonStore
import BatonTesting
import JSON
import SQS
import StatesLanguage

@testable import StepFunctions

/// Step Functions and SQS on one store, with what tests of executions say often.
final class Stage: Sendable {
    let test: TestHost
    let service: StepFunctions

    init(place: Store.Place = .memory, clock: ControlledClock = ControlledClock()) async throws {
        service = StepFunctions()
        test = try await TestHost([SQS(), service], place: place, clock: clock)
    }

    func close() async { await test.host.stop() }

    /// - Returns: the ARN of the machine.
    @discardableResult
    func machine(_ definition: JSON, name: String = "machine", type: String = "STANDARD") async throws -> String {
        let answer = try await test.call(
            "stepfunctions", "CreateStateMachine",
            [
                "name": .string(name), "definition": .string(definition.text()), "type": .string(type),
                "roleArn": "arn:aws:iam::000000000000:role/role",
            ])
        return answer["stateMachineArn"]?.string ?? ""
    }

    /// - Returns: the ARN of the execution.
    @discardableResult
    func start(_ machine: String, _ input: JSON = [:], name: String? = nil) async throws -> String {
        var parameters: JSON = ["stateMachineArn": .string(machine), "input": .string(input.text())]
        if let name { parameters["name"] = .string(name) }
        let answer = try await test.call("stepfunctions", "StartExecution", parameters)
        return answer["executionArn"]?.string ?? ""
    }

    /// Returns when nothing can happen before time goes on.
    func settle() async {
        for _ in 0..<3 {
            await service.engine.idle()
            await test.host.store.due.idle()
        }
    }

    func advance(seconds: Int64) async {
        await settle()
        await test.advance(byMs: seconds * 1000)
        await settle()
    }

    /// How much is due, now or later, but for what is always there.
    func dueRows() throws -> Int {
        try test.host.store.read { db in try db.rows("SELECT 1 FROM due WHERE kind <> ?", Retention.kind).count }
    }

    func describe(_ execution: String) async throws -> JSON {
        try await test.call("stepfunctions", "DescribeExecution", ["executionArn": .string(execution)])
    }

    func status(_ execution: String) async throws -> String { try await describe(execution)["status"]?.string ?? "" }

    func output(_ execution: String) async throws -> JSON {
        try JSON.parse(try await describe(execution)["output"]?.string ?? "null")
    }

    func history(_ execution: String) async throws -> [JSON] {
        let answer = try await test.call(
            "stepfunctions", "GetExecutionHistory", ["executionArn": .string(execution), "maxResults": 1000])
        return answer["events"]?.array ?? []
    }

    func types(_ execution: String) async throws -> [String] {
        try await history(execution).map { $0["type"]?.string ?? "" }
    }

    /// Starts a machine of its own and lets it run as far as it goes by itself.
    func run(_ definition: JSON, _ input: JSON = [:], name: String = "machine") async throws -> String {
        let execution = try await start(try await machine(definition, name: name), input)
        await settle()
        return execution
    }
}
