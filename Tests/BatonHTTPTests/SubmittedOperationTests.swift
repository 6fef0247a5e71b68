import AWSWire
import BatonCore
import BatonHTTP
import BatonStore
import BatonTesting
import JSON
import Synchronization
import Testing

/// An operation that requests commit without a task. The body of the message says what becomes of it.
private final class Queues: Service {
    static let id = "sqs"
    static let operations: [any Operation.Type] = [SendMessage.self]
    static let migrations = [Migration(name: "q-1", sql: "CREATE TABLE q (v TEXT NOT NULL) STRICT")]

    struct Odd: Error {}

    enum SendMessage: SubmittedOperation {
        struct Input: Decodable, Sendable { let queueUrl: String, messageBody: String }
        struct Output: Encodable, Sendable { let messageId: String }

        static func submission(_ input: Input, _ context: Context) throws(AWSError) -> Submission<Output>? {
            let body = input.messageBody
            if body == "run" { return nil }
            if body == "invalid" { throw AWSError("InvalidMessageContents", "No.") }
            return Submission(needsSavepoint: true, isTentative: body.hasPrefix("tentative")) { transaction in
                try transaction.execute("INSERT INTO q VALUES (?)", body)
                if body.hasSuffix("refused") { throw AWSError("OverLimit", "Too much.", status: 403) }
                if body == "odd" { throw Odd() }
                return body == "unfinished" ? nil : Output(messageId: "committed \(body)")
            }
        }

        static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
            Output(messageId: "ran \(input.messageBody)")
        }
    }
}

@Suite struct SubmittedOperationTests {
    @Test(arguments: [
        ("a", "committed a", ["a"]),
        ("run", "ran run", []),
        ("unfinished", "ran unfinished", ["unfinished"]),
        ("tentative", "committed tentative", ["tentative"]),
        ("tentative refused", "ran tentative refused", []),
        ("invalid", "InvalidMessageContents 400", []),
        ("refused", "OverLimit 403", []),
        ("odd", "InternalFailure 500", []),
    ])
    func whatBecomesOfARequest(_ body: String, _ answer: String, _ rows: [String]) async throws {
        try await TestServer.run([Queues()]) { server in
            let input: JSON = ["QueueUrl": "u", "MessageBody": .string(body)]
            if answer.last?.isNumber == true {
                let failure = await server.failure("sqs", "SendMessage", input)
                #expect(failure.map { "\($0.code) \($0.status)" } == answer)
            } else {
                #expect(try await server.call("sqs", "SendMessage", input)["MessageId"] == .string(answer))
            }
            let stored = try server.test.host.store.read { try $0.values("SELECT v FROM q") { $0.text(0) } }
            #expect(stored == rows)
        }
    }
}
