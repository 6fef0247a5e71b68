import AWSWire
import BatonCore
import BatonTesting
import CloudWatchLogs
import JSON

@testable import StepFunctions

/// A Baton with state machines and logs.
struct MachineHost {
    let host: TestHost

    static let pass = #"{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#
    static let wait = #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}"#
    static let arn = "arn:aws:states:us-east-1:000000000000:stateMachine:m"

    init() async throws { host = try await TestHost([CloudWatchLogs(), StepFunctions()]) }

    @discardableResult
    func call(_ operation: String, _ input: JSON = [:]) async throws -> JSON {
        try await host.call("stepfunctions", operation, input)
    }

    func failure(_ operation: String, _ input: JSON) async -> AWSError? {
        await host.failure("stepfunctions", operation, input)
    }

    /// Creates the machine `m`.
    @discardableResult
    func machine(_ more: JSON.Object = [:]) async throws -> JSON {
        try await call("CreateStateMachine", Self.creation(more))
    }

    static func creation(_ more: JSON.Object = [:]) -> JSON {
        var input: JSON.Object = [
            "name": "m", "definition": .string(pass), "roleArn": "arn:aws:iam::000000000000:role/r",
        ]
        for (key, value) in more { input[key] = value }
        return .object(input)
    }
}
