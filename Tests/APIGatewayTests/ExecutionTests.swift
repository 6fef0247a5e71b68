import AWSWire
import BatonStore
import BatonTesting
import JSON
import SQS
import Synchronization
import Testing

@testable import APIGateway

@Suite("REST APIs with functions") struct FunctionTests {
    @Test("pass the whole request and take the whole answer")
    func proxy() async throws {
        let bench = try await Bench()
        let api = try await bench.api("/pets/{id}", "x-amazon-apigateway-any-method", Bench.proxy)
        bench.lambda.answer.withLock {
            $0 = [
                "statusCode": "201", "headers": ["X-A": "b"], "multiValueHeaders": ["X-C": ["1", "2"]], "body": "made",
            ]
        }
        let headers = HTTPHeaders([
            ("Content-Type", "text/plain"), ("X-Two", "1"), ("X-Two", "2"), ("Connection", "close"),
        ])
        let answer = await bench.send(api, "/dev/pets/7", "PUT", "hi", query: "q=1&q=2&r=a%20b", headers)
        #expect(answer.status == 201)
        #expect(answer.headers["x-a"] == "b")
        #expect(answer.headers.fields.filter { $0.name == "X-C" }.map(\.value) == ["1", "2"])
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.body == "made")
        let event = try #require(bench.lambda.events.withLock { $0.first })
        #expect(event["resource"] == "/pets/{id}")
        #expect(event["path"] == "/pets/7")
        #expect(event["httpMethod"] == "PUT")
        #expect(event["headers"]?["X-Two"] == "2")
        #expect(event["multiValueHeaders"]?["X-Two"] == ["1", "2"])
        #expect(event["headers"]?["Connection"] == nil)
        #expect(event["queryStringParameters"] == ["q": "2", "r": "a b"])
        #expect(event["multiValueQueryStringParameters"] == ["q": ["1", "2"], "r": ["a b"]])
        #expect(event["pathParameters"] == ["id": "7"])
        #expect(event["stageVariables"] == ["who": "me"])
        #expect(event["body"] == "hi")
        #expect(event["requestContext"]?["resourcePath"] == "/pets/{id}")
        #expect(event["requestContext"]?["domainPrefix"]?.string == api)
        #expect(event["requestContext"]?["identity"]?["sourceIp"] == "127.0.0.1")
    }

    /// What a function answers, the status and the body that arrive.
    static let answers: [(JSON, Int, String)] = [
        ([:], 200, ""), (["statusCode": 204], 204, ""), (["statusCode": 200, "body": .null], 200, ""),
        (.null, 502, #"{"message": "Internal server error"}"#), ("text", 502, #"{"message": "Internal server error"}"#),
        (["statusCode": 200, "message": "x"], 502, #"{"message": "Internal server error"}"#),
        (["statusCode": 200, "body": ["a": 1]], 502, #"{"message": "Internal server error"}"#),
        (["statusCode": "none"], 502, #"{"message": "Internal server error"}"#),
    ]

    @Test("check the form of answers", arguments: answers)
    func form(answer: JSON, status: Int, body: String) async throws {
        let bench = try await Bench()
        let api = try await bench.api(Bench.proxy)
        bench.lambda.answer.withLock { $0 = answer }
        let response = await bench.send(api)
        #expect(response.status == status)
        #expect(response.body == body)
    }

    @Test("choose the answer by the error's message")
    func selection() async throws {
        let bench = try await Bench()
        var integration = Bench.proxy
        integration["type"] = "aws"
        integration["requestTemplates"] = [
            "application/json": #"{"n": $input.json('$.n'), "who": "$stageVariables.who"}"#
        ]
        integration["responses"] = [
            "default": ["statusCode": "200"],
            "Not found.*": [
                "statusCode": "400",
                "responseTemplates": ["application/json": #"{"why": $input.json('$.errorMessage')}"#],
            ],
        ]
        let api = try await bench.api(integration, Bench.empty)
        bench.lambda.answer.withLock { $0 = ["k": "v"] }
        let good = await bench.send(api, "/dev/", "POST", #"{"n": 1}"#)
        #expect(good.status == 200)
        #expect(good.body == #"{"k":"v"}"#)
        #expect(bench.lambda.events.withLock { $0.first } == ["n": 1, "who": "me"])
        bench.lambda.isFailing.withLock { $0 = true }
        bench.lambda.answer.withLock { $0 = ["errorMessage": "Not found: 7", "errorType": "E"] }
        let bad = await bench.send(api, "/dev/", "POST", #"{"n": 1}"#)
        #expect(bad.status == 400)
        #expect(bad.body == #"{"why": "Not found: 7"}"#)
    }

    @Test("are given up after their time")
    func timeout() async throws {
        let bench = try await Bench()
        var integration = Bench.proxy
        integration["timeoutInMillis"] = 1000
        let api = try await bench.api(integration)
        bench.lambda.hangs.withLock { $0 = true }
        async let answer = bench.send(api)
        while bench.lambda.events.withLock({ $0.isEmpty }) { await Task.yield() }
        bench.host.clock.advance(byMs: 1000)
        let response = await answer
        #expect(response.status == 504)
        #expect(response.body == #"{"message": "Endpoint request timed out"}"#)
        bench.host.clock.advance(byMs: 3_600_000)
    }
}

@Suite("REST APIs with mappings") struct MappingTests {
    /// The passthrough behavior, the content type, and the status that comes of it.
    static let behaviors: [(String, String, Int)] = [
        ("when_no_match", "application/json", 200), ("when_no_match", "text/plain", 200),
        ("when_no_templates", "text/plain", 415), ("never", "text/plain", 415), ("never", "application/json", 200),
    ]

    @Test("pass bodies without a template on, or refuse them", arguments: behaviors)
    func passthrough(behavior: String, type: String, status: Int) async throws {
        let bench = try await Bench()
        var integration = Bench.mock("x")
        integration["passthroughBehavior"] = .string(behavior)
        let api = try await bench.api(integration, Bench.empty)
        let response = await bench.send(api, "/dev/", "POST", #"{"statusCode": 200}"#, ["content-type": type])
        #expect(response.status == status)
    }

    @Test("set headers and status of the answer")
    func override() async throws {
        let bench = try await Bench()
        var integration = Bench.mock(
            "#set($context.responseOverride.status = 418)#set($context.responseOverride.header.X-B = $input.params('q'))tea"
        )
        integration["responses"]?["default"]?["responseParameters"] = [
            "method.response.header.X-A": "stageVariables.who"
        ]
        let api = try await bench.api(
            integration, ["responses": ["200": ["headers": ["X-A": ["type": "string"]]]]])
        let response = await bench.send(api, query: "q=7")
        #expect(response.status == 418)
        #expect(response.headers["x-a"] == "me")
        #expect(response.headers["x-b"] == "7")
        #expect(response.body == "tea")
    }

    @Test("fail in their own words")
    func failures() async throws {
        let bench = try await Bench()
        let broken = try await bench.api(Bench.mock("#if("), Bench.empty)
        #expect(await bench.send(broken).body == #"{"message": "Internal server error"}"#)
        #expect(await bench.send(broken).status == 500)
        let missing = await bench.send(broken, "/dev/x")
        #expect(missing.status == 403)
        #expect(missing.body == #"{"message":"Missing Authentication Token"}"#)
        #expect(missing.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException")
        #expect(await bench.send(broken, "/other/").body == #"{"message":"Forbidden"}"#)
        #expect(await bench.send("absent", "/dev/").status == 404)
    }

    @Test("reach queues in the form of the query protocol")
    func queue() async throws {
        let bench = try await Bench()
        let url = try await bench.host.call("sqs", "CreateQueue", ["QueueName": "q"])["QueueUrl"] ?? ""
        let api = try await bench.api(
            [
                "type": "aws", "httpMethod": "POST", "uri": "arn:aws:apigateway:us-east-1:sqs:action/SendMessage",
                "requestParameters": [
                    "integration.request.querystring.QueueUrl": .string("'\(url.string ?? "")'"),
                    "integration.request.querystring.MessageBody": "method.request.body.$.text",
                ],
                "responses": ["default": ["statusCode": "200"], "4\\d\\d": ["statusCode": "400"]],
            ], Bench.empty)
        let response = await bench.send(api, "/dev/", "POST", #"{"text": "hello & co"}"#)
        #expect(response.status == 200)
        let id = try JSON.parse(response.body)["SendMessageResponse"]?["SendMessageResult"]?["MessageId"]
        let message = try await bench.host.call("sqs", "ReceiveMessage", ["QueueUrl": url])["Messages"]?[0]
        #expect(message?["MessageId"] == id)
        #expect(message?["Body"] == "hello & co")
    }

    @Test("pass requests on to other servers")
    func server() async throws {
        let bench = try await Bench()
        await bench.host.http.prepare([HTTPResponse(status: 202, headers: ["X-B": "c"], body: .bytes(Array("ok".utf8)))]
        )
        let api = try await bench.api(
            "/a/{proxy+}", "x-amazon-apigateway-any-method",
            [
                "type": "http_proxy", "httpMethod": "ANY", "uri": "http://${stageVariables.who}.test/{proxy}",
                "requestParameters": ["integration.request.path.proxy": "method.request.path.proxy"],
            ], ["parameters": [["name": "proxy", "in": "path", "required": true]]])
        let response = await bench.send(api, "/dev/a/b/c", "PATCH", "x", query: "q=1", ["X-A": "b"])
        #expect(response.status == 202)
        #expect(response.headers["x-b"] == "c")
        let sent = try #require(await bench.host.http.sent.first)
        #expect(sent.url == "http://me.test/b/c?q=1")
        #expect(sent.request.method == "PATCH")
        #expect(sent.request.headers["x-a"] == "b")
    }
}

@Suite("Who may call REST APIs") struct AdmissionTests {
    private static let schemes: JSON = [
        "securityDefinitions": [
            "auth": [
                "type": "apiKey", "name": "Authorization", "in": "header",
                "x-amazon-apigateway-authorizer": [
                    "type": "token", "authorizerUri": .string(Bench.uri), "identityValidationExpression": "t[a-z]+",
                    "authorizerResultTtlInSeconds": 60,
                ],
            ],
            "api_key": ["type": "apiKey", "name": "x-api-key", "in": "header"],
        ]
    ]

    private static func policy(_ effect: String) -> JSON {
        [
            "principalId": "me", "context": ["n": 1],
            "policyDocument": ["Statement": [["Action": "*", "Effect": .string(effect), "Resource": "*"]]],
        ]
    }

    @Test("is asked of a function, whose answer holds for a time")
    func authorizer() async throws {
        let bench = try await Bench()
        let operation: JSON = ["security": [["auth": []]], "responses": ["200": [:]]]
        let api = try await bench.api("/", "get", Bench.mock("$context.authorizer.n"), operation, more: Self.schemes)
        func ask(_ token: String?) async -> (Int, String) {
            let response = await bench.send(api, "/dev/", "GET", "", token.map { ["Authorization": $0] } ?? [:])
            return (response.status, response.body)
        }
        bench.lambda.answer.withLock { $0 = Self.policy("Allow") }
        #expect(await ask(nil) == (401, #"{"message":"Unauthorized"}"#))
        #expect(await ask("T1") == (401, #"{"message":"Unauthorized"}"#))
        #expect(await ask("token") == (200, "1"))
        #expect(bench.lambda.events.withLock { $0.first?["authorizationToken"] } == "token")
        bench.lambda.answer.withLock { $0 = Self.policy("Deny") }
        #expect(await ask("token") == (200, "1"))
        #expect(await ask("tother").0 == 403)
        bench.host.clock.advance(byMs: 61_000)
        #expect(await ask("token").0 == 403)
        bench.lambda.answer.withLock { $0 = ["no": "policy"] }
        #expect(await ask("third") == (500, #"{"message":null}"#))
        bench.lambda.isFailing.withLock { $0 = true }
        bench.lambda.answer.withLock { $0 = ["errorMessage": "Unauthorized"] }
        #expect(await ask("fourth").0 == 401)
    }

    @Test("is told by keys of usage plans")
    func keys() async throws {
        let bench = try await Bench()
        let operation: JSON = ["security": [["api_key": []]], "responses": ["200": [:]]]
        let api = try await bench.api(
            "/", "get", Bench.mock("$context.identity.apiKeyId"), operation, more: Self.schemes)
        let value = "0123456789abcdefghij"
        let key = try await bench.gateway("CreateApiKey", ["name": "k", "value": .string(value), "enabled": true])
        func ask() async -> Int { await bench.send(api, "/dev/", "GET", "", ["x-api-key": value]).status }
        #expect(await ask() == 403)
        let plan = try await bench.gateway(
            "CreateUsagePlan", ["name": "p", "apiStages": [["apiId": .string(api), "stage": "dev"]]])
        let place: JSON = ["usagePlanId": plan["id"] ?? "", "keyId": key["id"] ?? ""]
        try await bench.gateway(
            "CreateUsagePlanKey", ["usagePlanId": plan["id"] ?? "", "keyId": key["id"] ?? "", "keyType": "API_KEY"])
        #expect(await ask() == 200)
        try await bench.gateway(
            "UpdateApiKey",
            ["apiKey": key["id"] ?? "", "patchOperations": [["op": "replace", "path": "/enabled", "value": "false"]]])
        #expect(await ask() == 403)
        try await bench.gateway("DeleteUsagePlanKey", place)
    }
}
