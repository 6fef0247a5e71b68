import AWSWire
import BatonCore
import BatonStore
import BatonTesting
import JSON
import Testing

@testable import Lambda

@Suite(.timeLimit(.minutes(1))) struct AsyncEventTests {
    @Test func anEventRunsAfterItsAcknowledgement() async throws {
        try await Bench.run { bench in
            try await bench.python("f", "ring(event['word'])")
            try await bench.invokeEvent("f", ["word": "hello"])
            #expect(await bench.ring() == "/hello")
        }
    }

    @Test func aFailingEventRunsThreeTimesAndGoesToItsDestinations() async throws {
        try await Bench.run { bench in
            let dead = try await bench.queue("dead")
            let failed = try await bench.queue("failed")
            try await bench.python(
                "f", "ring(context.aws_request_id); raise ValueError('no')",
                ["DeadLetterConfig": ["TargetArn": .string(dead.arn)]])
            try await bench.test.call(
                "lambda", "PutFunctionEventInvokeConfig",
                ["FunctionName": "f", "DestinationConfig": ["OnFailure": ["Destination": .string(failed.arn)]]])
            try await bench.invokeEvent("f", ["n": 1])
            var ids = [await bench.ring()]
            await bench.test.host.store.due.idle()
            #expect(try await bench.count(dead.url) == 0)
            for delayMs: Int64 in [60_000, 120_000] {
                await bench.test.advance(byMs: delayMs)
                ids.append(await bench.ring())
                await bench.test.host.store.due.idle()
            }
            #expect(Set(ids).count == 1)
            let letter = try #require(try await bench.messages(dead.url).first)
            #expect(letter["Body"] == #"{"n":1}"#)
            #expect(letter["MessageAttributes"]?["ErrorMessage"]?["StringValue"] == "no")
            #expect(letter["MessageAttributes"]?["ErrorCode"]?["StringValue"] == "200")
            #expect(
                letter["MessageAttributes"]?["RequestID"]?["StringValue"]?.string
                    == ids.first.map { String($0.dropFirst()) })
            let record = try JSON.parse(try #require(try await bench.messages(failed.url).first?["Body"]?.string))
            #expect(record["version"] == "1.0")
            #expect(record["requestContext"]?["condition"] == "RetriesExhausted")
            #expect(record["requestContext"]?["approximateInvokeCount"] == 3)
            #expect(
                record["requestContext"]?["functionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST")
            #expect(record["requestPayload"] == ["n": 1])
            #expect(
                record["responseContext"] == [
                    "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled",
                ])
            #expect(record["responsePayload"]?["errorType"] == "ValueError")
        }
    }

    @Test func successGoesToItsDestination() async throws {
        try await Bench.run { bench in
            let done = try await bench.queue("done")
            try await bench.python("f", "return {'sum': event['a'] + 1}")
            try await bench.python("next", "ring(event['responsePayload']['word'])")
            try await bench.python("first", "return {'word': 'chained'}")
            try await bench.test.call(
                "lambda", "PutFunctionEventInvokeConfig",
                ["FunctionName": "f", "DestinationConfig": ["OnSuccess": ["Destination": .string(done.arn)]]])
            try await bench.test.call(
                "lambda", "PutFunctionEventInvokeConfig",
                [
                    "FunctionName": "first", "MaximumRetryAttempts": 0,
                    "DestinationConfig": [
                        "OnSuccess": ["Destination": "arn:aws:lambda:us-east-1:000000000000:function:next"]
                    ],
                ])
            try await bench.invokeEvent("f", ["a": 1])
            await bench.test.host.store.due.idle()
            let record = try JSON.parse(try #require(try await bench.messages(done.url).first?["Body"]?.string))
            #expect(record["requestContext"]?["condition"] == "Success")
            #expect(record["responsePayload"] == ["sum": 2])
            try await bench.invokeEvent("first")
            #expect(await bench.ring() == "/chained")
        }
    }

    @Test func withoutConcurrencyAnEventIsGivenUpAtOnce() async throws {
        try await Bench.run { bench in
            let dead = try await bench.queue("dead")
            try await bench.python("f", "return 1", ["DeadLetterConfig": ["TargetArn": .string(dead.arn)]])
            try await bench.test.call(
                "lambda", "PutFunctionConcurrency", ["FunctionName": "f", "ReservedConcurrentExecutions": 0])
            try await bench.invokeEvent("f")
            await bench.test.host.store.due.idle()
            #expect(try await bench.count(dead.url) == 1)
        }
    }

    @Test func theTopicOfAnotherServiceEnqueuesInItsOwnTransaction() async throws {
        try await Bench.run { bench in
            try await bench.python("f", "ring(event['word'])")
            let context = bench.test.context()
            let input: JSON = [
                "FunctionName": "f", "InvocationType": "Event", "Payload": .bytes(Array(#"{"word":"enlisted"}"#.utf8)),
            ]
            let write = try context.enlist("lambda", "Invoke", input)
            _ = try await context.write { transaction in try write(transaction) }
            #expect(await bench.ring() == "/enlisted")
            #expect(throws: AWSError.self) { try context.enlist("lambda", "Invoke", ["FunctionName": "f"]) }
        }
    }
}
