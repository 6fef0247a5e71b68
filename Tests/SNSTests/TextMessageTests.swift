import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Testing

@testable import SNS

@Suite("Text messages, and attributes that are looked at")
struct TextMessageTests {
    @Test("the account's settings are kept")
    func settings() async throws {
        let host = try await TestHost([SNS()])
        try await host.call("sns", "SetSMSAttributes", ["attributes": ["DefaultSMSType": "Transactional"]])
        try await host.call("sns", "SetSMSAttributes", ["attributes": ["DefaultSenderID": "me"]])
        #expect(
            try await host.call("sns", "GetSMSAttributes")["attributes"]
                == ["DefaultSMSType": "Transactional", "DefaultSenderID": "me"])
        #expect(
            try await host.call("sns", "GetSMSAttributes", ["attributes": ["DefaultSenderID"]])["attributes"]
                == ["DefaultSenderID": "me"])
        try await host.call("sns", "CreateSMSSandboxPhoneNumber", ["PhoneNumber": "+15551234567"])
        let numbers = try await host.call("sns", "ListSMSSandboxPhoneNumbers")["PhoneNumbers"]
        #expect(numbers?.array == [["PhoneNumber": "+15551234567", "Status": "Pending"]])
    }

    @Test(
        arguments: [
            ("SetSMSAttributes", ["attributes": ["Nope": "1"]], "InvalidParameter"),
            ("SetSMSAttributes", ["attributes": ["DefaultSMSType": "Loud"]], "InvalidParameter"),
            ("CheckIfPhoneNumberIsOptedOut", ["phoneNumber": "12"], "InvalidParameter"),
            ("CheckIfPhoneNumberIsOptedOut", ["phoneNumber": "+15551234567"], nil),
            ("DeleteSMSSandboxPhoneNumber", ["PhoneNumber": "+15551234567"], "ResourceNotFound"),
            ("Publish", ["PhoneNumber": "+15551234567", "Message": "hi"], nil),
            ("Publish", ["PhoneNumber": "+15551234567", "Message": ""], "InvalidParameter"),
            (
                "Publish",
                ["PhoneNumber": "+15551234567", "TopicArn": "arn:aws:sns:us-east-1:000000000000:t", "Message": "hi"],
                "InvalidParameter"
            ),
            ("CreateTopic", ["Name": "u", "Attributes": ["SQSSuccessFeedbackSampleRate": "101"]], "InvalidParameter"),
            ("CreateTopic", ["Name": "u", "Attributes": ["SQSSuccessFeedbackSampleRate": "100"]], nil),
            ("CreateTopic", ["Name": "u", "Attributes": ["ArchivePolicy": "{}"]], "InvalidParameter"),
            ("CreateTopic", ["Name": "u", "Attributes": ["FifoThroughputScope": "Topic"]], "InvalidParameter"),
        ] as [(String, JSON, String?)])
    func requests(_ operation: String, _ input: JSON, _ code: String?) async throws {
        let host = try await TestHost([SNS()])
        try await host.call("sns", "CreateTopic", ["Name": "t"])
        #expect(await host.failure("sns", operation, input)?.code == code)
    }
}
