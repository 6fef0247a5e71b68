import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import Foundation
import JSON
import Testing

@testable import Lambda

/// Functions as real processes.
@Suite(.timeLimit(.minutes(1))) struct InvocationTests {
    @Test func aPythonFunctionGetsEventContextAndEnvironment() async throws {
        try await Bench.run { bench in
            try await bench.python(
                "f",
                """
                print("hello", event["who"])
                return [event["who"], context.function_name, context.function_version, context.memory_limit_in_mb,
                    context.invoked_function_arn, context.get_remaining_time_in_millis() >= 0, os.environ["AWS_REGION"],
                    os.environ["AWS_ACCESS_KEY_ID"], os.environ["COLOUR"], os.environ["_HANDLER"],
                    os.environ["LAMBDA_TASK_ROOT"] == os.getcwd(), context.log_group_name,
                    os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_EXECUTION_ENV"]]
                """, ["Environment": ["Variables": ["COLOUR": "green"]], "MemorySize": 256])
            let answer = try await bench.invoke("f", ["who": "you ü"])
            #expect(answer.error == nil)
            #expect(answer.version == "$LATEST")
            #expect(
                answer.payload == [
                    "you ü", "f", "$LATEST", "256", "arn:aws:lambda:us-east-1:000000000000:function:f", true,
                    "us-east-1", "000000000000", "green", "app.handler", true, "/aws/lambda/f", "http://localhost:4566",
                    "AWS_Lambda_python3.11",
                ])
            let lines = answer.log.split(separator: "\n")
            try #require(lines.count == 4)
            #expect(lines.first?.hasPrefix("START RequestId: ") == true)
            #expect(lines.first?.hasSuffix(" Version: $LATEST") == true)
            #expect(lines[1] == "hello you ü")
            #expect(lines[2].hasPrefix("END RequestId: "))
            #expect(lines[3].contains("\tMemory Size: 256 MB\tMax Memory Used: "))
            #expect(lines[3].contains("\tInit Duration: "))
        }
    }

    @Test(arguments: [
        ("raise ValueError('no')", "ValueError", "no"),
        (
            "return object()", "Runtime.MarshalError",
            "Unable to marshal response: Object of type object is not JSON serializable"
        ),
        ("sys.exit(3)", "Runtime.ExitError", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime.ExitError", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime.ExitError", "Runtime exited with error: signal: killed"),
        ("os.kill(os.getpid(), 11)", "Runtime.ExitError", "Runtime exited with error: signal: segmentation fault"),
        (
            "block = bytearray(300 << 20); time.sleep(100)", "Runtime.OutOfMemory",
            "Runtime exited with error: signal: killed"
        ),
        (
            "return 'x' * (6 << 20)", "Function.ResponseSizeTooLarge",
            "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
        ),
    ])
    func whatGoesWrongIsInThePayload(_ body: String, _ type: String, _ message: String) async throws {
        try await Bench.run { bench in
            try await bench.python("f", body)
            let answer = try await bench.invoke("f")
            #expect(answer.error == "Unhandled")
            #expect(answer.payload["errorType"]?.string == type)
            #expect(answer.payload["errorMessage"]?.string?.hasSuffix(message) == true)
            #expect(answer.log.contains("REPORT RequestId: "))
            // The next event finds a function that works on.
            #expect(try await bench.invoke("f").payload["errorType"]?.string == type)
        }
    }

    @Test(arguments: [
        ("app.missing", "x = 1", "Runtime.HandlerNotFound", "Handler 'missing' missing on module 'app'"),
        (
            "other.handler", "x = 1", "Runtime.ImportModuleError",
            "Unable to import module 'other': No module named 'other'"
        ),
        (
            "app.handler", "import nothing_here", "Runtime.ImportModuleError",
            "Unable to import module 'app': No module named 'nothing_here'"
        ),
        (
            "app.handler", "def :", "Runtime.UserCodeSyntaxError",
            "Syntax error in module 'app': invalid syntax (app.py, line 1)"
        ),
        ("app.handler", "1 / 0", "ZeroDivisionError", "division by zero"),
        (
            "handler", "x = 1", "Runtime.MalformedHandlerName",
            "Bad handler 'handler': not enough values to unpack (expected 2, got 1)"
        ),
    ])
    func codeThatCannotBeLoaded(_ handler: String, _ code: String, _ type: String, _ message: String) async throws {
        try await Bench.run { bench in
            try await bench.create("f", handler: handler, ["app.py": code])
            let answer = try await bench.invoke("f")
            #expect(answer.error == "Unhandled")
            #expect(answer.payload["errorType"]?.string == type)
            #expect(answer.payload["errorMessage"]?.string == message)
        }
    }

    @Test func aTimeOutEndsTheWholeFamily() async throws {
        try await Bench.run { bench in
            try await bench.python(
                "f",
                """
                print("working")
                os.system("sleep 1000 & sleep 1000 &")
                ring(str(os.getpid()))
                time.sleep(1000)
                """, ["Timeout": 2])
            async let pending = bench.invoke("f")
            let pid = try #require(Int32(await bench.ring().dropFirst()))
            bench.test.clock.advance(byMs: 2_000)
            let answer = try await pending
            #expect(answer.error == "Unhandled")
            #expect(answer.payload["errorType"] == "Sandbox.Timedout")
            #expect(
                answer.payload["errorMessage"]?.string?.hasSuffix(" Error: Task timed out after 2.00 seconds") == true)
            #expect(answer.log.contains("working\n"))
            #expect(answer.log.contains(" Task timed out after 2.00 seconds\n"))
            #expect(answer.log.contains("Status: timeout"))
            #expect(!ProcessList.sessions.contains(pid))
        }
    }

    @Test func anEnvironmentServesOneEventAtATimeAndIsTakenAgain() async throws {
        try await Bench.run { bench in
            try await bench.python("f", "return [os.getpid(), calls.append(1) or len(calls)]", before: "calls = []")
            let first = try await bench.invoke("f").payload
            let second = try await bench.invoke("f").payload
            #expect(first[0] == second[0])
            #expect([first[1], second[1]] == [1, 2])

            try await bench.python("wait", "ring(); sys.stdin.read()\ntime.sleep(event['s'])\nreturn os.getpid()")
            async let left = bench.invoke("wait", ["s": 0.3]).payload
            async let right = bench.invoke("wait", ["s": 0.3]).payload
            let pids = try await [left, right]
            #expect(pids[0] != pids[1])
        }
    }

    @Test func aChangeStartsNewEnvironments() async throws {
        try await Bench.run { bench in
            try await bench.python("f", "return [os.getpid(), os.environ.get('WORD')]")
            let first = try await bench.invoke("f").payload
            try await bench.test.call(
                "lambda", "UpdateFunctionConfiguration",
                ["FunctionName": "f", "Environment": ["Variables": ["WORD": "new"]]])
            let second = try await bench.invoke("f").payload
            #expect(first[0] != second[0])
            #expect(second[1] == "new")
            try await bench.test.call(
                "lambda", "UpdateFunctionCode",
                ["FunctionName": "f", "ZipFile": try Bench.zip(["app.py": "def handler(e, c): return 'code 2'"])])
            #expect(try await bench.invoke("f").payload == "code 2")
        }
    }

    @Test func idleEnvironmentsEnd() async throws {
        try await Bench.run { bench in
            try await bench.python("f", "return os.getpid()")
            let pid = try #require(try await bench.invoke("f").payload.int)
            bench.test.clock.advance(byMs: Limits.idleMs)
            #expect(try await bench.invoke("f").payload.int != pid)
        }
    }

    @Test func reservedConcurrencyThrottles() async throws {
        try await Bench.run { bench in
            try await bench.python("f", "ring(); time.sleep(1000)", ["Timeout": 5])
            try await bench.test.call(
                "lambda", "PutFunctionConcurrency", ["FunctionName": "f", "ReservedConcurrentExecutions": 1])
            async let pending = bench.invoke("f")
            await bench.ring()
            let error = await bench.test.failure("lambda", "Invoke", ["FunctionName": "f"])
            #expect(error?.code == "TooManyRequestsException")
            #expect(error?.status == 429)
            #expect(error?.fields["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded")
            bench.test.clock.advance(byMs: 5_000)
            _ = try await pending
        }
    }

    @Test func theLogReachesCloudWatch() async throws {
        try await Bench.run { bench in
            try await bench.python("f", "print('one'); print('two', file=sys.stderr)")
            for _ in 0..<2 { _ = try await bench.invoke("f") }
            await bench.lambda.pool.deliverLogs()
            let events = try await bench.test.call("logs", "FilterLogEvents", ["logGroupName": "/aws/lambda/f"])
            let words = events["events"]?.array?.compactMap {
                $0["message"]?.string?.prefix { $0 != " " && $0 != "\n" }
            }
            let call = ["START", "one", "two", "END", "REPORT"]
            #expect(words?.map(String.init) == ["INIT_START"] + call + call)
            let streams = try await bench.test.call("logs", "DescribeLogStreams", ["logGroupName": "/aws/lambda/f"])
            let name = try #require(streams["logStreams"]?[0]?["logStreamName"]?.string)
            #expect(name.hasPrefix("2026/01/01/[$LATEST]") && name.utf8.count == 52)
        }
    }

    @Test func aFloodOfOutputIsBounded() async throws {
        try await Bench.run { bench in
            try await bench.python("f", "for _ in range(400): sys.stdout.write('x' * 99_999 + '\\n')\nreturn 'done'")
            let answer = try await bench.invoke("f")
            #expect(answer.payload == "done")
            #expect(answer.log.utf8.count == Limits.logTail)
        }
    }

    @Test func aBootstrapOfItsOwn() async throws {
        try await Bench.run { bench in
            let bootstrap = """
                #!/usr/bin/env python3
                import os, urllib.request
                api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
                while True:
                    with urllib.request.urlopen(api + "next") as event:
                        request_id, body = event.headers["Lambda-Runtime-Aws-Request-Id"], event.read()
                    urllib.request.urlopen(api + request_id + "/response", data=body).read()
                """
            try await bench.create("f", runtime: "provided.al2023", handler: "x", ["bootstrap": bootstrap])
            #expect(try await bench.invoke("f", ["echo": 1]).payload == ["echo": 1])
            #expect(try await bench.invoke("f", ["echo": 2]).payload == ["echo": 2])
            try await bench.create("none", runtime: "provided.al2", handler: "x", ["other": ""])
            let answer = try await bench.invoke("none")
            #expect(answer.payload["errorType"] == "Runtime.InvalidEntrypoint")
        }
    }

    @Test(arguments: [
        ("index.handler", "index.js", "exports.handler = async (event) => ({ got: event.x });"),
        ("index.handler", "index.mjs", "export const handler = async (event) => ({ got: event.x });"),
        (
            "index.handler", "index.js",
            "exports.handler = (event, context, callback) => callback(null, { got: event.x });"
        ),
        (
            "index.handler", "index.js",
            "exports.handler = (event, context, callback) => { setTimeout(() => callback(null, { got: event.x }), 1); };"
        ),
        (
            "src/index.inner.handler", "src/index.cjs",
            "exports.inner = { handler: async (event) => ({ got: event.x }) };"
        ),
        ("index.handler", "index.js", "exports.handler = (event, context) => context.succeed({ got: event.x });"),
    ])
    func nodeHandlers(_ handler: String, _ file: String, _ code: String) async throws {
        try await Bench.run { bench in
            try await bench.create("f", runtime: "nodejs20.x", handler: handler, [file: code])
            for number in 1...2 {
                let answer = try await bench.invoke("f", ["x": .number(number)])
                #expect(answer.error == nil)
                #expect(answer.payload == ["got": .number(number)])
            }
        }
    }

    @Test(arguments: [
        ("exports.handler = async () => { throw new TypeError('no'); };", "TypeError", "no"),
        ("exports.handler = (event, context, callback) => callback(new Error('no'));", "Error", "no"),
        ("exports.handler = () => { throw new Error('no'); };", "Error", "no"),
        ("exports.other = 1;", "Runtime.HandlerNotFound", "index.handler is undefined or not exported"),
        ("require('nothing-here');", "Runtime.ImportModuleError", "Error: Cannot find module 'nothing-here'"),
        (
            "exports.handler = async () => process.exit(2);", "Runtime.ExitError",
            "Runtime exited with error: exit status 2"
        ),
    ])
    func nodeErrors(_ code: String, _ type: String, _ message: String) async throws {
        try await Bench.run { bench in
            try await bench.create("f", runtime: "nodejs20.x", handler: "index.handler", ["index.js": code])
            let answer = try await bench.invoke("f")
            #expect(answer.error == "Unhandled")
            #expect(answer.payload["errorType"]?.string == type)
            #expect(answer.payload["errorMessage"]?.string?.contains(message) == true)
        }
    }
}

/// Sessions of the machine, as `/proc` tells.
enum ProcessList {
    static var sessions: Set<Int32> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return Set(
            names.filter { Int($0) != nil }.compactMap { name in
                guard let text = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
                    let end = text.lastIndex(of: ")")
                else { return nil }
                let fields = text[end...].split(separator: " ")
                return fields.count > 4 && fields[1] != "Z" ? Int32(fields[4]) : nil
            })
    }
}
