import AWSClient
import JSON
import LambdaRuntime
import Synchronization
import Testing

/// A platform that hands out a list of calls, notes every answer and is gone afterwards.
private final class Platform: RuntimeInterface {
    struct Gone: Error {}
    private let calls: Mutex<[Invocation]>
    private let notes = Mutex<[String]>([])

    init(_ events: [String]) {
        calls = Mutex(
            events.enumerated().map {
                Invocation(event: Array($1.utf8), requestId: "r\($0 + 1)", deadlineMs: 1000, functionArn: "arn:f")
            })
    }

    var answers: [String] { notes.withLock { $0 } }
    private func note(_ text: String) { notes.withLock { $0.append(text) } }

    func next() async throws -> Invocation {
        guard let call = calls.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { throw Gone() }
        return call
    }
    func respond(_ body: [UInt8], to requestId: String) async throws {
        note("\(requestId) = \(String(decoding: body, as: UTF8.self))")
    }
    func fail(_ error: InvocationError, of requestId: String) async throws { note("\(requestId) ! \(error)") }
    func failToStart(_ error: InvocationError) async throws { note("start ! \(error)") }
}

@Suite("Lambda runtime")
struct LambdaRuntimeTests {
    private struct Odd: Error, CustomStringConvertible { let description = "odd number" }

    private static let handlers: [String: LambdaHandler] = [
        "echo": { event, _ in event },
        "half": { event, _ in
            guard let number = event.int, number % 2 == 0 else { throw Odd() }
            return .number(number / 2)
        },
        "about": { _, context in
            [
                "id": .string(context.requestId), "left": .number(Int(context.remainingMs(nowMs: 400))),
                "arn": .string(context.functionArn), "group": .string(context.logGroup),
                "memory": .number(context.memoryLimitMB),
            ]
        },
        "aws": { _, _ in throw AWSError("QueueDoesNotExist", "no such queue") },
        "own": { _, _ in throw InvocationError("Own", "of my own") },
    ]

    @Test(
        "answers",
        arguments: [
            ("echo", ["{\"a\":1}", "[]"], ["r1 = {\"a\":1}", "r2 = []"]),
            ("bootstrap.echo", ["null"], ["r1 = null"]),
            ("half", ["4", "3", "8"], ["r1 = 2", "r2 ! Odd: odd number", "r3 = 4"]),
            ("echo", ["{"], ["r1 ! Runtime.BadEvent: The event is not JSON: expected a member name at byte 1"]),
            ("aws", ["{}"], ["r1 ! QueueDoesNotExist: no such queue"]),
            ("own", ["{}"], ["r1 ! Own: of my own"]),
            (
                "about", ["{}"],
                ["r1 = {\"id\":\"r1\",\"left\":600,\"arn\":\"arn:f\",\"group\":\"/aws/lambda/f\",\"memory\":256}"]
            ),
            (
                "none", ["{}"],
                ["start ! Runtime.NoSuchHandler: Handler 'none' does not exist; there are: about, aws, echo, half, own"]
            ),
        ])
    func answers(_ handler: String, _ events: [String], _ expected: [String]) async {
        let platform = Platform(events)
        let environment = [
            "_HANDLER": handler, "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        ]
        let runtime = LambdaRuntime(environment: environment, interface: platform)
        await #expect(throws: (any Error).self) { try await runtime.run { _ in Self.handlers } }
        #expect(platform.answers == expected)
    }

    @Test("a start that fails is reported")
    func failedStart() async {
        let platform = Platform(["{}"])
        let runtime = LambdaRuntime(environment: ["_HANDLER": "echo"], interface: platform)
        await #expect(throws: InvocationError.self) {
            try await runtime.run { environment in
                throw InvocationError("Runtime.BadSettings", "\(environment.count) setting")
            }
        }
        #expect(platform.answers == ["start ! Runtime.BadSettings: 1 setting"])
    }
}

@Suite("Lambda Runtime API over HTTP")
struct HTTPRuntimeInterfaceTests {
    /// Answers every request with one response and notes what was sent.
    private final class Recorder: HTTPTransport {
        private let response: HTTPResponse
        private let notes = Mutex<[String]>([])
        var sent: [String] { notes.withLock { $0 } }

        init(_ response: HTTPResponse) { self.response = response }

        func send(
            _ request: HTTPRequest, to origin: String, timeoutMs: Int?, savingTo path: String?
        ) async throws(TransportFailure) -> HTTPResponse {
            guard case .bytes(let body) = request.body else { throw TransportFailure("file") }
            let type = request.headers["Lambda-Runtime-Function-Error-Type"].map { " (\($0))" } ?? ""
            notes.withLock {
                $0.append("\(request.method) \(origin)\(request.path)\(type) \(String(decoding: body, as: UTF8.self))")
            }
            return response
        }
    }

    @Test("next")
    func next() async throws {
        let transport = Recorder(
            HTTPResponse(
                headers: [
                    "lambda-runtime-aws-request-id": "r1", "lambda-runtime-deadline-ms": "1700000000000",
                    "lambda-runtime-invoked-function-arn": "arn:f", "lambda-runtime-trace-id": "Root=1",
                ], body: .bytes(Array("{}".utf8))))
        let invocation = try await HTTPRuntimeInterface(address: "127.0.0.1:9", transport: transport).next()
        #expect(
            invocation
                == Invocation(
                    event: Array("{}".utf8), requestId: "r1", deadlineMs: 1_700_000_000_000, functionArn: "arn:f",
                    traceId: "Root=1"))
        #expect(transport.sent == ["GET http://127.0.0.1:9/2018-06-01/runtime/invocation/next "])
    }

    @Test("next without a call")
    func gone() async {
        let interface = HTTPRuntimeInterface(address: "h", transport: Recorder(HTTPResponse(status: 500)))
        await #expect(throws: TransportFailure.self) { try await interface.next() }
    }

    @Test("answers and errors")
    func answers() async throws {
        let transport = Recorder(HTTPResponse(status: 202))
        let interface = HTTPRuntimeInterface(address: "h", transport: transport)
        try await interface.respond(Array("1".utf8), to: "r1")
        try await interface.fail(InvocationError("T", "m", stackTrace: ["f:1"]), of: "r2")
        try await interface.failToStart(InvocationError("T", "m"))
        let root = "POST http://h/2018-06-01/runtime"
        #expect(
            transport.sent == [
                "\(root)/invocation/r1/response 1",
                #"\#(root)/invocation/r2/error (T) {"errorMessage":"m","errorType":"T","stackTrace":["f:1"]}"#,
                #"\#(root)/init/error (T) {"errorMessage":"m","errorType":"T","stackTrace":[]}"#,
            ])
    }
}
