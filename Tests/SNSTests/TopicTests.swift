import AWSWire
import JSON
import Testing

@testable import SNS

@Suite("Topics")
struct TopicTests {
    @Test(
        "have names",
        arguments: [
            ("a", "false", true), ("A-b_9", "false", true), (String(repeating: "a", count: 256), "false", true),
            ("", "false", false), (String(repeating: "a", count: 257), "false", false), ("a:b", "false", false),
            ("a b", "false", false), ("a.fifo", "false", false), ("a.fifo", "true", true), ("a", "true", false),
            (".fifo", "true", false), ("a.b.fifo", "true", false),
        ])
    func names(name: String, fifo: String, isAccepted: Bool) async throws {
        let host = try await SNSHost()
        let error = await host.failure(
            "CreateTopic", ["Name": .string(name), "Attributes": ["FifoTopic": .string(fifo)]])
        #expect((error == nil) == isAccepted)
        if !isAccepted, fifo == "false" { #expect(error == .invalid("Topic Name")) }
    }

    @Test("are made once")
    func idempotent() async throws {
        let host = try await SNSHost()
        let make: JSON = [
            "Name": "t", "Attributes": ["DisplayName": "d"],
            "Tags": [["Key": "a", "Value": "1"], ["Key": "b", "Value": "2"]],
        ]
        let arn = try await host.sns("CreateTopic", make)["TopicArn"]
        #expect(arn == "arn:aws:sns:us-east-1:000000000000:t")
        let same: [JSON] = [
            make, ["Name": "t"], ["Name": "t", "Tags": [["Key": "b", "Value": "2"]]],
            ["Name": "t", "Attributes": ["DisplayName": "d"]],
        ]
        for again in same { #expect(try await host.sns("CreateTopic", again)["TopicArn"] == arn) }
        #expect(
            await host.failure("CreateTopic", ["Name": "t", "Attributes": ["DisplayName": "other"]])
                == .invalid("Attributes Reason: Topic already exists with different attributes"))
        #expect(
            await host.failure("CreateTopic", ["Name": "t", "Tags": [["Key": "c", "Value": "3"]]])
                == .invalid("Tags Reason: Topic already exists with different tags"))
        #expect(
            await host.failure(
                "CreateTopic", ["Name": "u", "Tags": [["Key": "c", "Value": "3"], ["Key": "c", "Value": "4"]]])
                == .invalid("Duplicated keys are not allowed."))
    }

    @Test("answer their attributes as AWS does")
    func attributes() async throws {
        let host = try await SNSHost()
        let arn = try await host.topic()
        let answer = try await host.sns("GetTopicAttributes", ["TopicArn": .string(arn)])
        #expect(
            answer["Attributes"] == [
                "Policy": .string(
                    #"{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","#
                        + #""Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","#
                        + #""SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","#
                        + #""SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"\#(arn)","#
                        + #""Condition":{"StringEquals":{"AWS:SourceOwner":"000000000000"}}}]}"#),
                "Owner": "000000000000", "SubscriptionsPending": "0", "SubscriptionsConfirmed": "0",
                "SubscriptionsDeleted": "0", "DisplayName": "", "TopicArn": .string(arn),
                "EffectiveDeliveryPolicy": .string(DeliveryPolicyTests.defaults),
            ])
    }

    @Test("of the FIFO kind say so")
    func fifoAttributes() async throws {
        let host = try await SNSHost()
        let answer = try await host.sns("GetTopicAttributes", ["TopicArn": .string(try await host.fifoTopic())])
        #expect(answer["Attributes"]?["FifoTopic"] == "true")
        #expect(answer["Attributes"]?["ContentBasedDeduplication"] == "false")
    }

    /// Name, value, what is answered then.
    static let settable: [(String, String, String?)] = [
        ("DisplayName", "shown", "shown"), ("KmsMasterKeyId", "alias/aws/sns", "alias/aws/sns"),
        ("KmsMasterKeyId", "", nil), ("Policy", #"{"Statement":[]}"#, #"{"Statement":[]}"#),
        ("TracingConfig", "Active", "Active"), ("SignatureVersion", "2", "2"),
        ("SQSSuccessFeedbackSampleRate", "100", "100"), ("LambdaFailureFeedbackRoleArn", "arn:x", "arn:x"),
        (
            "DeliveryPolicy",
            #"{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1}}}"#,
            #"{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1},"#
                + #""disableSubscriptionOverrides":false}}"#
        ),
    ]

    @Test("keep what is set", arguments: settable)
    func set(name: String, value: String, answered: String?) async throws {
        let host = try await SNSHost()
        let arn = try await host.topic()
        try await host.sns(
            "SetTopicAttributes",
            ["TopicArn": .string(arn), "AttributeName": .string(name), "AttributeValue": .string(value)])
        let answer = try await host.sns("GetTopicAttributes", ["TopicArn": .string(arn)])
        #expect(answer["Attributes"]?[name]?.string == answered)
    }

    @Test(
        "refuse",
        arguments: [
            ("FifoTopic", "false", "AttributeName"), ("Unknown", "x", "AttributeName"),
            ("Policy", "", "Policy Error: null"),
            ("Policy", "{", "Policy Error: null"),
            ("TracingConfig", "x", "TracingConfig: Invalid value [x]. Must be PassThrough or Active."),
        ])
    func refused(name: String, value: String, detail: String) async throws {
        let host = try await SNSHost()
        let arn = try await host.topic()
        let error = await host.failure(
            "SetTopicAttributes",
            ["TopicArn": .string(arn), "AttributeName": .string(name), "AttributeValue": .string(value)])
        #expect(error == .invalid(detail))
    }

    @Test(
        "are named by their ARN",
        arguments: [
            ("arn:aws:sns:us-east-1:000000000000:absent", AWSError("NotFound", "Topic does not exist", status: 404)),
            ("topic", .invalid("TopicArn Reason: An ARN must have at least 6 elements, not 1")),
            ("", .invalid("TopicArn Reason: An ARN must have at least 6 elements, not 1")),
            (
                "arn:aws:sns:us-east-1:000000000000",
                .invalid("TopicArn Reason: An ARN must have at least 6 elements, not 5")
            ),
            ("arn:aws:sns:eu-west-1:000000000000:t", .invalid("TopicArn")),
        ])
    func arns(arn: String, error: AWSError) async throws {
        let host = try await SNSHost()
        for operation in ["GetTopicAttributes", "ListSubscriptionsByTopic"] {
            #expect(await host.failure(operation, ["TopicArn": .string(arn)]) == error)
        }
        #expect(await host.failure("Publish", ["TopicArn": .string(arn), "Message": "m"]) == error)
    }

    @Test("go with their subscriptions, and twice")
    func delete() async throws {
        let host = try await SNSHost()
        let arn = try await host.topic()
        let subscription = try await host.subscribe(arn, "sqs", try await host.queue())
        try await host.sns("DeleteTopic", ["TopicArn": .string(arn)])
        try await host.sns("DeleteTopic", ["TopicArn": .string(arn)])
        #expect(try await host.sns("ListTopics")["Topics"] == [])
        #expect(try await host.sns("ListSubscriptions")["Subscriptions"] == [])
        #expect(
            await host.failure("GetSubscriptionAttributes", ["SubscriptionArn": .string(subscription)])?.message
                == "Subscription does not exist")
    }

    @Test("are listed 100 at a time")
    func list() async throws {
        let host = try await SNSHost()
        for index in 0..<101 { _ = try await host.topic("t\(1000 + index)") }
        let first = try await host.sns("ListTopics")
        let second = try await host.sns("ListTopics", ["NextToken": first["NextToken"] ?? nil])
        #expect(first["Topics"]?.array?.count == 100)
        #expect(second["Topics"] == [["TopicArn": "arn:aws:sns:us-east-1:000000000000:t1100"]])
        #expect(second["NextToken"] == nil)
    }

    @Test("carry tags")
    func tags() async throws {
        let host = try await SNSHost()
        let arn = JSON.string(try await host.topic())
        try await host.sns(
            "TagResource",
            ["ResourceArn": arn, "Tags": [["Key": "k1", "Value": "v1"], ["Key": "k2", "Value": "v2"]]])
        try await host.sns("UntagResource", ["ResourceArn": arn, "TagKeys": ["k1"]])
        try await host.sns("TagResource", ["ResourceArn": arn, "Tags": [["Key": "k2", "Value": "v2b"]]])
        #expect(
            try await host.sns("ListTagsForResource", ["ResourceArn": arn])["Tags"] == [["Key": "k2", "Value": "v2b"]])
        #expect(
            await host.failure("ListTagsForResource", ["ResourceArn": "arn:aws:sns:us-east-1:000000000000:x"])
                == AWSError("ResourceNotFound", "Resource does not exist", status: 404))
        let many = (0..<50).map { JSON.object(["Key": .string("n\($0)"), "Value": ""]) }
        #expect(
            await host.failure("TagResource", ["ResourceArn": arn, "Tags": .array(many)])?.code == "TagLimitExceeded")
    }

    @Test("let permissions be added and removed")
    func permissions() async throws {
        let host = try await SNSHost()
        let arn = try await host.topic()
        let add: JSON = [
            "TopicArn": .string(arn), "Label": "l", "AWSAccountId": ["111111111111"],
            "ActionName": ["Publish", "Subscribe"],
        ]
        try await host.sns("AddPermission", add)
        #expect(await host.failure("AddPermission", add) == .invalid("Statement already exists"))
        let added =
            try await host.sns("GetTopicAttributes", ["TopicArn": .string(arn)])["Attributes"]?["Policy"]?.string ?? ""
        #expect(
            try JSON.parse(added)["Statement"]?[1] == [
                "Sid": "l", "Effect": "Allow", "Principal": ["AWS": "arn:aws:iam::111111111111:root"],
                "Action": ["SNS:Publish", "SNS:Subscribe"], "Resource": .string(arn),
            ])
        try await host.sns("RemovePermission", ["TopicArn": .string(arn), "Label": "l"])
        let removed = try await host.sns("GetTopicAttributes", ["TopicArn": .string(arn)])["Attributes"]?["Policy"]?
            .string
        #expect(removed == Topic.defaultPolicy(arn: arn, account: "000000000000"))
    }

    @Test("keep a data protection policy, empty at first")
    func dataProtection() async throws {
        let host = try await SNSHost()
        let arn = JSON.string(try await host.topic())
        #expect(try await host.sns("GetDataProtectionPolicy", ["ResourceArn": arn])["DataProtectionPolicy"] == "")
        try await host.sns("PutDataProtectionPolicy", ["ResourceArn": arn, "DataProtectionPolicy": "{}"])
        #expect(try await host.sns("GetDataProtectionPolicy", ["ResourceArn": arn])["DataProtectionPolicy"] == "{}")
    }
}
