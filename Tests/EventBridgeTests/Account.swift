import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import SNS
import SQS
import Synchronization
import Testing

@testable import EventBridge

/// A Baton with event buses, real queues and topics, and pretended services for the other targets.
struct Account {
    let host: TestHost
    let lambda = PretendedLambda()
    let states = PretendedStates()
    let batch = PretendedBatch()

    init(_ place: Store.Place = .memory, clock: ControlledClock = ControlledClock()) async throws {
        host = try await TestHost([SQS(), SNS(), lambda, states, batch, EventBridge()], place: place, clock: clock)
    }

    @discardableResult
    func events(_ operation: String, _ input: JSON = [:]) async throws -> JSON {
        try await host.call("events", operation, input)
    }

    func failure(_ operation: String, _ input: JSON) async -> AWSError? {
        await host.failure("events", operation, input)
    }

    func arn(_ service: String, _ resource: String) -> String {
        "arn:aws:\(service):us-east-1:000000000000:\(resource)"
    }

    @discardableResult
    func queue(_ name: String = "q", _ attributes: JSON = [:]) async throws -> String {
        try await host.call("sqs", "CreateQueue", ["QueueName": .string(name), "Attributes": attributes])
        return arn("sqs", name)
    }

    /// A rule with one target.
    func rule(_ pattern: String, _ target: JSON, name: String = "r", bus: String = "default") async throws {
        try await events(
            "PutRule", ["Name": .string(name), "EventPattern": .string(pattern), "EventBusName": .string(bus)])
        var settings = target
        settings["Id"] = settings["Id"] ?? "t"
        try await events(
            "PutTargets", ["Rule": .string(name), "EventBusName": .string(bus), "Targets": [settings]])
    }

    @discardableResult
    func put(_ detail: String = "{}", source: String = "shop", type: String = "sold", bus: String? = nil) async throws
        -> JSON
    {
        var entry: JSON = ["Source": .string(source), "DetailType": .string(type), "Detail": .string(detail)]
        entry["EventBusName"] = bus.map { .string($0) }
        let answer = try await events("PutEvents", ["Entries": [entry]])
        await settle()
        return answer
    }

    func settle() async { await host.host.store.due.idle() }

    /// The messages of a queue, which are deleted with that.
    func received(_ queue: String = "q") async throws -> [JSON] {
        var all: [JSON] = []
        let url = JSON.string("http://localhost:4566/000000000000/\(queue)")
        while true {
            let answer = try await host.call(
                "sqs", "ReceiveMessage",
                [
                    "QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"],
                    "AttributeNames": ["All"],
                ])
            guard let messages = answer["Messages"]?.array, !messages.isEmpty else { return all }
            for message in messages {
                try await host.call(
                    "sqs", "DeleteMessage", ["QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"] ?? ""])
            }
            all += messages
        }
    }

    func bodies(_ queue: String = "q") async throws -> [String] {
        try await received(queue).compactMap { $0["Body"]?.string }
    }
}

/// Keeps what it is called with and answers what the test wants.
final class Calls: Sendable {
    private let state = Mutex<(inputs: [JSON], failures: [AWSError])>(([], []))
    var inputs: [JSON] { state.withLock { $0.inputs } }
    func fail(with errors: [AWSError]) { state.withLock { $0.failures = errors } }

    func take(_ input: JSON) throws(AWSError) {
        let failure = state.withLock { state -> AWSError? in
            state.inputs.append(input)
            return state.failures.isEmpty ? nil : state.failures.removeFirst()
        }
        if let failure { throw failure }
    }
}

final class PretendedLambda: Service {
    static let id = "lambda"
    static let operations: [any BatonCore.Operation.Type] = [Invoke.self]
    static let migrations: [Migration] = []
    let calls = Calls()

    enum Invoke: BatonCore.Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> Nothing {
            try context.service(PretendedLambda.self).calls.take(input)
            return Nothing()
        }
    }
}

final class PretendedStates: Service {
    static let id = "stepfunctions"
    static let operations: [any BatonCore.Operation.Type] = [StartExecution.self]
    static let migrations: [Migration] = []
    let calls = Calls()

    enum StartExecution: BatonCore.Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> Nothing {
            try context.service(PretendedStates.self).calls.take(input)
            return Nothing()
        }
    }
}

final class PretendedBatch: Service {
    static let id = "batch"
    static let operations: [any BatonCore.Operation.Type] = [SubmitJob.self]
    static let migrations: [Migration] = []
    let calls = Calls()

    enum SubmitJob: BatonCore.Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> Nothing {
            try context.service(PretendedBatch.self).calls.take(input)
            return Nothing()
        }
    }
}
