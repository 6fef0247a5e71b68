import BatonTesting
import AWSWire
import BatonCore
import JSON
import Testing

@testable import SQS

@Suite struct SendTests {
    // MARK: Digests, as recorded from AWS

    static let digests: [(attributes: JSON, md5: String)] = [
        (["Foo": ["DataType": "String", "StringValue": "Bar"]], "ae7155c6026991b6d54b11589678bf9c"),
        (
            [
                "Help.Me": ["DataType": "String", "StringValue": "Me"],
                "Hello": ["DataType": "String", "StringValue": "There"],
                "General": ["DataType": "String", "StringValue": "Kenobi"],
            ], "4c360f3fdafd970e05fae2f149d997f5"
        ),
        (
            [
                "attr1": [
                    "DataType": "Binary",
                    "BinaryValue": .bytes(
                        Array("traceparent\u{1e}00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01".utf8)),
                ]
            ], "8cbe4db156db8a94db8b801b7addb984"
        ),
    ]

    @Test(arguments: digests)
    func attributesAreDigestedAsOnAWS(_ attributes: JSON, _ md5: String) async throws {
        let account = try await Account()
        let url = try await account.create()
        let sent = try await account.send(url, "msg", ["MessageAttributes": attributes])
        #expect(sent["MD5OfMessageBody"] == "6e2baaf3b97dbeef01c0043275f9a0e7")
        #expect(sent["MD5OfMessageAttributes"] == .string(md5))
        let received = try await account.receive(url, 1, ["MessageAttributeNames": ["All"]]).first
        #expect(received?["MD5OfBody"] == "6e2baaf3b97dbeef01c0043275f9a0e7")
        #expect(received?["MD5OfMessageAttributes"] == .string(md5))
        #expect(received?["MessageAttributes"] == attributes)
        #expect(received?["MessageId"] == sent["MessageId"])
    }

    @Test func theTraceHeaderIsASystemAttribute() async throws {
        let account = try await Account()
        let url = try await account.create()
        let header: JSON = [
            "AWSTraceHeader": ["DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a9"]
        ]
        let sent = try await account.send(url, "m", ["MessageSystemAttributes": header])
        #expect(sent["MD5OfMessageSystemAttributes"]?.string?.count == 32)
        #expect(sent["MD5OfMessageAttributes"] == nil)
        let received = try await account.receive(url, 1, ["MessageSystemAttributeNames": ["AWSTraceHeader"]]).first
        #expect(received?["Attributes"] == ["AWSTraceHeader": "Root=1-5759e988-bd862e3fe1be46a9"])
    }

    // MARK: Checks

    private static let invalid = "InvalidParameterValue/InvalidParameterValueException: "
    private static let characters =
        "InvalidMessageContents: Invalid characters found. Valid unicode characters are "
        + "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"

    static let failures: [(queue: String, input: JSON.Object, failure: String)] = [
        (
            "q", ["MessageBody": ""],
            "MissingParameter/MissingRequiredParameterException: The request must contain the parameter MessageBody."
        ),
        ("q", ["MessageBody": "a\u{1}b"], characters),
        ("q", ["MessageBody": "a\u{FFFE}"], characters),
        ("q", ["MessageBody": "a\u{FFFF}b"], characters),
        (
            "q", ["DelaySeconds": 901],
            invalid + "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."
        ),
        (
            "q", ["DelaySeconds": -1],
            invalid + "Value -1 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."
        ),
        (
            "q", ["MessageDeduplicationId": "d"],
            invalid + "Value d for parameter MessageDeduplicationId is invalid. "
                + "Reason: The request include parameter that is not valid for this queue type."
        ),
        (
            "q", ["MessageGroupId": "a b"],
            invalid + "Value a b for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include "
                + "alphanumeric and punctuation characters. 1 to 128 in length."
        ),
        (
            "q.fifo", ["MessageDeduplicationId": "d"],
            "MissingParameter/MissingRequiredParameterException: "
                + "The request must contain the parameter MessageGroupId."
        ),
        (
            "q.fifo", ["MessageGroupId": "g"],
            invalid + "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId "
                + "provided explicitly"
        ),
        (
            "q.fifo", ["MessageGroupId": "g", "MessageDeduplicationId": "d", "DelaySeconds": 2],
            invalid + "Value 2 for parameter DelaySeconds is invalid. "
                + "Reason: The request include parameter that is not valid for this queue type."
        ),
        (
            "q.fifo", ["MessageGroupId": "g", "MessageDeduplicationId": .string(String(repeating: "d", count: 129))],
            invalid + "Value \(String(repeating: "d", count: 129)) for parameter MessageDeduplicationId is invalid. "
                + "Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. "
                + "1 to 128 in length."
        ),
    ]

    @Test(arguments: failures)
    func messagesAreChecked(_ queue: String, _ input: JSON.Object, _ failure: String) async throws {
        let account = try await Account()
        let url = try await account.create(queue)
        var input = input
        input["QueueUrl"] = .string(url)
        if input["MessageBody"] == nil { input["MessageBody"] = "m" }
        #expect(await account.failure("SendMessage", .object(input)) == failure)
    }

    static let attributeFailures: [(name: String, attribute: JSON, failure: String)] = [
        (
            "ErrorDetails", ["DataType": "String", "StringValue": ""],
            "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'."
        ),
        (
            "a", ["DataType": "Binary", "StringValue": "x"],
            "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'."
        ),
        (
            "a", ["DataType": "Number", "StringValue": "x"],
            "Can't cast the value of message (user) attribute 'a' to a number."
        ),
        (
            "a", ["DataType": "Text", "StringValue": "x"],
            "The message attribute 'a' has an invalid message attribute type, "
                + "the set of supported type prefixes is Binary, Number, and String."
        ),
        (
            "a", ["DataType": "", "StringValue": "x"],
            "The message attribute 'a' must contain non-empty message attribute type."
        ),
        (
            "AWS.x", ["DataType": "String", "StringValue": "x"],
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. "
                + "These strings are reserved for internal use."
        ),
        (
            "a b", ["DataType": "String", "StringValue": "x"],
            "The message attribute name 'a b' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), "
                + "hyphen (-), and period (.) characters."
        ),
        (
            "a..b", ["DataType": "String", "StringValue": "x"],
            "The message attribute name 'a..b' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), "
                + "hyphen (-), and period (.) characters."
        ),
    ]

    @Test(arguments: attributeFailures)
    func attributesAreChecked(_ name: String, _ attribute: JSON, _ failure: String) async throws {
        let account = try await Account()
        let url = try await account.create()
        let attributes = JSON.object(JSON.Object([(name, attribute)]))
        #expect(
            await account.failure(
                "SendMessage", ["QueueUrl": .string(url), "MessageBody": "m", "MessageAttributes": attributes])
                == Self.invalid + failure)
    }

    @Test func customTypesAndTenAttributesAreFine() async throws {
        let account = try await Account()
        let url = try await account.create()
        func attributes(_ count: Int) -> JSON {
            .object(
                JSON.Object((0..<count).map { ("a\($0)", ["DataType": "Number.int", "StringValue": "-1.5e3"]) }))
        }
        try await account.send(url, "m", ["MessageAttributes": attributes(10)])
        #expect(
            await account.failure(
                "SendMessage", ["QueueUrl": .string(url), "MessageBody": "m", "MessageAttributes": attributes(11)])
                == Self.invalid + "Number of message attributes [11] exceeds the allowed maximum [10].")
    }

    @Test func theSizeCountsBodyAndAttributes() async throws {
        let account = try await Account()
        let url = try await account.create("q", ["MaximumMessageSize": "1024"])
        let attributes: JSON = ["name": ["DataType": "String", "StringValue": "value"]]  // 4 + 6 + 5 bytes
        let fits = String(repeating: "a", count: 1024 - 15)
        try await account.send(url, fits, ["MessageAttributes": attributes])
        try await account.send(url, String(repeating: "ü", count: 512))
        for body in [fits + "a", String(repeating: "ü", count: 512)] {
            #expect(
                await account.failure(
                    "SendMessage",
                    ["QueueUrl": .string(url), "MessageBody": .string(body), "MessageAttributes": attributes])
                    == Self.invalid
                    + "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.")
        }
    }

    @Test func aMebibyteIsTheMost() async throws {
        let account = try await Account()
        let url = try await account.create()
        let body = String(repeating: "x", count: 1_048_576)
        try await account.send(url, body)
        #expect(try await account.bodies(url) == [body])
        #expect(
            await account.failure("SendMessage", ["QueueUrl": .string(url), "MessageBody": .string(body + "x")])
                .hasSuffix("Message must be shorter than 1048576 bytes."))
    }

    // MARK: Batches

    @Test func eachEntryOfABatchFailsAlone() async throws {
        let account = try await Account()
        let url = try await account.create()
        let output = try await account.call(
            "SendMessageBatch",
            [
                "QueueUrl": .string(url),
                "Entries": [
                    ["Id": "a", "MessageBody": "1"], ["Id": "b", "MessageBody": "2", "DelaySeconds": 901],
                    ["Id": "c", "MessageBody": "\u{0}"],
                    [
                        "Id": "d", "MessageBody": "msg",
                        "MessageAttributes": ["Foo": ["DataType": "String", "StringValue": "Bar"]],
                    ],
                ],
            ])
        #expect(output["Successful"]?.array?.compactMap { $0["Id"]?.string } == ["a", "d"])
        #expect(output["Successful"]?[1]?["MD5OfMessageAttributes"] == "ae7155c6026991b6d54b11589678bf9c")
        #expect(
            output["Failed"] == [
                [
                    "Id": "b", "SenderFault": true, "Code": "InvalidParameterValue",
                    "Message":
                        "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
                ],
                [
                    "Id": "c", "SenderFault": true, "Code": "InvalidMessageContents",
                    "Message": .string(SQSError.invalidCharacters.message),
                ],
            ])
        #expect(try await account.bodies(url) == ["1", "msg"])
    }

    static let batchFailures: [(operation: String, entries: JSON, failure: String)] = [
        (
            "SendMessageBatch", [],
            "EmptyBatchRequest: There should be at least one SendMessageBatchRequestEntry in the request."
        ),
        (
            "DeleteMessageBatch", [],
            "EmptyBatchRequest: There should be at least one DeleteMessageBatchRequestEntry in the request."
        ),
        (
            "SendMessageBatch", [["Id": "a", "MessageBody": "1"], ["Id": "a", "MessageBody": "1"]],
            "BatchEntryIdsNotDistinct: Id a repeated."
        ),
        (
            "SendMessageBatch", [["Id": "invalid:id", "MessageBody": "1"]],
            "InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                + "It can be at most 80 letters long."
        ),
        (
            "DeleteMessageBatch", [["Id": "", "ReceiptHandle": "1"]],
            "InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                + "It can be at most 80 letters long."
        ),
        (
            "ChangeMessageVisibilityBatch",
            .array((0..<20).map { ["Id": .string("\($0)"), "ReceiptHandle": "x", "VisibilityTimeout": 1] }),
            "TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 20."
        ),
        (
            "SendMessageBatch",
            [
                ["Id": "a", "MessageBody": .string(String(repeating: "x", count: 1_048_576))],
                ["Id": "b", "MessageBody": "x"],
            ],
            "BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes."
        ),
    ]

    @Test(arguments: batchFailures)
    func batchesAreChecked(_ operation: String, _ entries: JSON, _ failure: String) async throws {
        let account = try await Account()
        let url = try await account.create()
        let code = failure.prefix { $0 != ":" }
        #expect(
            await account.failure(operation, ["QueueUrl": .string(url), "Entries": entries])
                == "AWS.SimpleQueueService.\(code)/\(failure)")
    }

    // MARK: In transactions of others

    @Test func aMessageIsCommittedWithTheTransactionThatEnlistsIt() async throws {
        struct Undone: Error {}
        let account = try await Account()
        let url = try await account.create()
        let context = account.host.context()
        let message: JSON = ["QueueUrl": .string(url), "MessageBody": "together"]
        let undone = try context.enlist("sqs", "SendMessage", message)
        await #expect(throws: (any Error).self) {
            try await context.write { tx in
                _ = try undone(tx)
                throw Undone()
            }
        }
        #expect(try await account.counts(url) == [0, 0, 0])
        let done = try context.enlist("sqs", "SendMessage", message)
        let output = try await context.write { tx in try done(tx) }.output()
        #expect(try await account.receive(url).first?["MessageId"] == output["MessageId"])
    }

    @Test func aMessageThatWasPreparedIsNotSentToADeletedQueue() async throws {
        let account = try await Account()
        let url = try await account.create()
        let context = account.host.context()
        let write = try context.enlist("sqs", "SendMessage", ["QueueUrl": .string(url), "MessageBody": "late"])
        try await account.call("DeleteQueue", ["QueueUrl": .string(url)])
        _ = try await account.create()
        await #expect(throws: SQSError.queueDoesNotExist) { try await context.write { tx in try write(tx) } }
    }
}
