import AWSWire
import BatonTesting
import EventBridge
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

@Suite("HTTP and API Gateway")
struct WebTaskTests {
    /// In place of the connection's ARN, which the service makes.
    private static let good = "good"

    private func sent(
        _ resource: String, _ parameters: JSON, _ response: HTTPResponse = HTTPResponse()
    ) async throws -> (answer: TaskAnswer, request: HTTPRequest?, url: String?) {
        let host = try await TaskHost([EventBridge()])
        let made = try await host.host.call(
            "events", "CreateConnection",
            [
                "Name": "good", "AuthorizationType": "BASIC",
                "AuthParameters": [
                    "BasicAuthParameters": ["Username": "u", "Password": "p"],
                    "InvocationHttpParameters": ["QueryStringParameters": [["Key": "key", "Value": "s p"]]],
                ],
            ])
        var parameters = parameters
        if parameters.at(["Authentication", "ConnectionArn"])?.string == Self.good {
            parameters["Authentication"] = ["ConnectionArn": made["ConnectionArn"] ?? .null]
        }
        await host.host.http.prepare([response])
        let answer = try await host.run(resource, parameters)
        let sent = await host.host.http.sent.last
        return (answer, sent?.request, sent?.url)
    }

    private func http(_ more: JSON = [:]) -> JSON {
        var parameters: JSON = [
            "ApiEndpoint": "https://api.example/v1", "Method": "POST",
            "Authentication": ["ConnectionArn": .string(Self.good)],
        ]
        for (key, value) in more.object ?? [:] { parameters[key] = value }
        return parameters
    }

    @Test("an HTTP task sends what it is told, with what the connection adds")
    func sends() async throws {
        let response = HTTPResponse(
            status: 201, headers: ["Content-Type": "application/json", "X-A": "1", "X-B": "2"],
            body: .bytes(Array(#"{"ok":true}"#.utf8)))
        let (answer, request, url) = try await sent(
            "http:invoke",
            http(["QueryParameters": ["a": "1&2"], "Headers": ["X-H": "v"], "RequestBody": ["n": 1]]), response)
        #expect(url == "https://api.example/v1?a=1%262&key=s%20p")
        #expect(request?.method == "POST")
        #expect(request?.headers["X-H"] == "v")
        #expect(request?.headers["Authorization"] == "Basic dTpw")
        #expect(request?.headers["Content-Type"] == "application/json")
        #expect(request?.body == .bytes(Array(#"{"n":1}"#.utf8)))
        #expect(
            answer
                == .succeeded([
                    "Headers": ["Content-Type": ["application/json"], "X-A": ["1"], "X-B": ["2"]],
                    "ResponseBody": ["ok": true], "StatusCode": 201, "StatusText": "Created",
                ]))
    }

    @Test(
        "a form's arrays",
        arguments: [
            ("INDICES", "a%5B0%5D=1&a%5B1%5D=x&o%5Bk%5D=v"), ("REPEAT", "a=1&a=x&o%5Bk%5D=v"),
            ("COMMAS", "a=1%2Cx&o%5Bk%5D=v"), ("BRACKETS", "a%5B%5D=1&a%5B%5D=x&o%5Bk%5D=v"),
        ])
    func forms(format: String, body: String) async throws {
        let transform: JSON = [
            "RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": ["ArrayFormat": .string(format)],
        ]
        let (_, request, _) = try await sent(
            "http:invoke", http(["RequestBody": ["a": [1, "x"], "o": ["k": "v"]], "Transform": transform]))
        #expect(request?.body == .bytes(Array(body.utf8)))
        #expect(request?.headers["Content-Type"] == "application/x-www-form-urlencoded")
    }

    @Test(
        "the status is the error",
        arguments: [
            ("http:invoke", 404, "gone", "States.Http.StatusCode.404", "gone"),
            ("http:invoke", 503, "", "States.Http.StatusCode.503", "Service Unavailable"),
            ("apigateway:invoke", 429, "slow", "ApiGateway.429", "slow"),
        ])
    func status(resource: String, status: Int, body: String, error: String, cause: String) async throws {
        var parameters = http()
        if resource.hasPrefix("api") { parameters["Authentication"] = nil }
        let response = HTTPResponse(status: status, body: .bytes(Array(body.utf8)))
        #expect(try await sent(resource, parameters, response).answer == .failed(StatesError(error, cause)))
    }

    @Test("a connection that is not there")
    func noConnection() async throws {
        let other = "arn:aws:events:us-east-1:000000000000:connection/none/1"
        let answer = try await sent("http:invoke", http(["Authentication": ["ConnectionArn": .string(other)]])).answer
        #expect(
            answer
                == .failed(
                    StatesError(
                        "Events.ResourceNotFoundException",
                        "Failed to describe the connection(s). Connection 'none' does not exist.")))
    }

    @Test(
        "APIs of API Gateway",
        arguments: [
            (
                [
                    "ApiEndpoint": "abc.execute-api.us-east-1.amazonaws.com", "Method": "GET", "Stage": "prod",
                    "Path": "x/y",
                ],
                "http://localhost:4566/prod/x/y", "abc.execute-api.us-east-1.amazonaws.com"
            ),
            (
                ["ApiEndpoint": "api.example", "Method": "GET", "QueryParameters": ["q": ["1", "2"]]],
                "https://api.example?q=1&q=2", nil
            ),
        ] as [(JSON, String, String?)])
    func gateway(parameters: JSON, url: String, host: String?) async throws {
        let (_, request, sentURL) = try await sent("apigateway:invoke", parameters)
        #expect(sentURL == url)
        #expect(request?.headers["Host"] == host)
    }

    @Test("members that are null stay away unless they are allowed")
    func nulls() async throws {
        var parameters: JSON = [
            "ApiEndpoint": "api.example", "Method": "POST", "RequestBody": ["a": nil, "b": [["c": nil]]],
        ]
        #expect(
            try await sent("apigateway:invoke", parameters).request?.body == .bytes(Array(#"{"b":[{}]}"#.utf8)))
        parameters["AllowNullValues"] = true
        #expect(
            try await sent("apigateway:invoke", parameters).request?.body
                == .bytes(Array(#"{"a":null,"b":[{"c":null}]}"#.utf8)))
    }
}
