import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import DynamoDB
import EventBridge
import Foundation
import JSON
import S3
import SNS
import SQS

@testable import StepFunctions

/// Runs whole executions against real services.
struct IntegrationHost {
    let host: TestHost
    let states: StepFunctions

    static let prefix = "arn:aws:states:us-east-1:000000000000"

    init(_ more: [any Service] = [], folder: String? = nil, environment: [String: String] = [:]) async throws {
        states = StepFunctions(mocks: { () throws(Mocks.Malformed) in try Mocks.configured(environment: environment) })
        host = try await TestHost(
            [SQS(), SNS(), DynamoDB(), S3(), EventBridge(), states] + more,
            place: folder.map(Store.Place.folder) ?? .memory)
    }

    /// With a data folder, for S3.
    static func withFiles(_ test: (IntegrationHost) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/machines-\(RandomSource().hex(12))"
        let host = try await IntegrationHost(folder: folder)
        try await host.host.call("s3", "CreateBucket", ["Bucket": "bucket"])
        try await test(host)
        await host.host.host.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func machine(_ definition: JSON, name: String = "M", type: String = "STANDARD") async throws {
        try await host.call(
            "stepfunctions", "CreateStateMachine",
            [
                "name": .string(name), "definition": .string(definition.text()), "type": .string(type),
                "roleArn": "arn:aws:iam::000000000000:role/r",
            ])
    }

    /// A machine of one Task state.
    func task(_ resource: String, _ parameters: JSON, _ more: JSON = [:], name: String = "M") async throws {
        var state: JSON = [
            "Type": "Task", "Resource": .string("arn:aws:states:::" + resource), "Parameters": parameters, "End": true,
        ]
        for (key, value) in more.object ?? [:] { state[key] = value }
        try await machine(["StartAt": "S", "States": ["S": state]], name: name)
    }

    /// - Returns: the execution's ARN, once nothing happens any more.
    func start(_ input: JSON = [:], name: String = "M", case mock: String = "") async throws -> String {
        let answer = try await host.call(
            "stepfunctions", "StartExecution",
            ["stateMachineArn": .string("\(Self.prefix):stateMachine:\(name)\(mock)"), "input": .string(input.text())])
        await settle()
        return answer["executionArn"]?.string ?? ""
    }

    func settle() async {
        await states.engine.idle()
        await host.host.store.due.idle()
        await states.engine.idle()
    }

    func advance(byMs milliseconds: Int64) async {
        await host.advance(byMs: milliseconds)
        await settle()
    }

    func describe(_ execution: String) async throws -> JSON {
        try await host.call("stepfunctions", "DescribeExecution", ["executionArn": .string(execution)])
    }

    func events(_ execution: String) async throws -> [JSON] {
        try await host.call(
            "stepfunctions", "GetExecutionHistory", ["executionArn": .string(execution), "maxResults": 1000])[
                "events"]?.array ?? []
    }

    /// The events of tasks, a line each: type, resource type, resource.
    func tasks(_ execution: String) async throws -> [String] {
        try await events(execution).compactMap { event in
            guard let type = event["type"]?.string else { return nil }
            for (key, details) in event.object ?? [:] where key.hasSuffix("EventDetails") {
                guard let resource = details["resource"]?.string else { continue }
                return [type, details["resourceType"]?.string, resource].compactMap { $0 }.joined(separator: " ")
            }
            return nil
        }
    }

    /// A member of the details of the only event of that type.
    func detail(_ execution: String, _ type: String, _ member: String) async throws -> JSON? {
        let event = try await events(execution).first { $0["type"]?.string == type }
        let details = event?.object?.first { $0.key.hasSuffix("EventDetails") }?.value
        guard let text = details?[member]?.string else { return details?[member] }
        return (try? JSON.parse(text)) ?? .string(text)
    }
}
