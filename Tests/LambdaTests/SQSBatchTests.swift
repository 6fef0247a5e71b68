import AWSWire
import JSON
import Testing

@testable import Lambda

@Suite struct SQSBatchTests {
    private let source = ARN(service: "sqs", region: "us-east-1", account: "000000000000", resource: "orders")

    private func batch(_ bodies: [String], filter: FilterCriteria = FilterCriteria()) -> SQSBatch {
        let messages = bodies.enumerated().map { index, body -> JSON in
            [
                "MessageId": .string("m\(index)"), "ReceiptHandle": .string("r\(index)"), "Body": .string(body),
                "MD5OfBody": "0", "Attributes": ["SentTimestamp": "1"],
                "MessageAttributes": ["kind": ["DataType": "String", "StringValue": "a"]],
            ]
        }
        return SQSBatch(messages, source: source, filter: filter)
    }

    @Test func recordsHaveAWSsForm() {
        let expected = #"""
            {"Records":[{"messageId":"m0","receiptHandle":"r0","body":"hello","attributes":{"SentTimestamp":"1"},\#
            "messageAttributes":{"kind":{"stringValue":"a","stringListValues":[],"binaryListValues":[],"dataType":"String"}},\#
            "md5OfBody":"0","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-1:000000000000:orders",\#
            "awsRegion":"us-east-1"}]}
            """#
        #expect(batch(["hello"]).event.text() == expected)
    }

    @Test func whatNoFilterWantsIsDone() throws {
        let filter = try FilterCriteria(["Filters": [["Pattern": #"{"body":{"kind":["a"]}}"#]]])
        let batch = batch([#"{"kind":"a"}"#, #"{"kind":"b"}"#, "plain"], filter: filter)
        #expect(batch.records.count == 1)
        #expect(batch.filtered == ["r1", "r2"])
    }

    @Test(
        arguments: [
            ("null", nil, false, ["r0", "r1", "r2"]),
            ("null", "Unhandled", false, []),
            (#"{"batchItemFailures":[{"itemIdentifier":"m1"}]}"#, nil, false, ["r0", "r1", "r2"]),
            (#"{"batchItemFailures":[{"itemIdentifier":"m1"}]}"#, nil, true, ["r0", "r2"]),
            (#"{"batchItemFailures":[]}"#, nil, true, ["r0", "r1", "r2"]),
            (#"{"batchItemFailures":null}"#, nil, true, ["r0", "r1", "r2"]),
            ("{}", nil, true, ["r0", "r1", "r2"]),
            ("null", nil, true, ["r0", "r1", "r2"]),
            ("", nil, true, ["r0", "r1", "r2"]),
            ("[]", nil, true, []),
            ("not json", nil, true, []),
            (#"{"batchItemFailures":"m1"}"#, nil, true, []),
            (#"{"batchItemFailures":[{"itemIdentifier":""}]}"#, nil, true, []),
            (#"{"batchItemFailures":[{"itemIdentifier":null}]}"#, nil, true, []),
            (#"{"batchItemFailures":[{"itemIdentifier":"other"}]}"#, nil, true, []),
            (#"{"batchItemFailures":[{"id":"m1"}]}"#, nil, true, []),
        ] as [(String, String?, Bool, [String])])
    func whatIsDone(_ payload: String, _ error: String?, _ reports: Bool, _ done: [String]) {
        let result = InvocationResult(payload: Array(payload.utf8), functionError: error, logTail: nil)
        #expect(batch(["a", "b", "c"]).done(result, reportsFailures: reports) == done)
    }
}
