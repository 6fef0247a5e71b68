import BatonTesting
import GRDB
import BatonStore
import AWSWire
import BatonCore
import JSON
import Testing

@testable import SQS

@Suite struct QueueTests {
    // MARK: Create and delete

    @Test func aQueueIsCreatedOnceAndFoundByName() async throws {
        let account = try await Account()
        let url = try await account.create("orders", ["DelaySeconds": "5"])
        #expect(url == "http://localhost:4566/000000000000/orders")
        #expect(try await account.create("orders", ["DelaySeconds": "5"]) == url)
        #expect(try await account.create("orders") == url)
        #expect(try await account.call("GetQueueUrl", ["QueueName": "orders"]) == ["QueueUrl": .string(url)])
        #expect(
            await account.failure("CreateQueue", ["QueueName": "orders", "Attributes": ["DelaySeconds": "6"]])
                == "QueueAlreadyExists/QueueNameExists: A queue already exists with the same name and a different "
                + "value for attribute DelaySeconds")
    }

    @Test(arguments: [
        "http://localhost:4566/000000000000/orders", "https://sqs.eu-west-1.amazonaws.com/000000000000/orders",
        "http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/orders/",
        "http://localhost:4566/queue/us-east-1/000000000000/orders", "000000000000/orders",
        "http://localhost:4566/000000000000/orders?Action=SendMessage",
    ])
    func everyFormOfAQueueUrlIsUnderstood(_ url: String) async throws {
        let account = try await Account()
        _ = try await account.create("orders")
        try await account.send(url, "m")
    }

    @Test func aQueueOfAnotherAccountIsFoundByItsOwner() async throws {
        let account = try await Account()
        let other = account.host.context(account: "111111111111")
        let url = try await other.call("sqs", "CreateQueue", ["QueueName": "theirs"])["QueueUrl"]?.string ?? ""
        #expect(url.hasSuffix("/111111111111/theirs"))
        #expect(await account.failure("GetQueueUrl", ["QueueName": "theirs"]).contains("NonExistentQueue"))
        let found = try await account.call(
            "GetQueueUrl", ["QueueName": "theirs", "QueueOwnerAWSAccountId": "111111111111"])
        #expect(found["QueueUrl"]?.string == url)
        try await account.send(url, "hello")
        let received = try await other.call(
            "sqs", "ReceiveMessage", ["QueueUrl": .string(url), "AttributeNames": ["SenderId"]])
        #expect(received["Messages"]?[0]?.attribute("SenderId") == "000000000000")
    }

    @Test func regionsHaveTheirOwnQueues() async throws {
        let account = try await Account()
        let url = try await account.create("q")
        let elsewhere = account.host.context(region: "eu-west-1")
        await #expect(throws: SQSError.queueDoesNotExist) {
            try await elsewhere.call("sqs", "SendMessage", ["QueueUrl": .string(url), "MessageBody": "m"])
        }
        _ = try await elsewhere.call("sqs", "CreateQueue", ["QueueName": "q", "Attributes": ["DelaySeconds": "9"]])
        try await account.send(url, "m")
    }

    @Test func aDeletedQueueHasGoneWithItsMessagesAndCanBeCreatedAgain() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.send(url, "old")
        try await account.call("DeleteQueue", ["QueueUrl": .string(url)])
        #expect(
            await account.failure("SendMessage", ["QueueUrl": .string(url), "MessageBody": "m"])
                == "AWS.SimpleQueueService.NonExistentQueue/QueueDoesNotExist: The specified queue does not exist.")
        #expect(try await account.create("q", ["DelaySeconds": "1"]) == url)
        #expect(try await account.counts(url) == [0, 0, 0])
        await account.host.advance(byMs: 0)
        #expect(try account.rows("sqs_messages") == 0)
        #expect(try account.rows("sqs_lanes") == 1)
    }

    @Test(arguments: [
        ("", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"),
        ("a b", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"),
        ("a.fifo", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"),
        (
            String(repeating: "a", count: 81),
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        ),
    ])
    func namesAreChecked(_ name: String, _ message: String) async throws {
        let account = try await Account()
        #expect(
            await account.failure("CreateQueue", ["QueueName": .string(name)])
                == "InvalidParameterValue/InvalidParameterValueException: \(message)")
    }

    @Test func aFifoQueueNeedsItsSuffix() async throws {
        let account = try await Account()
        let attributes: JSON = ["FifoQueue": "true"]
        for name in ["a", ".fifo", "a b.fifo", String(repeating: "a", count: 76) + ".fifo"] {
            let failure = await account.failure("CreateQueue", ["QueueName": .string(name), "Attributes": attributes])
            #expect(failure.hasSuffix("must end with .fifo suffix and be 1 to 80 in length."))
        }
        _ = try await account.create(String(repeating: "a", count: 75) + ".fifo")
    }

    @Test func queuesAreListedInPages() async throws {
        let account = try await Account()
        #expect(try await account.call("ListQueues") == [:])
        for name in ["b", "a2", "a1", "a3"] { _ = try await account.create(name) }
        func names(_ output: JSON) -> [String] {
            output["QueueUrls"]?.array?.compactMap { $0.string?.split(separator: "/").last.map(String.init) } ?? []
        }
        #expect(names(try await account.call("ListQueues")) == ["a1", "a2", "a3", "b"])
        let first = try await account.call("ListQueues", ["QueueNamePrefix": "a", "MaxResults": 2])
        #expect(names(first) == ["a1", "a2"])
        let token = try #require(first["NextToken"])
        let second = try await account.call(
            "ListQueues", ["QueueNamePrefix": "a", "MaxResults": 2, "NextToken": token])
        #expect(names(second) == ["a3"])
        #expect(second["NextToken"] == nil)
        #expect(await account.failure("ListQueues", ["MaxResults": 1001]).contains("MaxResults"))
    }

    // MARK: Attributes

    @Test func aNewStandardQueueHasTheDefaults() async throws {
        let account = try await Account()
        let url = try await account.create()
        #expect(
            try await account.attributes(url) == [
                "ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0",
                "ApproximateNumberOfMessagesNotVisible": "0", "CreatedTimestamp": "1767225600", "DelaySeconds": "0",
                "LastModifiedTimestamp": "1767225600", "MaximumMessageSize": "1048576",
                "MessageRetentionPeriod": "345600", "QueueArn": .string(account.arn("q")),
                "ReceiveMessageWaitTimeSeconds": "0", "SqsManagedSseEnabled": "true", "VisibilityTimeout": "30",
            ])
        #expect(try await account.attributes(url, ["QueueArn"]) == ["QueueArn": .string(account.arn("q"))])
        #expect(try await account.attributes(url, []) == [:])
    }

    @Test func aNewFifoQueueHasTheDefaults() async throws {
        let account = try await Account()
        let attributes = try await account.attributes(try await account.create("q.fifo"))
        #expect(attributes["FifoQueue"] == "true")
        #expect(attributes["ContentBasedDeduplication"] == "false")
        #expect(attributes["DeduplicationScope"] == "queue")
        #expect(attributes["FifoThroughputLimit"] == "perQueue")
    }

    @Test func changedAttributesHoldAtOnce() async throws {
        let account = try await Account()
        let url = try await account.create()
        await account.host.advance(byMs: 5000)
        try await account.set(url, "VisibilityTimeout", "69")
        let names: [JSON] = ["VisibilityTimeout", "CreatedTimestamp", "LastModifiedTimestamp"]
        #expect(
            try await account.attributes(url, names) == [
                "VisibilityTimeout": "69", "CreatedTimestamp": "1767225600", "LastModifiedTimestamp": "1767225605",
            ])
        try await account.set(url, "Policy", #"{"Version":"2012-10-17","Statement":[]}"#)
        #expect(try await account.attributes(url, ["Policy"]) != [:])
        try await account.set(url, "Policy", "")
        #expect(try await account.attributes(url, ["Policy"]) == [:])
    }

    static let invalidAttributes: [(queue: String, name: String, value: String, failure: String)] = [
        ("q", "Colour", "red", "InvalidAttributeName: Unknown Attribute Colour."),
        ("q", "QueueArn", "x", "InvalidAttributeName: Unknown Attribute QueueArn."),
        ("q", "FifoQueue", "false", "InvalidAttributeName: Unknown Attribute FifoQueue."),
        (
            "q", "ContentBasedDeduplication", "true",
            "InvalidAttributeName: Unknown Attribute ContentBasedDeduplication."
        ),
        ("q", "DelaySeconds", "901", "InvalidAttributeValue: Invalid value for the parameter DelaySeconds."),
        ("q", "DelaySeconds", "-1", "InvalidAttributeValue: Invalid value for the parameter DelaySeconds."),
        ("q", "DelaySeconds", "x", "InvalidAttributeValue: Invalid value for the parameter DelaySeconds."),
        (
            "q", "MaximumMessageSize", "1023",
            "InvalidAttributeValue: Invalid value for the parameter MaximumMessageSize."
        ),
        (
            "q", "MaximumMessageSize", "1048577",
            "InvalidAttributeValue: Invalid value for the parameter MaximumMessageSize."
        ),
        (
            "q", "MessageRetentionPeriod", "59",
            "InvalidAttributeValue: Invalid value for the parameter MessageRetentionPeriod."
        ),
        (
            "q", "MessageRetentionPeriod", "1209601",
            "InvalidAttributeValue: Invalid value for the parameter MessageRetentionPeriod."
        ),
        (
            "q", "ReceiveMessageWaitTimeSeconds", "21",
            "InvalidAttributeValue: Invalid value for the parameter ReceiveMessageWaitTimeSeconds."
        ),
        (
            "q", "VisibilityTimeout", "43201",
            "InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout."
        ),
        (
            "q", "KmsDataKeyReusePeriodSeconds", "59",
            "InvalidAttributeValue: Invalid value for the parameter KmsDataKeyReusePeriodSeconds."
        ),
        (
            "q", "SqsManagedSseEnabled", "yes",
            "InvalidAttributeValue: Invalid value for the parameter SqsManagedSseEnabled."
        ),
        ("q", "Policy", "{", "InvalidAttributeValue: Invalid value for the parameter Policy."),
        (
            "q", "DeduplicationScope", "queue",
            "InvalidAttributeValue: Invalid value for the parameter DeduplicationScope. "
                + "Reason: You can specify the DeduplicationScope only when FifoQueue is set to true."
        ),
        (
            "q.fifo", "FifoQueue", "false",
            "InvalidAttributeValue: Invalid value for the parameter FifoQueue. "
                + "Reason: Modifying queue type is not supported."
        ),
        (
            "q.fifo", "DeduplicationScope", "all",
            "InvalidAttributeValue: Invalid value for the parameter DeduplicationScope."
        ),
        (
            "q.fifo", "FifoThroughputLimit", "perMessageGroupId",
            "InvalidAttributeValue: Invalid value for the parameter FifoThroughputLimit. "
                + "Reason: The perMessageGroupId value is allowed only when the value for DeduplicationScope "
                + "is messageGroup."
        ),
        (
            "q", "RedrivePolicy", "dummy",
            "InvalidParameterValue/InvalidParameterValueException: Value dummy for parameter RedrivePolicy is invalid. "
                + "Reason: Redrive policy is not a valid JSON map."
        ),
        (
            "q", "RedrivePolicy", #"{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}"#,
            "InvalidParameterValue/InvalidParameterValueException: "
                + #"Value {"deadLetterTargetArn": "dummy", "maxReceiveCount": 42} for parameter RedrivePolicy "#
                + "is invalid. Reason: Invalid value for deadLetterTargetArn."
        ),
    ]

    @Test(arguments: invalidAttributes)
    func attributesAreChecked(_ queue: String, _ name: String, _ value: String, _ failure: String) async throws {
        let account = try await Account()
        let url = try await account.create(queue)
        #expect(
            await account.failure(
                "SetQueueAttributes",
                ["QueueUrl": .string(url), "Attributes": .object(JSON.Object([(name, .string(value))]))]) == failure)
    }

    @Test func highThroughputNeedsBothAttributes() async throws {
        let account = try await Account()
        let url = try await account.create(
            "q.fifo", ["DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"])
        #expect(try await account.attributes(url)["FifoThroughputLimit"] == "perMessageGroupId")
    }

    @Test func oneKindOfEncryptionAtATime() async throws {
        let account = try await Account()
        let url = try await account.create()
        try await account.set(url, "KmsMasterKeyId", "testKeyId")
        let names: [JSON] = ["SqsManagedSseEnabled", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"]
        #expect(
            try await account.attributes(url, names) == [
                "KmsMasterKeyId": "testKeyId", "KmsDataKeyReusePeriodSeconds": "300", "SqsManagedSseEnabled": "false",
            ])
        await #expect(throws: SQSError.twoEncryptions) {
            try await account.set(url, "SqsManagedSseEnabled", "true")
        }
    }

    @Test func unknownAttributesCannotBeRead() async throws {
        let account = try await Account()
        let url = try await account.create()
        #expect(
            await account.failure("GetQueueAttributes", ["QueueUrl": .string(url), "AttributeNames": ["Nope"]])
                == "InvalidAttributeName: Unknown Attribute Nope.")
        #expect(
            await account.failure("ReceiveMessage", ["QueueUrl": .string(url), "AttributeNames": ["Nope"]])
                == "InvalidAttributeName: Unknown Attribute Nope.")
    }

    // MARK: Purge, tags, permissions

    @Test func aPurgeRemovesAllMessagesOnceInAMinute() async throws {
        let account = try await Account()
        let url = try await account.create()
        for body in ["1", "2", "3"] { try await account.send(url, body) }
        let received = try await account.receive(url, 1)
        try await account.call("PurgeQueue", ["QueueUrl": .string(url)])
        #expect(try await account.counts(url) == [0, 0, 0])
        try await account.delete(url, received.first)
        #expect(
            await account.failure("PurgeQueue", ["QueueUrl": .string(url)])
                == "AWS.SimpleQueueService.PurgeQueueInProgress/PurgeQueueInProgress: "
                + "Only one PurgeQueue operation on q is allowed every 60 seconds.")
        try await account.send(url, "4")
        await account.host.advance(byMs: 60_000)
        #expect(try account.rows("sqs_messages") == 1)
        try await account.call("PurgeQueue", ["QueueUrl": .string(url)])
        #expect(try await account.bodies(url) == [])
    }

    @Test func tagsAreAddedAndRemoved() async throws {
        let account = try await Account()
        let input: JSON = ["QueueName": "q", "tags": ["tag1": "value1"]]
        let url = try await account.call("CreateQueue", input)["QueueUrl"] ?? ""
        try await account.call("TagQueue", ["QueueUrl": url, "Tags": ["tag2": "value2", "tag3": ""]])
        #expect(
            try await account.call("ListQueueTags", ["QueueUrl": url])["Tags"]
                == ["tag1": "value1", "tag2": "value2", "tag3": ""])
        try await account.call("UntagQueue", ["QueueUrl": url, "TagKeys": ["tag1", "tag3", "none"]])
        #expect(try await account.call("ListQueueTags", ["QueueUrl": url])["Tags"] == ["tag2": "value2"])
        let many = JSON.object(JSON.Object((0..<51).map { ("k\($0)", "v") }))
        #expect(
            await account.failure("TagQueue", ["QueueUrl": url, "Tags": many])
                .hasSuffix("Too many tags added for queue q."))
    }

    @Test func permissionsAreStatementsOfThePolicy() async throws {
        let account = try await Account()
        let url = JSON.string(try await account.create())
        func add(_ label: String, _ accounts: JSON, _ actions: JSON) -> JSON {
            ["QueueUrl": url, "Label": .string(label), "AWSAccountIds": accounts, "Actions": actions]
        }
        try await account.call("AddPermission", add("one", ["111111111111", "222222222222"], ["ReceiveMessage"]))
        let text = try await account.attributes(url.string ?? "", ["Policy"])["Policy"]?.string ?? ""
        #expect(
            try JSON.parse(text) == [
                "Version": "2008-10-17", "Id": .string("\(account.arn("q"))/SQSDefaultPolicy"),
                "Statement": [
                    [
                        "Sid": "one", "Effect": "Allow",
                        "Principal": ["AWS": ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"]],
                        "Action": "SQS:ReceiveMessage", "Resource": .string(account.arn("q")),
                    ]
                ],
            ])
        #expect(
            await account.failure("AddPermission", add("one", ["111111111111"], ["SendMessage"]))
                .hasSuffix("Value one for parameter Label is invalid. Reason: Already exists."))
        #expect(
            await account.failure("AddPermission", add("two", ["111111111111"], ["CreateQueue"])).hasSuffix(
                "Value SQS:CreateQueue for parameter ActionName is invalid. "
                    + "Reason: Please refer to the appropriate WSDL for a list of valid actions."))
        let eight = JSON.array(Array(repeating: "SendMessage", count: 8))
        #expect(
            await account.failure("AddPermission", add("two", ["111111111111"], eight))
                == "OverLimit: 8 Actions were found, maximum allowed is 7.")
        try await account.call("RemovePermission", ["QueueUrl": url, "Label": "one"])
        #expect(try await account.attributes(url.string ?? "", ["Policy"]) == [:])
        #expect(
            await account.failure("RemovePermission", ["QueueUrl": url, "Label": "one"])
                .hasSuffix("Value one for parameter Label is invalid. Reason: can't find label."))
    }

    @Test func everyOperationOfTheModelIsThere() {
        #expect(Set(SQS.operations.map { $0.name }).count == 23)
    }
}

extension Account {
    func rows(_ table: String) throws -> Int {
        try host.host.store.read { db in try db.row("SELECT count(*) AS n FROM \(table)")?["n"] as Int? ?? -1 }
    }
}
