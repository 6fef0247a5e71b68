import AWSWire
import BatonStore
import BatonTesting
import Foundation
import JSON

@testable import SQS

/// One account with SQS alone, spoken to as a client does.
final class Account: Sendable {
    let host: TestHost
    let sqs: SQS
    var clock: ControlledClock { host.clock }

    init(place: Store.Place = .memory, clock: ControlledClock = ControlledClock()) async throws {
        sqs = SQS()
        host = try await TestHost([sqs], place: place, clock: clock)
    }

    @discardableResult
    func call(_ operation: String, _ input: JSON = [:]) async throws(AWSError) -> JSON {
        try await host.call("sqs", operation, input)
    }

    /// `Code: message` of a call that must fail, with the query protocol's code in front where it differs.
    func failure(_ operation: String, _ input: JSON) async -> String {
        guard let error = await host.failure("sqs", operation, input) else { return "no failure" }
        return (error.queryCode.map { "\($0)/" } ?? "") + error.description
    }

    func create(_ name: String = "q", _ attributes: [String: String] = [:]) async throws(AWSError) -> String {
        var attributes = attributes
        if name.hasSuffix(".fifo") { attributes["FifoQueue"] = "true" }
        let map = JSON.object(JSON.Object(attributes.map { ($0.key, .string($0.value)) }))
        return try await call("CreateQueue", ["QueueName": .string(name), "Attributes": map])["QueueUrl"]?.string ?? ""
    }

    func arn(_ name: String) -> String { "arn:aws:sqs:us-east-1:000000000000:\(name)" }

    func set(_ url: String, _ name: String, _ value: String) async throws(AWSError) {
        try await call(
            "SetQueueAttributes",
            ["QueueUrl": .string(url), "Attributes": .object(JSON.Object([(name, .string(value))]))])
    }

    /// A queue whose messages go to `target` after `count` receives.
    func create(
        _ name: String, deadLetters target: String, after count: Int, _ attributes: [String: String] = [:]
    ) async throws(AWSError) -> String {
        let policy = #"{"deadLetterTargetArn":"\#(arn(target))","maxReceiveCount":\#(count)}"#
        return try await create(name, attributes.merging(["RedrivePolicy": policy]) { first, _ in first })
    }

    @discardableResult
    func send(_ url: String, _ body: String, _ more: JSON.Object = [:]) async throws(AWSError) -> JSON {
        try await call("SendMessage", with(more, ["QueueUrl": .string(url), "MessageBody": .string(body)]))
    }

    /// To a FIFO queue, by default with a deduplication id that is its body.
    @discardableResult
    func send(
        _ url: String, _ body: String, group: String, id: String? = nil
    ) async throws(AWSError) -> JSON {
        try await send(
            url, body, ["MessageGroupId": .string(group), "MessageDeduplicationId": .string(id ?? body)])
    }

    func receive(_ url: String, _ count: Int = 10, _ more: JSON.Object = [:]) async throws(AWSError) -> [JSON] {
        let input = with(more, ["QueueUrl": .string(url), "MaxNumberOfMessages": .number(count)])
        return try await call("ReceiveMessage", input)["Messages"]?.array ?? []
    }

    func bodies(_ url: String, _ count: Int = 10, _ more: JSON.Object = [:]) async throws(AWSError) -> [String] {
        try await receive(url, count, more).compactMap { $0["Body"]?.string }
    }

    func delete(_ url: String, _ message: JSON?) async throws(AWSError) {
        try await call("DeleteMessage", ["QueueUrl": .string(url), "ReceiptHandle": message?["ReceiptHandle"] ?? ""])
    }

    func hide(_ url: String, _ message: JSON?, seconds: Int) async throws(AWSError) {
        try await call(
            "ChangeMessageVisibility",
            [
                "QueueUrl": .string(url), "ReceiptHandle": message?["ReceiptHandle"] ?? "",
                "VisibilityTimeout": .number(seconds),
            ])
    }

    func attributes(_ url: String, _ names: [JSON] = ["All"]) async throws(AWSError) -> JSON {
        try await call("GetQueueAttributes", ["QueueUrl": .string(url), "AttributeNames": .array(names)])["Attributes"]
            ?? [:]
    }

    /// Messages that are visible, in flight and delayed.
    func counts(_ url: String) async throws(AWSError) -> [Int] {
        let attributes = try await attributes(url)
        return ["", "NotVisible", "Delayed"].map { suffix in
            attributes["ApproximateNumberOfMessages\(suffix)"]?.string.flatMap { Int($0) } ?? -1
        }
    }

    /// Returns when `count` receivers wait, or are about to look for the first time.
    func receivers(_ count: Int) async {
        while sqs.polls.count != count { await Task.yield() }
    }

    private func with(_ more: JSON.Object, _ given: JSON.Object) -> JSON {
        var input = given
        for (name, value) in more { input[name] = value }
        return .object(input)
    }

    /// A new folder for a store on disk.
    static func folder() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("baton-sqs-\(RandomSource().uuid())").path
    }
}

extension JSON {
    /// The system attribute of a received message.
    func attribute(_ name: String) -> String? { self["Attributes"]?[name]?.string }
}
