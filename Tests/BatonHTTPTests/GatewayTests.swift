import AWSWire
import BatonCore
import BatonHTTP
import BatonStore
import BatonTesting
import JSON
import Testing

/// Services with just enough in them to see what reaches an operation.
private final class Identity: Service {
    static let id = "sts"
    static let operations: [any Operation.Type] = [GetCallerIdentity.self]
    static let migrations: [Migration] = []

    enum GetCallerIdentity: Operation {
        struct Output: Encodable { let userId: String, account: String, arn: String }
        static func run(_ input: Nothing, _ context: Context) async throws(AWSError) -> Output {
            Output(userId: context.region, account: context.account, arn: context.endpoint)
        }
    }
}

private final class Queues: Service {
    static let id = "sqs"
    static let operations: [any Operation.Type] = [CreateQueue.self, SendMessage.self, PurgeQueue.self]
    static let migrations: [Migration] = []

    enum CreateQueue: Operation {
        struct Input: Decodable { let queueName: String }
        struct Output: Encodable { let queueUrl: String }
        static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
            Output(queueUrl: "\(context.endpoint)/\(context.account)/\(input.queueName)")
        }
    }

    enum SendMessage: Operation {
        struct Input: Decodable { let queueUrl: String, messageBody: String }
        struct Output: Encodable { let messageId: String, sequenceNumber: String }
        static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
            Output(messageId: input.messageBody, sequenceNumber: input.queueUrl)
        }
    }

    enum PurgeQueue: Operation {
        struct Input: Decodable {}
        static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Nothing {
            throw AWSError("PurgeQueueInProgress", "Wait.", queryCode: "AWS.SimpleQueueService.PurgeQueueInProgress")
        }
    }
}

private final class Objects: Service {
    static let id = "s3"
    static let operations: [any Operation.Type] = [PutObject.self, GetObject.self]
    static let migrations: [Migration] = []

    /// Tells in the ETag what has arrived.
    enum PutObject: Operation {
        struct Input: Decodable {
            let bucket: String, key: String
            let checksumCRC32: String?
        }
        struct Output: Encodable { let eTag: String }
        static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
            let body = context.request?.body ?? .bytes([])
            let kind = if case .file = body { "file" } else { "bytes" }
            return Output(eTag: "\(input.bucket) \(input.key) \(kind) \(body.count) \(input.checksumCRC32 ?? "-")")
        }
    }

    enum GetObject: Operation {
        struct Input: Decodable { let bucket: String, key: String }
        struct Output: Encodable { let contentType: String }
        static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
            guard input.key != "missing" else {
                throw AWSError("NoSuchKey", "The specified key does not exist.", status: 404)
            }
            context.reply?.body = .bytes(Array("\(input.bucket)/\(input.key)".utf8))
            context.reply?.status = 206
            context.reply?.addHeader("Accept-Ranges", "bytes")
            return Output(contentType: "text/x")
        }
    }
}

private func text(_ response: HTTPResponse) -> String {
    guard case .bytes(let bytes) = response.body else { return "file" }
    return String(decoding: bytes, as: UTF8.self)
}

private func get(_ path: String, query: String = "", _ headers: HTTPHeaders = [:], method: String = "GET")
    -> HTTPRequest
{
    HTTPRequest(method: method, path: path, query: query, headers: headers)
}

@Suite struct TheWayOfARequest {
    private let services: [any Service] = [Queues(), Objects(), Identity()]

    @Test func accountRegionAndEndpointAreTheCallers() async throws {
        try await TestServer.run(services) { server in
            let identity = try await server.call("sts", "GetCallerIdentity", region: "eu-north-1")
            #expect(identity["UserId"] == "eu-north-1")
            #expect(identity["Account"] == "000000000000")
            #expect(identity["Arn"] == .string(server.url))

            var request = try server.request("sts", "GetCallerIdentity")
            request.headers["Host"] = "baton.example:80"
            request.headers["Authorization"] = request.headers["Authorization"]
                .map {
                    $0.split(separator: "=", maxSplits: 1)[0] + "=123456789012/"
                        + $0.split(separator: "/", maxSplits: 1)[1]
                }
            let answer = text(try await server.send(request))
            #expect(answer.contains("<Account>123456789012</Account>"))
            #expect(answer.contains("<Arn>http://baton.example:80</Arn>"))
        }
    }

    @Test func bothProtocolsOfAQueueService() async throws {
        try await TestServer.run(services) { server in
            let created = try await server.call("sqs", "CreateQueue", ["QueueName": "jobs"])
            #expect(created["QueueUrl"] == .string("\(server.url)/000000000000/jobs"))

            let form = HTTPRequest(
                method: "POST", path: "/000000000000/jobs",
                headers: ["Content-Type": "application/x-www-form-urlencoded", "Host": "127.0.0.1:\(server.port)"],
                body: .bytes(Array("Action=SendMessage&MessageBody=a%26b&Version=2012-11-05".utf8)))
            let sent = try await server.send(form)
            #expect(sent.status == 200)
            #expect(text(sent).contains("<MessageId>a&amp;b</MessageId>"))
            #expect(text(sent).contains("/000000000000/jobs</SequenceNumber>"))
        }
    }

    /// What the first request of an operation has found out is kept for the others.
    @Test func laterRequestsOfAnOperationAreServedAsTheFirst() async throws {
        try await TestServer.run(services) { server in
            for name in ["one", "two"] {
                let created = try await server.call("sqs", "CreateQueue", ["QueueName": .string(name)])
                #expect(created["QueueUrl"] == .string("\(server.url)/000000000000/\(name)"))
                #expect(await server.failure("sqs", "CreateQueue", [:])?.code == "MissingRequiredParameterException")
                #expect(await server.failure("sqs", "DeleteQueue", ["QueueUrl": "u"])?.status == 501)
            }
            var request = try server.request("sqs", "CreateQueue", ["QueueName": "jobs"])
            request.headers["X-Amz-Target"] = "AmazonSQS.CreateQueues"
            #expect(try await server.send(request).status == 400)
        }
    }

    @Test func errorsLeaveInTheCallersProtocol() async throws {
        try await TestServer.run(services) { server in
            let missing = await server.failure("sqs", "SendMessage", ["QueueUrl": "u"])
            #expect(missing?.code == "MissingRequiredParameterException")
            #expect(missing?.message == "The request must contain the parameter MessageBody.")
            #expect(await server.failure("sqs", "DeleteQueue", ["QueueUrl": "u"])?.status == 501)

            let response = try await server.send(server.request("sqs", "PurgeQueue", ["QueueUrl": "u"]))
            #expect(response.status == 403)
            #expect(response.headers["x-amzn-query-error"] == "AWS.SimpleQueueService.PurgeQueueInProgress;Sender")
            #expect(response.headers["x-amzn-requestid"]?.utf8.count == 36)

            let noKey = try await server.send(get("/b/missing"))
            #expect(noKey.status == 404)
            #expect(text(noKey).contains("<Code>NoSuchKey</Code>"))
        }
    }

    @Test(arguments: [
        ("application/x-amz-json-1.0", "\"__type\":\"UnknownService\""),
        ("application/x-www-form-urlencoded", "<Code>UnknownService</Code>"), ("", "\"__type\":\"UnknownService\""),
    ])
    func anUnknownServiceIsNamed(_ type: String, _ expected: String) async throws {
        try await TestServer.run(services) { server in
            let scope = "k/20260101/us-east-1/quantum/aws4_request"
            let response = try await server.send(
                get("/", ["Authorization": "AWS4-HMAC-SHA256 Credential=\(scope)", "Content-Type": type]))
            #expect(response.status == 501)
            #expect(text(response).contains(expected))
            #expect(text(response).contains("quantum"))
        }
    }

    @Test func objectsStreamUnderBothKindsOfAddress() async throws {
        try await TestServer.run(services) { server in
            for (path, host) in [("/b/k/x", "127.0.0.1"), ("/k/x", "b.localhost:1"), ("/k/x", "b.s3.amazonaws.com")] {
                let response = try await server.send(get(path, ["Host": host]))
                #expect(response.status == 206)
                #expect(text(response) == "b/k/x")
                #expect(response.headers["Content-Type"] == "text/x")
                #expect(response.headers["Accept-Ranges"] == "bytes")
            }
            let put = try await server.call("s3", "PutObject", ["Bucket": "b", "Key": "k"], body: .bytes([1, 2]))
            #expect(put["ETag"] == "b k bytes 2 -")
        }
    }

    @Test func chunkedUploadsArriveDecodedWithTheirTrailers() async throws {
        try await TestServer.run(services) { server in
            var request = try server.request("s3", "PutObject", ["Bucket": "b", "Key": "k"])
            request.headers["X-Amz-Content-Sha256"] = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
            request.headers["X-Amz-Decoded-Content-Length"] = "5"
            request.body = .bytes(Array("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n".utf8))
            #expect(try await server.send(request).headers["ETag"] == "b k bytes 5 NhCmhg==")
            request.headers["X-Amz-Decoded-Content-Length"] = "6"
            #expect(text(try await server.send(request)).contains("<Code>IncompleteBody</Code>"))
        }
    }

    @Test func largeChunkedUploadsStayOnDisk() async throws {
        try await TemporaryFolder.with { folder in
            var configuration = HTTPServer.Configuration()
            configuration.spoolFolder = folder.path + "/incoming"
            try await TestServer.run(services, configuration: configuration) { server in
                let size = 9 * 1024 * 1024
                let data = [UInt8](repeating: 7, count: size)
                var request = try server.request("s3", "PutObject", ["Bucket": "b", "Key": "k"], body: .bytes(data))
                #expect(try await server.send(request).headers["ETag"] == "b k file \(size) -")

                request.headers["X-Amz-Content-Sha256"] = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
                let trailer = "\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
                request.body = .bytes(Array("\(String(size, radix: 16))\r\n".utf8) + data + Array(trailer.utf8))
                #expect(try await server.send(request).headers["ETag"] == "b k file \(size) NhCmhg==")
            }
            #expect(try folder.entries("incoming") == [])
        }
    }

    /// Whatever the body, the answer is one of the service's errors or a success, and the server lives on.
    @Test(arguments: 0..<6)
    func brokenBodiesGetAnAnswer(_ seed: UInt64) async throws {
        var random = SeededRandom(state: seed)
        try await TestServer.run(services) { server in
            let requests = [
                try server.request("sqs", "SendMessage", ["QueueUrl": "u", "MessageBody": "b"]),
                try server.request("sts", "GetCallerIdentity"),
                try server.request("s3", "PutObject", ["Bucket": "b", "Key": "k"], body: .bytes([1, 2, 3])),
                try server.request("lambda", "Invoke", ["FunctionName": "f"], body: .bytes(Array("{}".utf8))),
                HTTPRequest(
                    method: "POST", path: "/", headers: ["Content-Type": "application/x-www-form-urlencoded"],
                    body: .bytes(Array("Action=SendMessage&MessageBody=x&MessageAttribute.1.Name=n".utf8))),
            ]
            for _ in 0..<60 {
                guard var request = requests.randomElement(using: &random) else { continue }
                guard case .bytes(var bytes) = request.body else { continue }
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let place = Int.random(in: 0...bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                    case 1: bytes.insert(contentsOf: Array("[{\"a.1&%ff=".utf8).shuffled(using: &random), at: place)
                    default: bytes.removeSubrange(place..<min(place + 2, bytes.count))
                    }
                }
                request.body = .bytes(bytes)
                if Int.random(in: 0..<4, using: &random) == 0 { request.headers["Content-Type"] = "text/plain" }
                if Int.random(in: 0..<4, using: &random) == 0 { request.headers["Authorization"] = "AWS4 Credential=/" }
                let status = try await server.send(request).status
                #expect([200, 204, 206, 400, 403, 404, 405, 411, 413, 501].contains(status), "status \(status)")
            }
            let deep = [UInt8](repeating: UInt8(ascii: "["), count: 10_000)
            var request = requests[0]
            request.body = .bytes(deep)
            #expect(try await server.send(request).status == 400)
            #expect(try await server.call("sts", "GetCallerIdentity")["UserId"] == "us-east-1")
        }
    }

    @Test(arguments: [
        ("sqs", "SendMessage", 9_000_000, 413, "RequestEntityTooLargeException"),
        ("lambda", "Invoke", 6_400_000, 413, "RequestTooLargeException"),
    ])
    func tooLargeBodiesAreRefusedInTheServicesWords(
        _ service: String, _ operation: String, _ length: Int, _ status: Int, _ code: String
    ) async throws {
        try await TestServer.run(services) { server in
            let request = try server.request(service, operation, ["QueueUrl": "u", "FunctionName": "f"])
            let client = try await RawClient.connect(server.port)
            let fields = request.headers.fields.filter { $0.name.lowercased() != "content-length" }
            client.send(
                "POST \(request.path) HTTP/1.1\r\n"
                    + fields.map { "\($0.name): \($0.value)\r\n" }.joined() + "Content-Length: \(length)\r\n\r\n")
            let response = try await client.response()
            #expect(response.status == status)
            #expect(response.body.contains(code) || response.headers["x-amzn-errortype"] == code)
            client.close()
        }
    }
}

@Suite struct WhoMayCall {
    private static let credentials = SigV4.Credentials(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret")
    private let services: [any Service] = [Queues(), Objects(), Identity()]

    private var settings: Gateway.Settings {
        var settings = Gateway.Settings()
        settings.accessKeys = { $0 == "AKIDEXAMPLE" ? .init(secret: "secret", account: "111122223333") : nil }
        return settings
    }

    @Test func withKeysOnlySignedRequestsAreServed() async throws {
        try await TestServer.run(services, settings: settings) { server in
            let identity = try await server.call("sts", "GetCallerIdentity", credentials: Self.credentials)
            #expect(identity["Account"] == "111122223333")
            let put = try await server.call(
                "s3", "PutObject", ["Bucket": "b", "Key": "k"], body: .bytes([1]), credentials: Self.credentials)
            #expect(put["ETag"] == "b k bytes 1 -")

            let wrong = SigV4.Credentials(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wrong")
            let unknown = SigV4.Credentials(accessKeyId: "AKID", secretAccessKey: "secret")
            #expect(
                await server.failure("sts", "GetCallerIdentity", credentials: wrong)?.code == "SignatureDoesNotMatch")
            #expect(
                await server.failure("sts", "GetCallerIdentity", credentials: unknown)?.code == "InvalidClientTokenId")
            #expect(
                await server.failure("sqs", "CreateQueue", ["QueueName": "q"], credentials: unknown)?.code
                    == "UnrecognizedClientException")
            #expect(try await server.send(get("/b/k")).status == 403)
            #expect(try await server.send(get("/_baton/health")).status == 200)
        }
    }

    @Test func oldSignaturesAreRefused() async throws {
        try await TestServer.run(services, settings: settings) { server in
            let request = try server.request("sts", "GetCallerIdentity", credentials: Self.credentials)
            server.clock.advance(byMs: 16 * 60_000)
            #expect(try await server.send(request).status == 403)
        }
    }

    @Test(arguments: [
        ("http://localhost:3000", 206), ("https://127.0.0.1", 206), ("http://[::1]:80", 206),
        ("http://app.localhost", 206), ("https://good.example", 206), ("https://evil.example", 403),
        ("http://localhost.evil.example", 403), ("http://127.0.0.1.evil.example", 403), ("null", 403),
        ("file://localhost", 403),
    ])
    func pagesOfOtherOriginsAreRefused(_ origin: String, _ status: Int) async throws {
        var settings = Gateway.Settings()
        settings.allowedOrigins = ["https://good.example"]
        try await TestServer.run(services, settings: settings) { server in
            let response = try await server.send(get("/b/k", ["Origin": origin]))
            #expect(response.status == status)
            #expect(response.headers["Access-Control-Allow-Origin"] == (status == 403 ? nil : origin))
            let preflight = try await server.send(
                get(
                    "/b/k",
                    [
                        "Origin": origin, "Access-Control-Request-Method": "PUT",
                        "Access-Control-Request-Headers": "x-amz-target",
                    ], method: "OPTIONS"))
            #expect(preflight.status == (status == 403 ? 403 : 204))
            #expect(preflight.headers["Access-Control-Allow-Headers"] == (status == 403 ? nil : "x-amz-target"))
        }
    }
}

@Suite struct WhatBatonTellsOfItself {
    private let services: [any Service] = [Queues(), Objects(), Identity()]

    private func json(_ response: HTTPResponse) throws -> JSON {
        guard case .bytes(let bytes) = response.body else { return .null }
        return try JSON.parse(bytes)
    }

    @Test func health() async throws {
        var settings = Gateway.Settings()
        settings.version = "1.2.3"
        try await TestServer.run(services, settings: settings) { server in
            let health = try json(await server.send(get("/_baton/health")))
            #expect(health["status"] == "ok")
            #expect(health["version"] == "1.2.3")
            #expect(health["services"] == ["s3": "running", "sqs": "running", "sts": "running"])
            #expect(health["clock"] == ["kind": "controlled", "nowMs": 1_767_225_600_000])
            #expect(
                try json(await server.send(get("/_localstack/health"))) == [
                    "services": ["s3": "running", "sqs": "running", "sts": "running"], "edition": "community",
                    "version": "1.2.3",
                ])
            #expect(try await server.send(get("/_baton/health", method: "POST")).status == 405)
            #expect(try await server.send(get("/_baton/nothing")).status == 404)
        }
    }

    @Test func metrics() async throws {
        try await TestServer.run(services) { server in
            for name in ["a", "b"] { try await server.call("sqs", "CreateQueue", ["QueueName": .string(name)]) }
            _ = await server.failure("sqs", "PurgeQueue", ["QueueUrl": "u"])
            _ = try await server.send(get("/b/missing"))
            let lines = text(try await server.send(get("/_baton/metrics"))).split(separator: "\n").map(String.init)
            for line in [
                "baton_requests_total{service=\"sqs\",operation=\"CreateQueue\",status=\"200\"} 2",
                "baton_requests_total{service=\"sqs\",operation=\"PurgeQueue\",status=\"403\"} 1",
                "baton_requests_total{service=\"s3\",operation=\"GetObject\",status=\"404\"} 1",
                "baton_request_duration_seconds_count{service=\"sqs\",operation=\"CreateQueue\"} 2",
                "baton_request_duration_seconds_bucket{service=\"sqs\",operation=\"CreateQueue\",le=\"+Inf\"} 2",
                "baton_connections_accepted_total 5", "baton_requests_in_flight 1",
                "# TYPE baton_request_duration_seconds histogram",
            ] { #expect(lines.contains(line), "\(line)") }
        }
    }

    @Test func thePageForPeople() async throws {
        try await TestServer.run(services) { server in
            let page = try await server.send(get("/_baton/"))
            #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
            #expect(text(page).contains("<tr><td>sqs</td><td>3</td><td>0</td><td>0</td></tr>"))
        }
    }
}
