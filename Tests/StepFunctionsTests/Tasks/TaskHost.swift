import Foundation
import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import DynamoDB
import JSON
import S3
import SNS
import SQS
import StatesLanguage

@testable import StepFunctions

/// Runs single attempts against real services.
struct TaskHost {
    let host: TestHost
    let tasks: Tasks

    static let execution = "arn:aws:states:us-east-1:000000000000:execution:M:e"
    static let machine = "arn:aws:states:us-east-1:000000000000:stateMachine:M"

    init(_ more: [any Service] = [], mocks: Mocks? = nil) async throws {
        host = try await TestHost([SQS(), SNS(), DynamoDB()] + more)
        tasks = Tasks(mocks: mocks)
    }

    /// With S3, whose contents are files.
    static func withFiles(_ test: (TaskHost) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tasks-\(RandomSource().hex(12))"
        let host = TaskHost(host: try await TestHost([SQS(), DynamoDB(), S3()], place: .folder(folder)))
        try await host.host.call("s3", "CreateBucket", ["Bucket": "bucket"])
        try await test(host)
        await host.host.host.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private init(host: TestHost) {
        self.host = host
        tasks = Tasks()
    }

    func call(_ resource: String, _ parameters: JSON) throws -> TaskCall {
        TaskCall(
            resource: try TaskResource("arn:aws:states:::" + resource), parameters: parameters, token: "token",
            executionArn: Self.execution, stateMachineArn: Self.machine, stateName: "S", account: "000000000000",
            region: "us-east-1")
    }

    func run(_ resource: String, _ parameters: JSON) async throws -> TaskAnswer {
        try await run(try call(resource, parameters))
    }

    /// As the engine does it: a write in a transaction of its own, the answer made inside.
    func run(_ call: TaskCall) async throws -> TaskAnswer {
        let context = host.context()
        switch tasks.work(call, context) {
        case .answered(let answer): return answer
        case .call(let make): return await make()
        case .write(let write, let answer):
            do {
                return try await host.host.store.write { transaction in
                    answer(.success(try write(transaction).output()))
                }
            } catch let error as AWSError {
                return answer(.failure(error))
            }
        }
    }

    /// Whether the attempt takes part in the transaction that records it.
    func isEnlisted(_ resource: String, _ parameters: JSON) throws -> Bool {
        if case .write = tasks.work(try call(resource, parameters), host.context()) { return true }
        return false
    }

    func queue(_ name: String = "q") async throws -> JSON {
        try await host.call("sqs", "CreateQueue", ["QueueName": .string(name)])["QueueUrl"] ?? .null
    }

    func bodies(_ queue: JSON) async throws -> [String] {
        let answer = try await host.call("sqs", "ReceiveMessage", ["QueueUrl": queue, "MaxNumberOfMessages": 10])
        return (answer["Messages"]?.array ?? []).compactMap { $0["Body"]?.string }
    }
}

extension TaskAnswer {
    /// What succeeded or was submitted, without what changes from run to run.
    var output: JSON? {
        switch self {
        case .succeeded(let output), .submitted(let output, _): output
        default: nil
        }
    }

    var error: StatesError? {
        switch self {
        case .failed(let error), .submitFailed(let error), .aborted(let error): error
        default: nil
        }
    }
}

extension StatesError {
    /// With the request's id replaced.
    var stable: String {
        let parts = (cause ?? "").components(after: "Request ID: ")
        return "\(error) | \(parts)"
    }
}

extension String {
    /// Every id that follows `marker` becomes `<id>`.
    fileprivate func components(after marker: String) -> String {
        var rest = self[...]
        var result = ""
        while let found = rest.range(of: marker) {
            result += rest[..<found.upperBound] + "<id>"
            rest = rest[found.upperBound...].drop { $0 == "-" || $0.isHexDigit }
        }
        return result + rest
    }
}
