import AWSWire
import BatonCore
import JSON
import Testing

@testable import SNS

@Suite("Wildcards")
struct WildcardTests {
    @Test(
        "match in one pass",
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("*", "abc", true), ("a*", "abc", true),
            ("*c", "abc", true), ("a*c", "ac", true), ("a*c", "abcd", false), ("*b*", "abc", true),
            ("ab*ba", "aba", false), ("ab*ba", "abba", true), ("*ab*ab", "abab", true), ("*ab*ab", "ab", false),
            ("\\*", "*", true), ("\\\\*", "\\x", true),
        ])
    func match(pattern: String, text: String, matches: Bool) throws {
        #expect(try Wildcard(pattern).matches(text) == matches)
    }

    @Test("stay fast on texts made to backtrack")
    func hostile() throws {
        let text = String(repeating: "a", count: 100_000)
        #expect(try !Wildcard("*a*a*b").matches(text))
    }

    @Test("refuse what is ambiguous", arguments: ["a**b", "a\\x", "a\\"])
    func refused(pattern: String) { #expect(throws: PatternError.self) { try Wildcard(pattern) } }
}

@Suite("Retries")
struct RetryTests {
    static func delays(_ policy: RetryPolicy, _ count: Int) -> [Double?] { (0..<count).map { policy.delay(retry: $0) } }

    @Test("of HTTP endpoints: three, 20 seconds apart")
    func http() { #expect(Self.delays(RetryPolicy(), 4) == [20, 20, 20, nil]) }

    @Test("of queues and functions: 100,015 over 23 days")
    func managed() {
        let delays = Self.delays(.managed, 100_016).map { $0 ?? -1 }
        #expect(Array(delays[0..<5]) == [0, 0, 0, 1, 1])
        #expect(delays[5] == 1 && delays[14] == 20)
        #expect(delays[15..<100_015].allSatisfy { $0 == 20 })
        #expect(delays[100_015] == -1)
    }

    @Test("in all four phases")
    func phases() throws {
        let policy = try RetryPolicy().merged(
            with: [
                "minDelayTarget": 2, "maxDelayTarget": 8, "numRetries": 8, "numNoDelayRetries": 1,
                "numMinDelayRetries": 2, "numMaxDelayRetries": 1, "backoffFunction": "linear",
            ], name: "healthyRetryPolicy")
        #expect(Self.delays(policy, 9) == [0, 2, 2, 2, 4, 6, 8, 8, nil])
    }

    @Test(
        "that are refused",
        arguments: [
            ["numRetries": 101], ["minDelayTarget": 30], ["numNoDelayRetries": 4], ["maxDelayTarget": 3601],
            ["minDelayTarget": 0], ["backoffFunction": "random"], ["numRetries": -1], ["unknown": 1],
        ] as [JSON])
    func refused(policy: JSON) {
        #expect(throws: PatternError.self) { try RetryPolicy().merged(with: policy, name: "healthyRetryPolicy") }
    }
}

@Suite("Delivery policies")
struct DeliveryPolicyTests {
    static let defaults = """
        {"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,\
        "numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},\
        "disableSubscriptionOverrides":false,\
        "defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}
        """

    @Test("of a topic without one are AWS's")
    func topicDefaults() { #expect(DeliveryPolicy().effectiveOfTopic == Self.defaults) }

    @Test(
        "of a topic are answered as given",
        arguments: [
            (
                #"{"http":{"defaultRequestPolicy":{"headerContentType":"application/json"}}}"#,
                #"{"http":{"disableSubscriptionOverrides":false,"#
                    + #""defaultRequestPolicy":{"headerContentType":"application/json"}}}"#
            ),
            (#"{"http":{"defaultHealthyRetryPolicy":null}}"#, #"{"http":{"disableSubscriptionOverrides":false}}"#),
            (#"{"http":null}"#, nil), (#"{}"#, nil),
        ] as [(String, String?)])
    func topic(given: String, answered: String?) throws {
        #expect(try DeliveryPolicy.normalized(topic: given) == answered)
    }

    @Test("of a subscription go over those of the topic, member by member")
    func subscription() throws {
        let topic = try DeliveryPolicy(topic: #"{"http":{"defaultRequestPolicy":{"headerContentType":"text/csv"}}}"#)
        let given = #"{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":0}}"#
        let policy = try topic.overridden(by: given)
        #expect(policy.retries.numRetries == 0 && policy.contentType == "text/csv")
        #expect(
            try DeliveryPolicy.normalized(subscription: given)
                == #"{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":0},"#
                + #""sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":null,"guaranteed":false}"#)
    }

    @Test("of a topic may forbid others")
    func forbidden() throws {
        let topic = try DeliveryPolicy(topic: #"{"http":{"disableSubscriptionOverrides":true}}"#)
        #expect(try topic.overridden(by: #"{"healthyRetryPolicy":{"numRetries":9}}"#).retries.numRetries == 3)
    }
}

@Suite("Times")
struct TimestampTests {
    @Test(
        "are written in milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_723_728_724_000, "2024-08-15T13:32:04.000Z"),
            (1_735_689_599_001, "2024-12-31T23:59:59.001Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func text(milliseconds: Int64, text: String) { #expect(Timestamp.text(milliseconds) == text) }
}

@Suite("Message attributes")
struct MessageAttributeTests {
    @Test(
        "that are refused",
        arguments: [
            (
                ["a": ["DataType": "String", "StringValue": ""]],
                "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'."
            ),
            (
                ["a": ["DataType": "String"]],
                "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'."
            ),
            (
                ["a": ["DataType": "Binary", "BinaryValue": .bytes([])]],
                "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'Binary'."
            ),
            (
                ["a": ["DataType": "String", "BinaryValue": .bytes([1])]],
                "The message attribute 'a' with type 'String' must use field 'String'."
            ),
            (
                ["a": ["DataType": "Number", "BinaryValue": .bytes([1])]],
                "The message attribute 'a' with type 'Number' must use field 'String'."
            ),
            (
                ["a": ["DataType": "Binary", "StringValue": "x"]],
                "The message attribute 'a' with type 'Binary' must use field 'Binary'."
            ),
            (
                ["a": ["DataType": "Boolean", "StringValue": "x"]],
                "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
            ),
            (
                ["a": ["DataType": "Number", "StringValue": "x"]],
                "Could not cast message attribute 'a' value to number."
            ),
            (
                ["a^b": ["DataType": "String", "StringValue": "x"]],
                "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots."
            ),
            (
                [".a": ["DataType": "String", "StringValue": "x"]],
                "Invalid message attribute name starting with character '.' was found."
            ),
            (
                ["a.": ["DataType": "String", "StringValue": "x"]],
                "Invalid message attribute name ending with character '.' was found."
            ),
            (
                ["a..b": ["DataType": "String", "StringValue": "x"]],
                "Message attribute name can not have successive '.' character."
            ),
        ] as [(JSON, String)])
    func refused(tree: JSON, message: String) {
        #expect(throws: AWSError("ParameterValueInvalid", message)) { try MessageAttribute.list(tree) }
    }

    @Test("keep their order and types")
    func kept() throws {
        let tree: JSON = [
            "z": ["DataType": "String.custom", "StringValue": "1"],
            "a": ["DataType": "Number.int", "StringValue": "2"],
            "m": ["DataType": "Binary", "BinaryValue": .bytes([2, 3, 4])],
        ]
        let list = try MessageAttribute.list(tree)
        #expect(list.map(\.name) == ["z", "a", "m"])
        #expect(
            list.map { $0.envelope.text() } == [
                #"{"Type":"String.custom","Value":"1"}"#, #"{"Type":"Number.int","Value":"2"}"#,
                #"{"Type":"Binary","Value":"AgME"}"#,
            ])
        #expect(try JSON.parse(JSON(encoding: list).text()).decoded(as: [MessageAttribute].self) == list)
    }
}
