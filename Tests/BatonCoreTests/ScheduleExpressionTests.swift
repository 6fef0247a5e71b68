import AWSWire
import BatonCore
import Foundation
import JSON
import Testing

@Suite("Schedule expressions")
struct ScheduleExpressionTests {
    @Test(
        "are refused",
        arguments: [
            "", "rate", "rate()", "rate(0 minutes)", "rate(1 minutes)", "rate(5 minute)", "rate(5 weeks)", "rate(5)",
            "cron(0 12 * * *)", "cron(0 12 * * * *)", "cron(0 12 ? * ? *)", "cron(60 12 * * ? *)", "cron(0 24 * * ? *)",
            "cron(0 12 32 * ? *)", "cron(0 12 * 13 ? *)", "cron(0 12 ? * 8 *)", "cron(0 12 ? * MON#6 *)",
            "cron(0 12 * * ? 1969)", "cron(0/0 * * * ? *)", "cron(a * * * ? *)", "at(2030-02-30T00:00:00)",
            "at(2030-01-01)", "every(5 minutes)",
        ])
    func refused(text: String) { #expect(ScheduleExpression(text) == nil) }

    /// An expression, a zone, a time, the next times after it.
    static let cases: [(String, String, String, [String])] = [
        ("cron(0 12 * * ? *)", "UTC", "2024-01-01T12:00:00Z", ["2024-01-02T12:00:00Z"]),
        (
            "cron(15 10 ? * 6L 2024-2025)", "UTC", "2024-01-01T00:00:00Z",
            ["2024-01-26T10:15:00Z", "2024-02-23T10:15:00Z"]
        ),
        (
            "cron(0/10 8-9 ? * MON-FRI *)", "UTC", "2024-01-05T09:45:00Z",
            ["2024-01-05T09:50:00Z", "2024-01-08T08:00:00Z"]
        ),
        ("cron(0 9 ? * 2#1 *)", "UTC", "2024-01-02T00:00:00Z", ["2024-02-05T09:00:00Z"]),
        ("cron(0 0 L * ? *)", "UTC", "2024-02-01T00:00:00Z", ["2024-02-29T00:00:00Z", "2024-03-31T00:00:00Z"]),
        ("cron(0 0 L-2 * ? *)", "UTC", "2024-02-01T00:00:00Z", ["2024-02-27T00:00:00Z"]),
        ("cron(0 0 3W * ? *)", "UTC", "2024-02-01T00:00:00Z", ["2024-02-02T00:00:00Z"]),
        ("cron(0 0 1W 6 ? *)", "UTC", "2024-01-01T00:00:00Z", ["2024-06-03T00:00:00Z"]),
        ("cron(0 0 LW 3 ? *)", "UTC", "2024-01-01T00:00:00Z", ["2024-03-29T00:00:00Z"]),
        ("cron(30 22-1 * * ? *)", "UTC", "2024-01-01T22:30:00Z", ["2024-01-01T23:30:00Z", "2024-01-02T00:30:00Z"]),
        (
            "cron(0 0 ? JAN,jul SAT-SUN *)", "UTC", "2024-01-31T00:00:00Z",
            ["2024-07-06T00:00:00Z", "2024-07-07T00:00:00Z"]
        ),
        ("cron(0 0 29 2 ? *)", "UTC", "2024-03-01T00:00:00Z", ["2028-02-29T00:00:00Z"]),
        ("cron(0 0 30 2 ? *)", "UTC", "2024-03-01T00:00:00Z", []),
        ("cron(0 0 1 1 ? 2020)", "UTC", "2024-03-01T00:00:00Z", []),
        // New York: clocks go from 02:00 to 03:00 on 10 March 2024, from 02:00 to 01:00 on 3 November.
        ("cron(30 2 * * ? *)", "America/New_York", "2024-03-09T12:00:00Z", ["2024-03-11T06:30:00Z"]),
        (
            "cron(30 1 * * ? *)", "America/New_York", "2024-11-03T00:00:00Z",
            ["2024-11-03T05:30:00Z", "2024-11-04T06:30:00Z"]
        ),
        ("cron(0 9 * * ? *)", "Europe/Berlin", "2024-03-30T12:00:00Z", ["2024-03-31T07:00:00Z"]),
        ("cron(0/30 * * * ? *)", "America/New_York", "2024-11-03T05:30:00Z", ["2024-11-03T07:00:00Z"]),
        ("at(2024-07-01T09:00:00)", "Europe/Berlin", "2024-01-01T00:00:00Z", ["2024-07-01T07:00:00Z"]),
        ("at(2024-07-01T09:00:00)", "UTC", "2024-07-01T09:00:00Z", []),
        ("rate(1 hour)", "UTC", "2024-01-01T00:10:00Z", ["2024-01-01T01:00:00Z", "2024-01-01T02:00:00Z"]),
        ("rate(1 day)", "UTC", "2023-12-31T00:00:00Z", ["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"]),
    ]

    @Test("know their next times", arguments: cases)
    func next(text: String, zone: String, from: String, expected: [String]) throws {
        let expression = try #require(ScheduleExpression(text))
        let zone = try #require(TimeZone(identifier: zone))
        let origin = try milliseconds("2024-01-01T00:00:00Z")
        var time = try milliseconds(from)
        var found: [String] = []
        for _ in 0..<max(expected.count, 1) {
            guard let next = expression.next(after: time, origin: origin, in: zone) else { break }
            found.append(Timestamp.iso8601(next))
            time = next
        }
        #expect(found == expected)
    }

    private func milliseconds(_ text: String) throws -> Int64 {
        try #require(Timestamp.parse(text).flatMap { Timestamp.milliseconds($0) })
    }
}
