import JSON
import StatesLanguage
import Testing

/// The operators of choice rules.
@Suite struct ChoiceTests {
    static let input: JSON = [
        "s": "abc", "s2": "abd", "star": "a*c", "back": "a\\c", "n": 5, "f": 5.0, "t": true, "null": nil,
        "at": "2024-01-02T03:04:05Z", "later": "2024-01-02T05:04:05.5+01:00", "list": [1],
    ]

    static func holds(_ rule: String) throws -> Bool {
        var rule = try JSON.parse(rule)
        rule["Next"] = "E"
        let definition: JSON = [
            "StartAt": "C",
            "States": ["C": ["Type": "Choice", "Choices": [rule], "Default": "E"], "E": ["Type": "Succeed"]],
        ]
        let state = try Definition(parsing: definition.text()).graph.states["C"]
        guard case .choice(let rules, _) = state?.kind, let first = rules.first else { return false }
        let scope = Scope(input: input, context: ["c": 1], variables: ["v": "abc"], environment: .fixed)
        return try first.condition.holds(scope)
    }

    @Test(arguments: [
        (#"{"Variable":"$.s","StringEquals":"abc"}"#, true), (#"{"Variable":"$.s","StringEquals":"ABC"}"#, false),
        (#"{"Variable":"$.n","StringEquals":"5"}"#, false), (#"{"Variable":"$.s","StringLessThan":"abd"}"#, true),
        (#"{"Variable":"$.s","StringGreaterThan":"abd"}"#, false),
        (#"{"Variable":"$.s","StringLessThanEquals":"abc"}"#, true),
        (#"{"Variable":"$.s","StringGreaterThanEquals":"abd"}"#, false),
        (#"{"Variable":"$.s","StringEqualsPath":"$v"}"#, true),
        (#"{"Variable":"$.s","StringLessThanPath":"$.s2"}"#, true),
        (#"{"Variable":"$.s","StringEqualsPath":"$.n"}"#, false), (#"{"Variable":"$$.c","NumericEquals":1}"#, true),
        (#"{"Variable":"$.s","StringMatches":"a*"}"#, true), (#"{"Variable":"$.s","StringMatches":"*b*"}"#, true),
        (#"{"Variable":"$.s","StringMatches":"a*b"}"#, false), (#"{"Variable":"$.s","StringMatches":"abc"}"#, true),
        (#"{"Variable":"$.s","StringMatches":"*"}"#, true), (#"{"Variable":"$.s","StringMatches":"a*b*c*"}"#, true),
        (#"{"Variable":"$.star","StringMatches":"a\\*c"}"#, true),
        (#"{"Variable":"$.s","StringMatches":"a\\*c"}"#, false),
        (#"{"Variable":"$.back","StringMatches":"a\\\\c"}"#, true), (#"{"Variable":"$.n","StringMatches":"*"}"#, false),
        (#"{"Variable":"$.n","NumericEquals":5.0}"#, true), (#"{"Variable":"$.f","NumericEquals":5}"#, true),
        (#"{"Variable":"$.n","NumericLessThan":5.1}"#, true),
        (#"{"Variable":"$.n","NumericGreaterThanEquals":5}"#, true),
        (#"{"Variable":"$.n","NumericEqualsPath":"$.f"}"#, true), (#"{"Variable":"$.s","NumericEquals":5}"#, false),
        (#"{"Variable":"$.t","BooleanEquals":true}"#, true), (#"{"Variable":"$.t","BooleanEquals":false}"#, false),
        (#"{"Variable":"$.t","BooleanEqualsPath":"$.t"}"#, true), (#"{"Variable":"$.n","BooleanEquals":true}"#, false),
        (#"{"Variable":"$.at","TimestampEquals":"2024-01-02T04:04:05+01:00"}"#, true),
        (#"{"Variable":"$.at","TimestampLessThanPath":"$.later"}"#, true),
        (#"{"Variable":"$.later","TimestampGreaterThan":"2024-01-02T04:04:05.4Z"}"#, true),
        (#"{"Variable":"$.s","TimestampLessThan":"2024-01-02T04:04:05Z"}"#, false),
        (#"{"Variable":"$.null","IsNull":true}"#, true), (#"{"Variable":"$.s","IsNull":false}"#, true),
        (#"{"Variable":"$.no","IsPresent":false}"#, true), (#"{"Variable":"$.null","IsPresent":true}"#, true),
        (#"{"Variable":"$.no.deep","IsPresent":true}"#, false), (#"{"Variable":"$.f","IsNumeric":true}"#, true),
        (#"{"Variable":"$.s","IsString":true}"#, true), (#"{"Variable":"$.t","IsBoolean":true}"#, true),
        (#"{"Variable":"$.at","IsTimestamp":true}"#, true), (#"{"Variable":"$.s","IsTimestamp":true}"#, false),
        (#"{"Variable":"$.n","IsTimestamp":false}"#, true),
        (#"{"And":[{"Variable":"$.n","IsNumeric":true},{"Variable":"$.n","NumericGreaterThan":9}]}"#, false),
        (#"{"Or":[{"Variable":"$.n","NumericGreaterThan":9},{"Variable":"$.t","BooleanEquals":true}]}"#, true),
        (#"{"Not":{"Variable":"$.s","StringEquals":"abc"}}"#, false),
        (
            #"{"Not":{"And":[{"Not":{"Variable":"$.t","BooleanEquals":true}},{"Variable":"$.s","IsString":true}]}}"#,
            true
        ),
        (#"{"And":[{"Variable":"$.no","IsPresent":true},{"Variable":"$.no","NumericEquals":1}]}"#, false),
    ])
    func holdsOrNot(_ rule: String, _ expected: Bool) throws {
        #expect(try Self.holds(rule) == expected)
    }

    @Test(arguments: [
        (#"{"Variable":"$.no","StringEquals":"a"}"#, "$.no"), (#"{"Variable":"$.no","IsNull":true}"#, "$.no"),
        (#"{"Variable":"$.s","StringEqualsPath":"$.no"}"#, "$.no"),
        (#"{"Not":{"Variable":"$.no","IsString":true}}"#, "$.no"),
    ])
    func failsForAPathThatFindsNothing(_ rule: String, _ path: String) {
        let cause = "Invalid path '\(path)': The choice state's condition path references an invalid value."
        #expect(throws: StatesError("States.Runtime", cause)) { try Self.holds(rule) }
    }

    @Test(arguments: [
        ("2024-02-29T12:00:00Z", 1_709_208_000_000), ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.9Z", -100),
        ("2024-01-01T00:00:00.123456789Z", 1_704_067_200_124), ("2024-01-01T01:30:00+01:30", 1_704_067_200_000),
        ("2023-12-31T19:00:00-05:00", 1_704_067_200_000),
    ])
    func readsTimestamps(_ text: String, _ milliseconds: Int64) {
        #expect(RFC3339(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2024-01-01", "2024-01-01 00:00:00Z", "2024-01-01t00:00:00Z", "2024-01-01T00:00:00", "2024-13-01T00:00:00Z",
        "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00Z", "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00z", "2024-01-01T00:00:00Z ", "2024-01-01T00:00:00+1:00",
    ])
    func refusesTimestamps(_ text: String) { #expect(RFC3339(text) == nil) }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_709_208_000_123, "2024-02-29T12:00:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        ] as [(Int64, String)])
    func writesTimestamps(_ milliseconds: Int64, _ text: String) { #expect(RFC3339.text(milliseconds) == text) }
}
