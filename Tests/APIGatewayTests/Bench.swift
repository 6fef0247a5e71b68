import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import SQS
import Synchronization
import Testing

@testable import APIGateway

/// A Baton with REST APIs, real queues and pretended functions.
struct Bench {
    let host: TestHost
    let lambda = PretendedLambda()

    init() async throws { host = try await TestHost([SQS(), lambda, APIGateway()]) }

    @discardableResult
    func gateway(_ operation: String, _ input: JSON = [:]) async throws -> JSON {
        try await host.call("apigateway", operation, input)
    }

    /// An API with one method, deployed to the stage `dev`.
    /// - Parameter more: further members of the definition.
    func api(
        _ path: String, _ method: String, _ integration: JSON, _ operation: JSON = [:], more: JSON = [:]
    ) async throws -> String {
        var tree = operation
        tree["x-amazon-apigateway-integration"] = integration
        var definition: JSON = [
            "swagger": "2.0", "info": ["title": "api"],
            "paths": .object(JSON.Object([(path, .object(JSON.Object([(method, tree)])))])),
        ]
        for (name, value) in more.object ?? [:] { definition[name] = value }
        let made = try await gateway("ImportRestApi", ["body": .bytes(definition.serialized())])
        let id = try #require(made["id"]?.string)
        try await gateway(
            "CreateDeployment", ["restApiId": .string(id), "stageName": "dev", "variables": ["who": "me"]])
        return id
    }

    func api(_ integration: JSON, _ operation: JSON = [:]) async throws -> String {
        try await api("/", "post", integration, operation)
    }

    func send(
        _ api: String, _ path: String = "/dev/", _ method: String = "POST", _ body: String = "", query: String = "",
        _ headers: HTTPHeaders = [:]
    ) async -> (status: Int, headers: HTTPHeaders, body: String) {
        var headers = headers
        headers["host"] = "\(api).execute-api.us-east-1.localhost:4566"
        let response = await host.host.answer(
            api: HTTPRequest(
                method: method, path: path, query: query, headers: headers, body: .bytes(Array(body.utf8))))
        guard case .bytes(let bytes) = response.body else { return (response.status, response.headers, "") }
        return (response.status, response.headers, String(decoding: bytes, as: UTF8.self))
    }

    static let uri =
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations"
    static let proxy: JSON = ["type": "aws_proxy", "httpMethod": "POST", "uri": .string(uri)]
    static let empty: JSON = ["responses": ["200": [:], "400": [:], "500": [:]]]

    static func mock(_ template: String) -> JSON {
        [
            "type": "mock", "requestTemplates": ["application/json": #"{"statusCode": 200}"#],
            "responses": [
                "default": ["statusCode": "200", "responseTemplates": ["application/json": .string(template)]]
            ],
        ]
    }
}

final class PretendedLambda: Service {
    static let id = "lambda"
    static let operations: [any BatonCore.Operation.Type] = [Invoke.self]
    static let migrations: [Migration] = []
    let events = Mutex<[JSON]>([])
    let answer = Mutex<JSON>(["statusCode": 200])
    let isFailing = Mutex(false)
    /// A function that does not answer.
    let hangs = Mutex(false)

    struct Output: Encodable, Sendable {
        let statusCode = 200
        let functionError: String?
        let payload: [UInt8]
    }

    enum Invoke: BatonCore.Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> Output {
            let lambda = context.service(PretendedLambda.self)
            let event = (try? JSON.parse(input["Payload"]?.bytes ?? [])) ?? .null
            lambda.events.withLock { $0.append(event) }
            if lambda.hangs.withLock({ $0 }) { await context.clock.wait(untilMs: context.nowMs + 3_600_000) }
            return Output(
                functionError: lambda.isFailing.withLock { $0 } ? "Unhandled" : nil,
                payload: lambda.answer.withLock { $0 }.serialized())
        }
    }
}
