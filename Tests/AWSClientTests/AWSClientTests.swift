import JSON
import Synchronization
import Testing

@testable import AWSClient

/// Answers requests from a list, the last answer for ever, and notes what was asked of it.
final class Script: HTTPTransport {
    enum Line: Sendable {
        case answer(Int, String, HTTPHeaders = [:])
        case lost(isTimeout: Bool = false)
    }

    private let state: Mutex<(lines: [Line], requests: [(request: HTTPRequest, origin: String)], pauses: [Int])>

    init(_ lines: Line...) { state = Mutex((lines, [], [])) }

    var requests: [HTTPRequest] { state.withLock { $0.requests.map(\.request) } }
    var origins: [String] { state.withLock { $0.requests.map(\.origin) } }
    var pauses: [Int] { state.withLock { $0.pauses } }

    func send(
        _ request: HTTPRequest, to origin: String, timeoutMs: Int?, savingTo path: String?
    ) async throws(TransportFailure) -> HTTPResponse {
        let line = state.withLock { state in
            state.requests.append((request, origin))
            return state.lines.count > 1 ? state.lines.removeFirst() : state.lines[0]
        }
        switch line {
        case .answer(let status, let body, let headers):
            return HTTPResponse(status: status, headers: headers, body: .bytes(Array(body.utf8)))
        case .lost(let isTimeout): throw TransportFailure("lost", isTimeout: isTimeout)
        }
    }

    func client(_ change: (inout Configuration) -> Void = { _ in }) -> AWSClient {
        var configuration = Configuration(
            region: "us-west-2", credentials: SigV4.Credentials(accessKeyId: "AK", secretAccessKey: "secret"),
            endpoint: "http://127.0.0.1:4566")
        change(&configuration)
        let surroundings = Surroundings(
            nowMs: { 1_709_251_147_000 },
            sleep: { pause in self.state.withLock { $0.pauses.append(pause) } },
            random: { 0.5 })
        return AWSClient(configuration, transport: self, surroundings: surroundings)
    }
}

@Suite("Calls")
struct CallTests {
    @Test("a call is signed and read")
    func call() async throws {
        let script = Script(.answer(200, #"{"MessageId":"m","MD5OfMessageBody":"x"}"#, ["x-amzn-RequestId": "r"]))
        let answer = try await script.client().answer("sqs", "SendMessage", ["QueueUrl": "q", "MessageBody": "hello"])
        #expect(answer.output["MessageId"] == "m")
        #expect(answer.requestId == "r")
        let request = try #require(script.requests.first)
        #expect(request.headers["X-Amz-Target"] == "AmazonSQS.SendMessage")
        #expect(request.headers["Host"] == "127.0.0.1:4566")
        #expect(script.origins == ["http://127.0.0.1:4566"])
        let verified = try SigV4.verify(request, nowMs: 1_709_251_147_000) { _ in "secret" }
        #expect(verified.scope.service == "sqs")
        #expect(verified.scope.region == "us-west-2")
    }

    @Test("an error of the service is thrown with its fields")
    func error() async throws {
        let script = Script(
            .answer(
                400, #"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}"#))
        let error = await #expect(throws: AWSError.self) {
            try await script.client().call("dynamodb", "PutItem", ["TableName": "t", "Item": [:]])
        }
        #expect(error?.code == "ConditionalCheckFailedException")
        #expect(error?.message == "no")
        #expect(script.requests.count == 1)
    }

    @Test(
        "transient failures are tried three times, with growing pauses",
        arguments: [
            (Script.Line.answer(500, ""), "InternalFailure"),
            (.answer(503, #"{"__type":"ServiceUnavailable"}"#), "ServiceUnavailable"),
            (.answer(400, #"{"__type":"ThrottlingException"}"#), "ThrottlingException"),
            (.lost(), "EndpointConnectionError"),
            (.lost(isTimeout: true), "ReadTimeoutError"),
        ])
    func retries(_ line: Script.Line, _ code: String) async throws {
        let script = Script(line)
        let error = await #expect(throws: AWSError.self) { try await script.client().call("sqs", "ListQueues") }
        #expect(error?.code == code)
        #expect(script.requests.count == 3)
        #expect(script.pauses == [50, 100])
    }

    @Test("the second attempt may succeed")
    func recovers() async throws {
        let script = Script(.lost(), .answer(200, #"{"QueueUrls":["q"]}"#))
        #expect(try await script.client().call("sqs", "ListQueues")["QueueUrls"] == ["q"])
    }

    @Test("bodies are streamed past the tree")
    func streaming() async throws {
        let script = Script(.answer(200, "content", ["ETag": "\"e\""]))
        let client = script.client()
        _ = try await client.answer(
            "s3", "PutObject", ["Bucket": "b", "Key": "a/ü x"], body: .bytes(Array("content".utf8)))
        let answer = try await client.answer("s3", "GetObject", ["Bucket": "b", "Key": "k"])
        #expect(answer.body == .bytes(Array("content".utf8)))
        #expect(answer.output["ETag"] == "\"e\"")
        let put = try #require(script.requests.first)
        #expect(put.path == "/b/a/%C3%BC%20x")
        #expect(put.body == .bytes(Array("content".utf8)))
        #expect(try SigV4.verify(put, nowMs: 1_709_251_147_000) { _ in "secret" }.scope.service == "s3")
    }

    @Test("what keeps repeated calls apart is filled in")
    func tokens() async throws {
        let script = Script(.answer(200, "{}"))
        _ = try await script.client().call("ecs", "RunTask", ["taskDefinition": "t"])
        _ = try await script.client().call("ecs", "RunTask", ["taskDefinition": "t", "clientToken": "own"])
        let bodies = script.requests.map { request -> JSON in
            guard case .bytes(let bytes) = request.body else { return .null }
            return (try? JSON.parse(bytes)) ?? .null
        }
        #expect(bodies[0]["clientToken"] == "88888888-8888-8888-8888-888888888888")
        #expect(bodies[1]["clientToken"] == "own")
    }

    @Test(
        "unknown services and operations",
        arguments: [("nope", "X", "UnknownServiceError"), ("sqs", "X", "UnknownOperation")])
    func unknown(_ service: String, _ operation: String, _ code: String) async {
        let error = await #expect(throws: AWSError.self) {
            try await Script(.lost()).client().call(service, operation)
        }
        #expect(error?.code == code)
    }

    @Test("without credentials only this machine is called")
    func placeholder() async throws {
        let local = Script(.answer(200, "{}"))
        _ = try await local.client { $0.credentials = nil }.call("sqs", "ListQueues")
        #expect(CredentialScope.parse(try #require(local.requests.first))?.accessKeyId == "000000000000")
        let error = await #expect(throws: AWSError.self) {
            try await local.client { configuration in
                configuration.credentials = nil
                configuration.endpoint = nil
            }.call("sqs", "ListQueues")
        }
        #expect(error?.code == "NoCredentialsError")
    }
}

@Suite("Settings of a client")
struct ConfigurationTests {
    @Test(
        "endpoints",
        arguments: [
            ("sqs", "us-west-2", "https://sqs.us-west-2.amazonaws.com", "us-west-2"),
            ("logs", "us-west-2", "https://logs.us-west-2.amazonaws.com", "us-west-2"),
            ("stepfunctions", "us-west-2", "https://states.us-west-2.amazonaws.com", "us-west-2"),
            ("emr", "us-west-2", "https://elasticmapreduce.us-west-2.amazonaws.com", "us-west-2"),
            ("s3", "eu-west-1", "https://s3.eu-west-1.amazonaws.com", "eu-west-1"),
            ("sts", "eu-west-1", "https://sts.eu-west-1.amazonaws.com", "eu-west-1"),
            ("iam", "eu-west-1", "https://iam.amazonaws.com", "us-east-1"),
            ("sqs", "cn-north-1", "https://sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ])
    func endpoints(_ service: String, _ region: String, _ origin: String, _ signingRegion: String) async throws {
        let script = Script(.answer(404, ""))
        let client = script.client { configuration in
            configuration.endpoint = nil
            configuration.region = region
        }
        let operations = [
            "sqs": "ListQueues", "logs": "DescribeLogGroups", "s3": "ListBuckets", "sts": "GetCallerIdentity",
            "iam": "ListRoles", "stepfunctions": "StartExecution", "emr": "AddJobFlowSteps",
        ]
        _ = try? await client.call(service, operations[service] ?? "")
        #expect(script.origins.first == origin)
        #expect(CredentialScope.parse(try #require(script.requests.first))?.region == signingRegion)
    }

    @Test(
        "hosts and prefixes of endpoints",
        arguments: [
            ("http://h:80", "http://h:80", "h", ""), ("https://h:443/", "https://h:443", "h", ""),
            ("https://h:80/a/b", "https://h:80", "h:80", "/a/b"),
            ("http://[::1]:4566", "http://[::1]:4566", "[::1]:4566", ""),
            ("localhost:4566", "http://localhost:4566", "localhost:4566", ""),
        ])
    func urls(_ url: String, _ origin: String, _ host: String, _ prefix: String) {
        let endpoint = Endpoint.of(service: "sqs", name: "SQS", prefix: "sqs", Configuration(endpoint: url))
        #expect(endpoint.origin == origin)
        #expect(endpoint.host == host)
        #expect(endpoint.prefix == prefix)
    }

    private static let credentials = """
        # comment
        [default]
        aws_access_key_id = AKD
        aws_secret_access_key=SECRET=WITH=EQUALS
        [work]
        aws_access_key_id = AKW
        aws_secret_access_key = W
        aws_session_token = T
        """
    private static let config = """
        [default]
        region = eu-west-1
        s3 =
          max_concurrent_requests = 20
        [profile work]
        region = eu-central-1
        endpoint_url = http://work:1
        """

    private func configuration(_ environment: [String: String]) -> Configuration {
        Configuration.of(environment: environment.merging(["HOME": "/home/u"]) { own, _ in own }) { path in
            ["/home/u/.aws/credentials": Self.credentials, "/home/u/.aws/config": Self.config][path]
        }
    }

    @Test(
        "the environment comes before the profile",
        arguments: [
            ([:], "AKD", "eu-west-1", nil), (["AWS_PROFILE": "work"], "AKW", "eu-central-1", "http://work:1"),
            (
                [
                    "AWS_ACCESS_KEY_ID": "AKE", "AWS_SECRET_ACCESS_KEY": "E", "AWS_REGION": "us-west-2",
                    "AWS_ENDPOINT_URL": "http://e:1",
                ],
                "AKE", "us-west-2", "http://e:1"
            ),
            (["AWS_PROFILE": "none", "AWS_DEFAULT_REGION": "us-west-1"], nil, "us-west-1", nil),
            (["AWS_PROFILE": "none"], nil, "us-east-1", nil),
        ] as [([String: String], String?, String, String?)])
    func sources(_ environment: [String: String], _ key: String?, _ region: String, _ endpoint: String?) {
        let configuration = configuration(environment)
        #expect(configuration.credentials?.accessKeyId == key)
        #expect(configuration.region == region)
        #expect(configuration.endpoint == endpoint)
    }

    @Test("values of profiles") func values() {
        #expect(configuration([:]).credentials?.secretAccessKey == "SECRET=WITH=EQUALS")
        #expect(configuration(["AWS_PROFILE": "work"]).credentials?.sessionToken == "T")
        #expect(configuration(["AWS_MAX_ATTEMPTS": "5"]).retry.maxAttempts == 5)
    }

    @Test("single services may have their own endpoint")
    func single() async throws {
        let script = Script(.answer(404, ""))
        let client = script.client { configuration in
            configuration.endpoints = configuration.endpoints.merging(
                self.configuration(["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://logs:1"]).endpoints
            ) { $1 }
        }
        _ = try? await client.call("logs", "DescribeLogGroups")
        _ = try? await client.call("sqs", "ListQueues")
        #expect(script.origins == ["http://logs:1", "http://127.0.0.1:4566"])
    }
}

@Suite("Retry policy")
struct RetryPolicyTests {
    @Test("pauses", arguments: [(1, 100), (2, 200), (3, 400), (9, 20_000), (70, 20_000)])
    func pauses(_ attempt: Int, _ bound: Int) {
        let error = AWSError("InternalFailure", "", status: 500)
        let policy = RetryPolicy(maxAttempts: 100)
        #expect(policy.pauseMs(after: error, attempt: attempt, random: 0) == 0)
        #expect(policy.pauseMs(after: error, attempt: attempt, random: 0.5) == bound / 2)
    }

    @Test("the last attempt is the last")
    func last() {
        let error = AWSError("InternalFailure", "", status: 500)
        #expect(RetryPolicy(maxAttempts: 3).pauseMs(after: error, attempt: 2, random: 0) != nil)
        #expect(RetryPolicy(maxAttempts: 3).pauseMs(after: error, attempt: 3, random: 0) == nil)
    }

    @Test(
        "what is transient",
        arguments: [
            ("InternalFailure", 500, true), ("X", 502, true), ("X", 501, false), ("X", 429, true),
            ("SlowDown", 503, true),
            ("ProvisionedThroughputExceededException", 400, true), ("RequestTimeout", 400, true),
            ("ValidationException", 400, false),
            ("AccessDenied", 403, false), ("QueueDoesNotExist", 400, false),
        ])
    func transient(_ code: String, _ status: Int, _ isTransient: Bool) {
        #expect(RetryPolicy.isTransient(AWSError(code, "", status: status)) == isTransient)
    }
}
