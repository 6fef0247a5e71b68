import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import SQS
import Synchronization
import Testing

@testable import APIGatewayV2

/// A Baton with HTTP APIs, real queues and pretended functions and state machines.
private struct Bench {
    let host: TestHost
    let lambda = PretendedLambda()
    let states = PretendedStates()

    init() async throws { host = try await TestHost([SQS(), lambda, states, APIGatewayV2()]) }

    @discardableResult
    func gateway(_ operation: String, _ input: JSON = [:]) async throws -> JSON {
        try await host.call("apigatewayv2", operation, input)
    }

    func failure(_ operation: String, _ input: JSON) async -> AWSError? {
        await host.failure("apigatewayv2", operation, input)
    }

    /// An API with one route to an integration and the stage `$default`.
    func api(_ key: String, _ integration: JSON, cors: JSON? = nil) async throws -> JSON {
        var input: JSON = ["Name": "api", "ProtocolType": "HTTP"]
        input["CorsConfiguration"] = cors
        let id = try #require(try await gateway("CreateApi", input)["ApiId"])
        var settings = integration
        settings["ApiId"] = id
        let made = try await gateway("CreateIntegration", settings)
        let target = JSON.string("integrations/\(made["IntegrationId"]?.string ?? "")")
        try await gateway("CreateRoute", ["ApiId": id, "RouteKey": .string(key), "Target": target])
        try await gateway("CreateStage", ["ApiId": id, "StageName": "$default", "AutoDeploy": true])
        return id
    }

    func send(
        _ method: String, _ api: JSON, _ path: String, query: String = "", _ headers: HTTPHeaders = [:],
        _ body: String = ""
    ) async throws -> (status: Int, headers: HTTPHeaders, body: String) {
        var headers = headers
        headers["host"] = "\(api.string ?? "").execute-api.localhost:4566"
        let request = HTTPRequest(
            method: method, path: path, query: query, headers: headers, body: .bytes(Array(body.utf8)))
        let response = await host.host.answer(api: request)
        guard case .bytes(let bytes) = response.body else { return (response.status, response.headers, "") }
        return (response.status, response.headers, String(decoding: bytes, as: UTF8.self))
    }

    static let function: JSON = [
        "IntegrationType": "AWS_PROXY", "IntegrationUri": "arn:aws:lambda:us-east-1:000000000000:function:f",
        "PayloadFormatVersion": "2.0",
    ]
}

private final class PretendedLambda: Service {
    static let id = "lambda"
    static let operations: [any BatonCore.Operation.Type] = [Invoke.self]
    static let migrations: [Migration] = []
    let events = Mutex<[JSON]>([])
    let answer = Mutex<JSON>(["statusCode": 200])

    struct Output: Encodable, Sendable {
        let statusCode = 200
        let payload: [UInt8]
    }

    enum Invoke: BatonCore.Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> Output {
            let lambda = context.service(PretendedLambda.self)
            let event = (try? JSON.parse(input["Payload"]?.bytes ?? [])) ?? .null
            lambda.events.withLock { $0.append(event) }
            return Output(payload: lambda.answer.withLock { $0 }.serialized())
        }
    }
}

private final class PretendedStates: Service {
    static let id = "stepfunctions"
    static let operations: [any BatonCore.Operation.Type] = [StartExecution.self]
    static let migrations: [Migration] = []
    let inputs = Mutex<[JSON]>([])

    enum StartExecution: BatonCore.Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
            if input["name"] == "taken" { throw AWSError("ExecutionAlreadyExists", "Execution Already Exists") }
            context.service(PretendedStates.self).inputs.withLock { $0.append(input) }
            return ["executionArn": "arn:execution", "startDate": 1]
        }
    }
}

@Suite("HTTP APIs with functions") struct FunctionIntegrationTests {
    @Test("pass requests in format 2.0")
    func second() async throws {
        let bench = try await Bench()
        let api = try await bench.api("POST /pets/{id}", Bench.function)
        bench.lambda.answer.withLock {
            $0 = ["statusCode": 201, "headers": ["X-A": "b"], "cookies": ["c=1"], "body": "made"]
        }
        let headers = HTTPHeaders([
            ("Content-Type", "application/json"), ("X-Two", "1"), ("x-two", "2"), ("Cookie", "a=1; b=2"),
        ])
        let answer = try await bench.send("POST", api, "/pets/7", query: "q=1&q=2&r=a%20b", headers, #"{"a":1}"#)
        #expect(answer.status == 201)
        #expect(answer.headers["x-a"] == "b")
        #expect(answer.headers["set-cookie"] == "c=1")
        #expect(answer.body == "made")
        let event = try #require(bench.lambda.events.withLock { $0.first })
        #expect(event["version"] == "2.0")
        #expect(event["routeKey"] == "POST /pets/{id}")
        #expect(event["rawPath"] == "/pets/7")
        #expect(event["rawQueryString"] == "q=1&q=2&r=a%20b")
        #expect(event["cookies"] == ["a=1", "b=2"])
        #expect(event["headers"]?["x-two"] == "1,2")
        #expect(event["queryStringParameters"] == ["q": "1,2", "r": "a b"])
        #expect(event["pathParameters"] == ["id": "7"])
        #expect(event["requestContext"]?["http"]?["method"] == "POST")
        #expect(event["requestContext"]?["stage"] == "$default")
        #expect(event["body"]?.string == #"{"a":1}"#)
        #expect(event["isBase64Encoded"] == false)
    }

    @Test("pass requests in format 1.0")
    func first() async throws {
        let bench = try await Bench()
        var integration = Bench.function
        integration["PayloadFormatVersion"] = "1.0"
        let api = try await bench.api("ANY /{proxy+}", integration)
        #expect(try await bench.send("GET", api, "/x/y", query: "q=1&q=2").status == 200)
        let event = try #require(bench.lambda.events.withLock { $0.first })
        #expect(event["version"] == "1.0")
        #expect(event["resource"] == "/{proxy+}")
        #expect(event["httpMethod"] == "GET")
        #expect(event["multiValueQueryStringParameters"] == ["q": ["1", "2"]])
        #expect(event["pathParameters"] == ["proxy": "x/y"])
        #expect(event["body"] == .null)
    }

    /// What a function answers, the status and the body that arrive.
    static let answers: [(JSON, Int, String)] = [
        (["a": 1], 200, #"{"a":1}"#), ("hello", 200, "hello"), (["statusCode": 204], 204, ""),
        (["statusCode": 200, "body": "aGk=", "isBase64Encoded": true], 200, "hi"),
        (["statusCode": "404", "body": "no"], 404, "no"),
        (["statusCode": 9999], 500, #"{"message":"Internal Server Error"}"#),
    ]

    @Test("understand answers", arguments: answers)
    func answer(answer: JSON, status: Int, body: String) async throws {
        let bench = try await Bench()
        let api = try await bench.api("$default", Bench.function)
        bench.lambda.answer.withLock { $0 = answer }
        let response = try await bench.send("GET", api, "/")
        #expect(response.status == status)
        #expect(response.body == body)
    }

    @Test("answer 404 where there is no route, stage or API")
    func notFound() async throws {
        let bench = try await Bench()
        let api = try await bench.api("GET /x", Bench.function)
        #expect(try await bench.send("GET", api, "/y").status == 404)
        #expect(try await bench.send("GET", "absent", "/x").body == #"{"message":"Not Found"}"#)
    }

    @Test("are made with one request")
    func quick() async throws {
        let bench = try await Bench()
        let made = try await bench.gateway(
            "CreateApi",
            ["Name": "a", "ProtocolType": "HTTP", "Target": "arn:aws:lambda:us-east-1:000000000000:function:f"])
        let api = try #require(made["ApiId"])
        #expect(made["ApiEndpoint"]?.string == "http://\(api.string ?? "").execute-api.localhost:4566")
        #expect(try await bench.send("GET", api, "/any/path").status == 200)
    }
}

@Suite("Stages") struct StageTests {
    @Test("without automatic deployment serve their deployment")
    func deployment() async throws {
        let bench = try await Bench()
        let api = try await bench.api("GET /x", Bench.function)
        try await bench.gateway(
            "CreateStage", ["ApiId": api, "StageName": "prod", "StageVariables": ["colour": "blue"]])
        #expect(try await bench.send("GET", api, "/prod/x").status == 404)
        try await bench.gateway("CreateDeployment", ["ApiId": api, "StageName": "prod"])
        #expect(try await bench.send("GET", api, "/prod/x").status == 200)
        let event = try #require(bench.lambda.events.withLock { $0.last })
        #expect(event["rawPath"] == "/prod/x")
        #expect(event["stageVariables"] == ["colour": "blue"])
        let route = try await bench.gateway("GetRoutes", ["ApiId": api])["Items"]?[0]?["RouteId"] ?? ""
        try await bench.gateway("UpdateRoute", ["ApiId": api, "RouteId": route, "RouteKey": "GET /z"])
        #expect(try await bench.send("GET", api, "/z").status == 200)
        #expect(try await bench.send("GET", api, "/prod/z").status == 404)
        #expect(try await bench.send("GET", api, "/prod/x").status == 200)
    }
}

@Suite("HTTP APIs with services") struct ServiceIntegrationTests {
    @Test("start state machines with parts of the request")
    func start() async throws {
        let bench = try await Bench()
        let api = try await bench.api(
            "POST /start",
            [
                "IntegrationType": "AWS_PROXY", "IntegrationSubtype": "StepFunctions-StartExecution",
                "CredentialsArn": "arn:aws:iam::000000000000:role/r", "PayloadFormatVersion": "1.0",
                "RequestParameters": [
                    "StateMachineArn": "$request.body.stateMachineArn", "Input": "$request.body.input",
                    "Name": "$request.header.x-name",
                ],
            ])
        let body = #"{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m","input":"{\"a\":1}"}"#
        let answer = try await bench.send("POST", api, "/start", [:], body)
        #expect(answer.status == 200)
        #expect(try JSON.parse(answer.body)["executionArn"] == "arn:execution")
        let input: JSON = [
            "stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:m", "input": #"{"a":1}"#,
        ]
        #expect(bench.states.inputs.withLock { $0 } == [input])
        let refused = try await bench.send("POST", api, "/start", ["X-Name": "taken"], body)
        #expect(refused.status == 400)
        #expect(try JSON.parse(refused.body)["__type"] == "ExecutionAlreadyExists")
    }

    @Test("send messages")
    func message() async throws {
        let bench = try await Bench()
        let url = try #require(try await bench.host.call("sqs", "CreateQueue", ["QueueName": "q"])["QueueUrl"])
        let api = try await bench.api(
            "POST /send",
            [
                "IntegrationType": "AWS_PROXY", "IntegrationSubtype": "SQS-SendMessage", "PayloadFormatVersion": "1.0",
                "RequestParameters": ["QueueUrl": url, "MessageBody": "${request.querystring.who}: $ {request.body}"],
            ])
        #expect(try await bench.send("POST", api, "/send", query: "who=me", [:], "hello").status == 200)
        let received = try await bench.host.call("sqs", "ReceiveMessage", ["QueueUrl": url])
        #expect(received["Messages"]?[0]?["Body"] == "me: $ {request.body}")
    }

    @Test("pass requests on to other servers")
    func proxy() async throws {
        let bench = try await Bench()
        let api = try await bench.api(
            "ANY /in/{proxy+}",
            [
                "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY",
                "IntegrationUri": "https://example.com/{proxy}",
                "RequestParameters": ["append:header.x-stage": "$context.stage", "remove:querystring.secret": "''"],
                "ResponseParameters": ["404": ["overwrite:statuscode": "200", "append:header.x-was": "404"]],
            ])
        await bench.host.http.prepare([HTTPResponse(status: 404, body: .bytes(Array("none".utf8)))])
        let answer = try await bench.send("PUT", api, "/in/a/b", query: "k=v&secret=1", ["x-own": "1"], "body")
        #expect(answer.status == 200)
        #expect(answer.headers["x-was"] == "404")
        #expect(answer.body == "none")
        let (request, url) = try #require(await bench.host.http.sent.first)
        #expect(url == "https://example.com/a/b?k=v")
        #expect(request.method == "PUT")
        #expect(request.headers["x-own"] == "1")
        #expect(request.headers["x-stage"] == "$default")
        #expect(request.body == .bytes(Array("body".utf8)))
    }
}

@Suite("HTTP APIs for web pages") struct CrossOriginTests {
    static let rules: JSON = [
        "AllowOrigins": ["https://app.example.com"], "AllowMethods": ["GET", "POST"], "AllowHeaders": ["x-a"],
        "ExposeHeaders": ["x-b"], "MaxAge": 60, "AllowCredentials": true,
    ]

    @Test("answer the questions of browsers")
    func preflight() async throws {
        let bench = try await Bench()
        let api = try await bench.api("GET /x", Bench.function, cors: Self.rules)
        let asked: HTTPHeaders = ["Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"]
        let answer = try await bench.send("OPTIONS", api, "/x", asked)
        #expect(answer.status == 204)
        #expect(answer.headers["access-control-allow-origin"] == "https://app.example.com")
        #expect(answer.headers["access-control-allow-methods"] == "GET,POST")
        #expect(answer.headers["access-control-max-age"] == "60")
        let other = try await bench.send("GET", api, "/x", ["Origin": "https://evil.example.com"])
        #expect(other.status == 200)
        #expect(other.headers["access-control-allow-origin"] == nil)
        let own = try await bench.send("GET", api, "/x", ["Origin": "https://app.example.com"])
        #expect(own.headers["access-control-expose-headers"] == "x-b")
    }
}

@Suite("The API of HTTP APIs") struct APITests {
    /// An operation, its input, the code and message of the refusal; `%` is the id of an API.
    static let refusals: [(String, JSON, String, String)] = [
        ("GetApi", ["ApiId": "absent"], "NotFoundException", "Invalid API identifier specified 000000000000:absent"),
        (
            "CreateApi", ["Name": "a", "ProtocolType": "WEBSOCKET"], "BadRequestException",
            "Baton has HTTP APIs only: ProtocolType must be HTTP"
        ),
        ("GetRoute", ["ApiId": "%", "RouteId": "x"], "NotFoundException", "Invalid Route identifier specified x"),
        (
            "CreateRoute", ["ApiId": "%", "RouteKey": "GET /x"], "ConflictException",
            "Route with key GET /x already exists for this API"
        ),
        ("CreateStage", ["ApiId": "%", "StageName": "$default"], "ConflictException", "Stage already exists"),
        (
            "CreateRoute", ["ApiId": "%", "RouteKey": "x"], "BadRequestException",
            "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> "
                + "/<RESOURCE PATH>\" or \"$default\""
        ),
    ]

    @Test("refuses", arguments: refusals)
    func refused(operation: String, input: JSON, code: String, message: String) async throws {
        let bench = try await Bench()
        let api = try await bench.api("GET /x", Bench.function)
        var input = input
        if input["ApiId"] == "%" { input["ApiId"] = api }
        let error = await bench.failure(operation, input)
        #expect(error?.code == code)
        #expect(error?.message == message)
    }

    @Test("shows, changes and removes")
    func life() async throws {
        let bench = try await Bench()
        let api = try await bench.api("GET /x", Bench.function)
        try await bench.gateway("UpdateApi", ["ApiId": api, "Description": "d"])
        #expect(try await bench.gateway("GetApis")["Items"]?[0]?["Description"] == "d")
        let arn = JSON.string("arn:aws:apigateway:us-east-1::/apis/\(api.string ?? "")")
        try await bench.gateway("TagResource", ["ResourceArn": arn, "Tags": ["k": "v"]])
        #expect(try await bench.gateway("GetTags", ["ResourceArn": arn])["Tags"] == ["k": "v"])
        let integration =
            try await bench.gateway("GetIntegrations", ["ApiId": api])["Items"]?[0]?["IntegrationId"] ?? ""
        #expect(
            await bench.failure("DeleteIntegration", ["ApiId": api, "IntegrationId": integration])?.code
                == "ConflictException")
        try await bench.gateway("DeleteApi", ["ApiId": api])
        #expect(await bench.failure("GetApi", ["ApiId": api])?.status == 404)
        #expect(try await bench.send("GET", api, "/x").status == 404)
    }
}
