import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import SQS
import Synchronization
import Testing

@testable import SNS

/// A Baton with topics, real queues and a pretended Lambda.
struct SNSHost {
    let host: TestHost
    let lambda = PretendedLambda()
    var http: RecordingHTTP { host.http }

    init(_ place: Store.Place = .memory, clock: ControlledClock = ControlledClock()) async throws {
        host = try await TestHost([SQS(), SNS(), lambda], place: place, clock: clock)
    }

    @discardableResult
    func sns(_ operation: String, _ input: JSON = [:]) async throws -> JSON {
        try await host.call("sns", operation, input)
    }

    @discardableResult
    func sqs(_ operation: String, _ input: JSON = [:]) async throws -> JSON {
        try await host.call("sqs", operation, input)
    }

    var nowMs: Int64 { host.clock.nowMs }
    /// How many writes have been committed.
    var closures: Int { host.host.store.count.closures }
    /// Waits until everything that is due has been handled.
    func settle() async { await host.host.store.due.idle() }
    func advance(byMs milliseconds: Int64) async { await host.advance(byMs: milliseconds) }
    func stop() async { await host.host.stop() }

    func failure(_ operation: String, _ input: JSON) async -> AWSError? { await host.failure("sns", operation, input) }

    func topic(_ name: String = "t", _ attributes: JSON = [:]) async throws -> String {
        let answer = try await sns("CreateTopic", ["Name": .string(name), "Attributes": attributes])
        return try #require(answer["TopicArn"]?.string)
    }

    func fifoTopic(_ attributes: JSON = [:]) async throws -> String {
        var all = attributes
        all["FifoTopic"] = "true"
        return try await topic("t.fifo", all)
    }

    /// Makes a queue and answers its ARN.
    @discardableResult
    func queue(_ name: String = "q") async throws -> String {
        let attributes: JSON = name.hasSuffix(".fifo") ? ["FifoQueue": "true"] : [:]
        try await host.call("sqs", "CreateQueue", ["QueueName": .string(name), "Attributes": attributes])
        return "arn:aws:sqs:us-east-1:000000000000:\(name)"
    }

    @discardableResult
    func subscribe(
        _ topic: String, _ transport: String, _ endpoint: String, _ attributes: JSON = [:]
    ) async throws -> String {
        let answer = try await sns(
            "Subscribe",
            [
                "TopicArn": .string(topic), "Protocol": .string(transport), "Endpoint": .string(endpoint),
                "Attributes": attributes, "ReturnSubscriptionArn": true,
            ])
        return try #require(answer["SubscriptionArn"]?.string)
    }

    @discardableResult
    func publish(_ topic: String, _ message: String, _ more: JSON.Object = [:]) async throws -> JSON {
        var input = more
        input["TopicArn"] = .string(topic)
        input["Message"] = .string(message)
        return try await sns("Publish", .object(input))
    }

    /// Takes all messages of a queue.
    func received(_ name: String = "q") async throws -> [JSON] {
        let answer = try await host.call(
            "sqs", "ReceiveMessage",
            [
                "QueueUrl": .string("http://localhost:4566/000000000000/\(name)"), "MaxNumberOfMessages": 10,
                "MessageAttributeNames": ["All"], "AttributeNames": ["All"],
            ])
        return answer["Messages"]?.array ?? []
    }

    func bodies(_ name: String = "q") async throws -> [String] {
        try await received(name).compactMap { $0["Body"]?.string }
    }
}

/// Keeps what it is called with and answers as the test wants.
final class PretendedLambda: Service {
    static let id = "lambda"
    static let operations: [any Operation.Type] = [Invoke.self]
    static let migrations: [Migration] = []

    private let state = Mutex<(calls: [JSON], failures: [AWSError])>(([], []))

    var calls: [JSON] { state.withLock { $0.calls } }
    func fail(with errors: AWSError...) { state.withLock { $0.failures = errors } }

    enum Invoke: Operation {
        struct Input: Decodable, Sendable {
            let functionName: String
            let invocationType: String?
            let payload: JSON?
        }
        struct Output: Encodable, Sendable { let statusCode: Int }

        static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
            let failure = context.service(PretendedLambda.self).state.withLock { state -> AWSError? in
                state.calls.append([
                    "FunctionName": .string(input.functionName), "InvocationType": .string(input.invocationType ?? ""),
                    "Payload": .string(String(decoding: input.payload?.bytes ?? [], as: UTF8.self)),
                ])
                return state.failures.isEmpty ? nil : state.failures.removeFirst()
            }
            if let failure { throw failure }
            return Output(statusCode: 202)
        }
    }
}

extension AWSError {
    static func invalid(_ detail: String) -> AWSError { AWSError("InvalidParameter", "Invalid parameter: \(detail)") }
}
