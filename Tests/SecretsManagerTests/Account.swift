import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Synchronization

@testable import SecretsManager

/// A Baton with secrets and a pretended Lambda that rotates them.
struct Account {
    let host: TestHost
    let lambda = PretendedLambda()

    init(_ place: Store.Place = .memory, clock: ControlledClock = ControlledClock()) async throws {
        host = try await TestHost([lambda, SecretsManager()], place: place, clock: clock)
    }

    @discardableResult
    func call(_ operation: String, _ input: JSON = [:], region: String = "us-east-1") async throws -> JSON {
        try await host.context(region: region).call("secretsmanager", operation, input)
    }

    /// The error's code and message; nil when there was none.
    func failure(_ operation: String, _ input: JSON = [:], region: String = "us-east-1") async -> String? {
        do {
            try await call(operation, input, region: region)
            return nil
        } catch {
            return (error as? AWSError)?.description
        }
    }

    @discardableResult
    func create(_ name: String, _ value: String? = "v1", _ more: JSON = [:]) async throws -> JSON {
        var input: JSON = ["Name": .string(name)]
        input["SecretString"] = value.map { .string($0) }
        for (key, member) in more.object ?? [:] { input[key] = member }
        return try await call("CreateSecret", input)
    }

    func put(_ name: String, _ value: String, _ token: String, _ stages: [JSON]? = nil) async throws -> JSON {
        var input: JSON = [
            "SecretId": .string(name), "SecretString": .string(value), "ClientRequestToken": .string(token),
        ]
        input["VersionStages"] = stages.map { .array($0) }
        return try await call("PutSecretValue", input)
    }

    func value(_ name: String, stage: String? = nil) async throws -> String? {
        var input: JSON = ["SecretId": .string(name)]
        input["VersionStage"] = stage.map { .string($0) }
        return try await call("GetSecretValue", input)["SecretString"]?.string
    }

    /// The labelled versions, by their last character: `1: AWSPREVIOUS, 2: AWSCURRENT`.
    func stages(_ name: String) async throws -> String {
        let versions = try await call("ListSecretVersionIds", ["SecretId": .string(name)])["Versions"]?.array ?? []
        return versions.map { version in
            let labels = (version["VersionStages"]?.array ?? []).compactMap(\.string).joined(separator: "+")
            return "\(version["VersionId"]?.string?.suffix(1) ?? ""): \(labels)"
        }.joined(separator: ", ")
    }

    /// 32 characters that end with this one.
    static func token(_ last: Int) -> String { String(repeating: "0", count: 31) + String(last) }
}

/// Answers each step as the test has prepared; by default it does what a rotation function must do.
final class PretendedLambda: Service {
    static let id = "lambda"
    static let operations: [any BatonCore.Operation.Type] = [Invoke.self, GetFunctionConfiguration.self]
    static let migrations: [Migration] = []
    let steps = Mutex<[String]>([])
    /// Steps that fail, each as often as it is listed here.
    let failing = Mutex<[String]>([])

    enum GetFunctionConfiguration: BatonCore.Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> Nothing {
            guard input["FunctionName"]?.string?.hasSuffix("missing") == true else { return Nothing() }
            throw AWSError("ResourceNotFoundException", "no such function", status: 404)
        }
    }

    enum Invoke: BatonCore.Operation {
        static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
            let event = (try? JSON.parse(input["Payload"]?.bytes ?? [])) ?? [:]
            let lambda = context.service(PretendedLambda.self)
            let step = event["Step"]?.string ?? ""
            lambda.steps.withLock { $0.append(step) }
            let fails = lambda.failing.withLock { failing in
                guard let index = failing.firstIndex(of: step) else { return false }
                failing.remove(at: index)
                return true
            }
            if fails { return ["StatusCode": 200, "FunctionError": "Unhandled", "Payload": .bytes(Array("{}".utf8))] }
            try await rotate(step, event["SecretId"] ?? "", event["ClientRequestToken"] ?? "", context)
            return ["StatusCode": 200]
        }

        private static func rotate(
            _ step: String, _ secret: JSON, _ token: JSON, _ context: Context
        ) async throws(AWSError) {
            switch step {
            case "createSecret":
                let value: JSON = [
                    "SecretId": secret, "ClientRequestToken": token, "SecretString": "rotated",
                    "VersionStages": ["AWSPENDING"],
                ]
                _ = try await context.call("secretsmanager", "PutSecretValue", value)
            case "finishSecret":
                let described = try await context.call("secretsmanager", "DescribeSecret", ["SecretId": secret])
                let current = described["VersionIdsToStages"]?.object?.first {
                    $0.value.array?.contains("AWSCURRENT") == true
                }
                _ = try await context.call(
                    "secretsmanager", "UpdateSecretVersionStage",
                    [
                        "SecretId": secret, "VersionStage": "AWSCURRENT", "MoveToVersionId": token,
                        "RemoveFromVersionId": .string(current?.key ?? ""),
                    ])
            default: break
            }
        }
    }
}
