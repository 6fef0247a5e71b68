import JSON
import StatesLanguage
import Testing

/// Payload templates and JSONata templates, and the fields of states that hold them.
@Suite struct TemplateTests {
    static let scope = Scope(
        input: ["a": 1, "b": ["c": [1, 2]], "s": "text", "n": 2.5, "at": "2024-01-01T00:00:00Z", "null": nil],
        context: ["Execution": ["Name": "e"]], variables: ["v": ["w": 7]], environment: .fixed)

    static func state(_ fields: String, _ language: String = "JSONPath") throws -> State {
        let text = #"{"QueryLanguage":"\#(language)","StartAt":"A","States":{"A":{\#(fields)},"B":{"Type":"Succeed"}}}"#
        guard let state = try Definition(parsing: text).graph.states["A"] else { throw StatesError("no state") }
        return state
    }

    @Test(arguments: [
        (#"{"x.$":"$.a","y":"$.a"}"#, #"{"x":1,"y":"$.a"}"#), (#"{"x":{"y.$":"$.b.c[0]"}}"#, #"{"x":{"y":1}}"#),
        (#"{"l":[1,{"x.$":"$.s"},["$.s"]]}"#, #"{"l":[1,{"x":"text"},["$.s"]]}"#),
        (#"{"x.$":"$$.Execution.Name"}"#, #"{"x":"e"}"#),
        (#"{"x.$":"$v.w"}"#, #"{"x":7}"#), (#"{"x.$":"States.Format('{}', $.a)"}"#, #"{"x":"1"}"#), ("{}", "{}"),
        (#"{"x.$":"$.null","y.$":"$..c"}"#, #"{"x":null,"y":[[1,2]]}"#), (#"{"x.$":"$.b.c[*]"}"#, #"{"x":[1,2]}"#),
        (#"[{"x.$":"$.a"},2]"#, #"[{"x":1},2]"#), ("5", "5"),
    ])
    func payloads(_ template: String, _ expected: String) throws {
        let state = try Self.state(
            #""Type":"Pass","End":true,"Parameters":\#(template)"#.replacing(#""End":true"#, with: #""Next":"B""#))
        #expect(try state.parameters?.evaluate(Self.scope) == JSON.parse(expected))
    }

    @Test func aPathThatFindsNothingIsNamed() throws {
        let state = try Self.state(#""Type":"Pass","Next":"B","Parameters":{"l":[{"x.$":"$.no"}]}"#)
        let cause =
            "The JSONPath '$.no' specified for the field 'x.$' could not be found in the input '\(Self.scope.input.text())'"
        #expect(throws: StatesError("States.Runtime", cause)) { try state.parameters?.evaluate(Self.scope) }
    }

    @Test(arguments: [
        (#""{% $states.input.a + 1 %}""#, "2"),
        (#"{"x":"{%$states.context.Execution.Name%}","y":[1,"{% $v.w %}"]}"#, #"{"x":"e","y":[1,7]}"#),
        (#"{"x":"plain {% 1 %}","y":null,"z.$":"$.a"}"#, #"{"x":"plain {% 1 %}","y":null,"z.$":"$.a"}"#),
        (#""{% $states.input.`null` %}""#, "null"), (#""{% $uuid() %}""#, #""00000000-0000-4000-8000-000000000000""#),
        (#""{% $partition([1,2,3], 2) %}""#, "[[1,2],[3]]"), (#""{% $parse('{\"a\":1}').a %}""#, "1"),
        (#""{% $states.input.b.c[$ > 1] %}""#, "2"), ("false", "false"),
    ])
    func queries(_ template: String, _ expected: String) throws {
        let state = try Self.state(#""Type":"Pass","Next":"B","Output":\#(template)"#, "JSONata")
        #expect(try state.output?.evaluate(Self.scope) == JSON.parse(expected))
    }

    @Test(arguments: [
        (
            #"{"x":{"y":[1,"{% $no %}"]}}"#,
            "The JSONata expression '$no' specified for the field 'Output/x/y[1]' returned nothing (undefined)."
        ),
        (
            #""{% $states.input.no %}""#,
            "The JSONata expression '$states.input.no' specified for the field 'Output' returned nothing (undefined)."
        ),
        (
            #""{% $sum('a') %}""#,
            #"The JSONata expression '$sum('a')' specified for the field 'Output' threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers""#
        ),
    ])
    func queriesFail(_ template: String, _ cause: String) throws {
        let state = try Self.state(#""Type":"Pass","Next":"B","Output":\#(template)"#, "JSONata")
        #expect(throws: StatesError("States.QueryEvaluationError", cause)) { try state.output?.evaluate(Self.scope) }
    }

    @Test func queriesThatCannotBeParsedAreRefused() {
        let text =
            #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Output":"{% 1 + %}"}}}"#
        #expect(Definition.check(text).map(\.code) == [.invalidQuery])
        #expect(Definition.check(text).map(\.location) == ["/States/A/Output"])
    }

    @Test(arguments: [
        ("{% $$ %}", "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported. at /States/A/Output/x"),
        (
            "{% $ %}",
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$' at the top level is not supported. at /States/A/Output/x"
        ),
        (
            "{% phone %}",
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/A/Output/x"
        ),
        (
            "{% $map([1], function($x){ b }) %}",
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'b' at the top level is not supported. at /States/A/Output/x"
        ),
        (
            "{% $states.errorOutput %}",
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$states.errorOutput' is not supported. at /States/A/Output/x"
        ),
    ])
    func queriesAreRefused(_ query: String, _ expected: String) throws {
        let text =
            #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Output":{"x":"\#(query)"}}}}"#
        #expect(Definition.check(text).map(\.line) == [expected])
    }

    // MARK: Numbers, texts, moments

    static func wait(_ field: String, _ language: String) throws -> Int64 {
        guard case .wait(let until) = try state(#""Type":"Wait","Next":"B",\#(field)"#, language).kind else {
            return -1
        }
        return try until.untilMs(scope, nowMs: 1_000)
    }

    @Test(arguments: [
        (#""Seconds":3"#, "JSONPath", 4_000), (#""SecondsPath":"$.a""#, "JSONPath", 2_000),
        (#""SecondsPath":"$v.w""#, "JSONPath", 8_000),
        (#""Timestamp":"2024-01-01T00:00:00Z""#, "JSONPath", 1_704_067_200_000),
        (#""TimestampPath":"$.at""#, "JSONPath", 1_704_067_200_000),
        (#""Seconds":"{% $states.input.a * 2 %}""#, "JSONata", 3_000), (#""Seconds":0"#, "JSONata", 1_000),
        (#""Timestamp":"{% $states.input.at %}""#, "JSONata", 1_704_067_200_000),
    ])
    func waits(_ field: String, _ language: String, _ expected: Int64) throws {
        #expect(try Self.wait(field, language) == expected)
    }

    @Test(arguments: [
        (
            #""SecondsPath":"$.no""#, "JSONPath", "States.Runtime",
            "The SecondsPath parameter does not reference an input value: $.no"
        ),
        (
            #""SecondsPath":"$.s""#, "JSONPath", "States.Runtime",
            #"The SecondsPath field refers to value "text" which is not a valid integer: $.s"#
        ),
        (
            #""TimestampPath":"$.no""#, "JSONPath", "States.Runtime",
            "The TimestampPath parameter does not reference an input value: $.no"
        ),
        (
            #""Seconds":"{% 'x' %}""#, "JSONata", "States.QueryEvaluationError",
            "The JSONata expression ''x'' specified for the field 'Seconds' returned an unexpected result type. Expected 'number', but was 'string' for value: \"x\""
        ),
    ])
    func waitsFail(_ field: String, _ language: String, _ error: String, _ cause: String) {
        #expect(throws: StatesError(error, cause)) { try Self.wait(field, language) }
    }

    @Test(
        arguments: [
            ("JSONPath", #""MaxItemsPath":"$.a""#, 1), ("JSONPath", #""MaxItems":0"#, 0),
            ("JSONata", #""MaxItems":"{% 2 %}""#, 2),
            ("JSONPath", #""MaxItemsPath":"$.no""#, nil), ("JSONPath", #""MaxItemsPath":"$.n""#, nil),
            ("JSONata", #""MaxItems":"{% -1 %}""#, nil), ("JSONata", #""MaxItems":"{% 'x' %}""#, nil),
        ] as [(String, String, Double?)])
    func limitsReaders(_ language: String, _ field: String, _ expected: Double?) throws {
        let fields = CheckTests.many.replacing(#""End":true,"ItemP"#, with: #""Next":"C","ItemP"#)
        let text =
            #"{"QueryLanguage":"\#(language)","StartAt":"A","States":{"C":{"Type":"Succeed"},"A":{\#(fields),"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON",\#(field)}}}}}"#
        guard case .map(let map) = try Definition(parsing: text).graph.states["A"]?.kind else { return }
        let limit = map.itemReader?.maxItems
        if let expected {
            #expect(try limit?.evaluate(Self.scope) == expected)
        } else {
            #expect(throws: StatesError.self) { try limit?.evaluate(Self.scope) }
        }
    }

    @Test(arguments: [
        (["States.ALL"], "Any", true), (["States.ALL"], "States.Runtime", false),
        (["States.ALL"], "States.DataLimitExceeded", false),
        (["States.TaskFailed"], "Any", true), (["States.TaskFailed"], "States.Timeout", false),
        (["States.Timeout"], "States.HeartbeatTimeout", true),
        (["States.HeartbeatTimeout"], "States.Timeout", false), (["A", "B"], "B", true), (["A"], "AB", false),
        (["States.DataLimitExceeded"], "States.DataLimitExceeded", true),
    ])
    func matches(_ names: [String], _ error: String, _ expected: Bool) throws {
        let list = JSON.array(names.map { .string($0) }).text()
        let state = try Self.state(
            #""Type":"Task","Next":"B","Resource":"\#(CheckTests.function)","Retry":[{"ErrorEquals":\#(list)}],"Catch":[{"ErrorEquals":\#(list),"Next":"B"}]"#
        )
        #expect(state.retry.first?.matches(error) == expected)
        #expect(state.catchers.first?.matches(error) == expected)
    }
}
