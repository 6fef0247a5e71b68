import JSON
import StatesLanguage
import Testing

/// What the checker finds: one line for each finding, as `InvalidDefinition` lists them.
@Suite struct CheckTests {
    /// A machine of one state, with the state's fields.
    static func one(_ state: String) -> String { #"{"StartAt":"A","States":{"A":\#(state)}}"# }

    static func lines(_ text: String, _ type: WorkflowType = .standard) -> [String] {
        Definition.check(text, type: type).map(\.line)
    }

    static let end = #""Type":"Pass","End":true"#
    static let function = "arn:aws:lambda:us-east-1:000000000000:function:f"
    static let task = #""Type":"Task","End":true,"Resource":"\#(function)""#
    static let map = #""Type":"Map","End":true,"ItemProcessor":{"StartAt":"B","States":{"B":{\#(end)}}}"#
    static let many =
        #""Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"B","States":{"B":{\#(end)}}}"#

    @Test(arguments: [
        "{\(end)}", #"{\#(task),"Credentials":{"RoleArn.$":"$.r"}}"#, "{\(map)}", "{\(many)}",
        #"{\#(task),"TimeoutSeconds":5,"HeartbeatSecondsPath":"$.h"}"#, #"{"Type":"Succeed","OutputPath":null}"#,
        #"{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('{}',$.c)"}"#, #"{"Type":"Fail"}"#,
        #"{"Type":"Wait","End":true,"SecondsPath":"$.s"}"#,
        #"{\#(task),"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":0}]}"#,
        #"{\#(many),"ItemBatcher":{"MaxItemsPerBatch":3,"BatchInput":{"a.$":"$.a"}},"Label":"l"}"#,
        #"{\#(many),"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a"]}}}"#,
        #"{\#(many),"ResultWriter":{"WriterConfig":{"Transformation":"FLATTEN","OutputType":"JSONL"}}}"#,
        #"{\#(end),"QueryLanguage":"JSONata","Output":"{% $states.input %}","Assign":{"x":"{% 1 %}"}}"#,
    ])
    func takes(_ state: String) { #expect(Self.lines(Self.one(state)) == []) }

    static let schema = "SCHEMA_VALIDATION_FAILED: "

    @Test(arguments: [
        (#"{"Type":"Pass"}"#, ["This object should have only one of the following fields: [Next, End] at /States/A"]),
        (
            #"{"Type":"Pass","Next":"A","End":true}"#,
            ["There should only be one of the following fields: [Next, End] at /States/A"]
        ),
        (
            #"{"Type":"Nope","End":true}"#,
            [
                "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type"
            ]
        ),
        (#"{"End":true}"#, ["These fields are required: [Type] at /States/A"]),
        (#"{\#(end),"TimeoutSeconds":3}"#, ["Field 'TimeoutSeconds' is not supported at /States/A"]),
        (#"{\#(end),"Retry":[]}"#, ["Field 'Retry' is not supported at /States/A"]),
        (#"{"Type":"Task","End":true,"Resource":"f"}"#, ["Value is not a valid resource ARN at /States/A/Resource"]),
        (#"{\#(task),"TimeoutSeconds":0}"#, ["Minimum value is 1 at /States/A/TimeoutSeconds"]),
        (#"{\#(task),"TimeoutSeconds":"x"}"#, ["Expected value of type [INTEGER] at /States/A/TimeoutSeconds"]),
        (#"{\#(task),"Credentials":{}}"#, ["The field 'RoleArn' is required but was missing at /States/A/Credentials"]),
        (
            #"{\#(task),"TimeoutSeconds":1,"TimeoutSecondsPath":"$.t"}"#,
            ["There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] at /States/A"]
        ),
        (
            #"{\#(task),"TimeoutSecondsPath":"t"}"#,
            ["Value is not a Reference Path: Reference path didn't start with '$' at /States/A/TimeoutSecondsPath"]
        ),
        (#"{\#(task),"Retry":[{}]}"#, ["These fields are required: [ErrorEquals] at /States/A/Retry[0]"]),
        (#"{\#(task),"Retry":[{"ErrorEquals":[]}]}"#, ["Value cannot be empty at /States/A/Retry[0]/ErrorEquals"]),
        (
            #"{\#(task),"Retry":[{"ErrorEquals":["States.ALL","x"]}]}"#,
            ["States.ALL must appear alone and at end of list at /States/A/Retry[0]/ErrorEquals"]
        ),
        (
            #"{\#(task),"Retry":[{"ErrorEquals":["x"],"BackoffRate":0.5}]}"#,
            ["Minimum value is 1.0 at /States/A/Retry[0]/BackoffRate"]
        ),
        (
            #"{\#(task),"Retry":[{"ErrorEquals":["x"],"JitterStrategy":"SOME"}]}"#,
            ["Value should be one of the following: [NONE, FULL] at /States/A/Retry[0]/JitterStrategy"]
        ),
        (
            #"{"Type":"Wait","End":true}"#,
            [
                "This object should have only one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A"
            ]
        ),
        (
            #"{"Type":"Wait","End":true,"Timestamp":"soon"}"#,
            ["String does not match RFC3339 timestamp at /States/A/Timestamp"]
        ),
        (#"{"Type":"Parallel","End":true,"Branches":[]}"#, ["Value cannot be empty at /States/A/Branches"]),
        (
            #"{"Type":"Parallel","End":true,"Branches":[{"States":{"B":{\#(end)}}}]}"#,
            ["These fields are required: [StartAt] at /States/A/Branches[0]"]
        ),
        (
            #"{"Type":"Map","End":true}"#,
            ["This object should have only one of the following fields: [ItemProcessor, Iterator] at /States/A"]
        ),
        (
            #"{\#(map),"ToleratedFailurePercentage":101}"#,
            ["Maximum value is 100.0 at /States/A/ToleratedFailurePercentage"]
        ),
        (#"{\#(map),"MaxConcurrency":-1}"#, ["Minimum value is 0 at /States/A/MaxConcurrency"]),
        (
            #"{\#(many),"ItemReader":{"Resource":"arn:aws:states:::s3:putObject"}}"#,
            ["The field 'Resource' does not match any of the allowed values at /States/A/ItemReader/Resource"]
        ),
        (
            #"{\#(many),"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN"}}}"#,
            ["These fields are required: [CSVHeaders] at /States/A/ItemReader/ReaderConfig"]
        ),
        (
            #"{\#(many),"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON","CSVHeaderLocation":"GIVEN"}}}"#,
            ["Field 'CSVHeaderLocation' is not supported at /States/A/ItemReader/ReaderConfig"]
        ),
        (
            #"{\#(end),"Parameters":{"x.$":"oops"}}"#,
            [
                "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters"
            ]
        ),
        (#"{\#(end),"InputPath":"oops"}"#, ["Value must be a valid JSONPath. at /States/A/InputPath"]),
        (#"{\#(end),"ResultPath":"$..x"}"#, ["Value is not a Reference Path at /States/A/ResultPath"]),
        (
            #"{\#(end),"Output":1}"#,
            [
                "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A"
            ]
        ),
        (
            #"{\#(end),"QueryLanguage":"JSONata","ResultPath":"$"}"#,
            [
                "The QueryLanguage is set to 'JSONata', but field 'ResultPath' is only supported for the 'JSONPath' QueryLanguage at /States/A"
            ]
        ),
        (
            #"{\#(end),"QueryLanguage":"jsonpath"}"#,
            ["Value should be one of the following: [JSONPath, JSONata] at /States/A/QueryLanguage"]
        ),
        (
            #"{\#(end),"QueryLanguage":"JSONata","Output":"{% 1"}"#,
            ["JSONata string must start with {% and end with %} at /States/A/Output"]
        ),
        (#"{"Type":"Choice","Choices":[]}"#, ["Value cannot be empty at /States/A/Choices"]),
    ])
    func refuses(_ state: String, _ expected: [String]) {
        let lines = Self.lines(Self.one(state)).filter { !$0.hasPrefix("MISSING_END_STATE") }
        #expect(lines == expected.map { Self.schema + $0 })
    }

    @Test(arguments: [
        (#"{"Variable":"$.a","Next":"B"}"#, "This object should have a comparison operator at /States/A/Choices[0]"),
        (#"{"Variable":"$.a","IsNull":true}"#, "These fields are required: [Next] at /States/A/Choices[0]"),
        (
            #"{"Variable":"$.a","IsNull":true,"IsString":true,"Next":"B"}"#,
            "There should only be one of the following fields: [IsNull, IsString] at /States/A/Choices[0]"
        ),
        (
            #"{"IsNull":true,"Next":"B"}"#,
            "The object must have only one of the following fields, [And, Or, Not, Variable, Condition] at /States/A/Choices[0]"
        ),
        (
            #"{"Not":{"Variable":"$.a","IsNull":true,"Next":"B"},"Next":"B"}"#,
            "Field 'Next' is not supported at /States/A/Choices[0]/Not"
        ),
        (
            #"{"Variable":"a","IsNull":true,"Next":"B"}"#,
            "Value is not a Reference Path: Reference path didn't start with '$' at /States/A/Choices[0]/Variable"
        ),
        (
            #"{"Variable":"$.a","NumericEquals":"1","Next":"B"}"#,
            "Expected value of type [NUMBER] at /States/A/Choices[0]/NumericEquals"
        ),
    ])
    func refusesRules(_ rule: String, _ expected: String) {
        let text =
            #"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[\#(rule)],"Default":"B"},"B":{"Type":"Succeed"}}}"#
        #expect(Self.lines(text) == [Self.schema + expected])
    }

    @Test(arguments: [
        ("", ["MISSING_DESCRIPTION: State machine definition is empty at null"]),
        ("[]", ["SCHEMA_VALIDATION_FAILED: Expected value of type [OBJECT] at "]),
        ("{}", ["SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt, States] at /"]),
        (
            #"{"StartAt":"A","States":{"A":{\#(end)}},"X":1}"#,
            ["SCHEMA_VALIDATION_FAILED: Field 'X' is not supported at /"]
        ),
        (
            #"{"StartAt":"B","States":{"A":{\#(end)}}}"#,
            [
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /StartAt",
                #"MISSING_TRANSITION_TARGET: State "A" is not reachable. at /States/A"#,
            ]
        ),
        (
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"C"},"B":{\#(end)}}}"#,
            [
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/Next",
                #"MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B"#,
            ]
        ),
        (
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}"#,
            ["MISSING_END_STATE: Workflow has no terminal state at null"]
        ),
        (
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"NOPE"}}}"#,
            [
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next",
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ]
        ),
        (
            #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{\#(end),"QueryLanguage":"JSONPath","ResultPath":"$"}}}"#,
            [
                "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A"
            ]
        ),
        (
            #"{"StartAt":"A","States":{"A":{"Type":"Map","End":true,"QueryLanguage":"JSONata","ItemProcessor":{"QueryLanguage":"JSONata","StartAt":"B","States":{"B":{\#(end),"Output":1}}}}}}"#,
            [
                "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A/ItemProcessor/States/B",
                "SCHEMA_VALIDATION_FAILED: Field 'QueryLanguage' is not supported at /States/A/ItemProcessor",
            ]
        ),
        (
            #"{"StartAt":"A","States":{"A":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{"A":{\#(end)}}}]}}}"#,
            ["DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A"]
        ),
        (
            #"{"StartAt":"A","States":{"A":{\#(end),"Assign":{"states":1,"1x":2}}}}"#,
            [
                "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/A/Assign/states",
                "INVALID_VARIABLE_NAME: Invalid variable name '1x': the variable name contains invalid characters. at /States/A/Assign/1x",
            ]
        ),
        (
            #"{"StartAt":"A","States":{"A":{\#(end),"Result":{"x.$":"$.a"}},"B":{\#(end)}}}"#,
            [
                "PASS_RESULT_IS_STATIC: The Result of a Pass state is static: 'x.$' is not evaluated at /States/A/Result",
                #"MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B"#,
            ]
        ),
    ])
    func findsInMachines(_ text: String, _ expected: [String]) { #expect(Self.lines(text) == expected) }

    @Test(arguments: [
        (
            #"{"Type":"Task","End":true,"Resource":"arn:aws:states:us-east-1:000000000000:activity:a"}"#,
            "Express state machine does not support Activity ARN at /States/A/Resource"
        ),
        (
            #"{"Type":"Task","End":true,"Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken"}"#,
            "Express state machine does not support '.waitForTaskToken' service integration at /States/A/Resource"
        ),
        (
            #"{"Type":"Task","End":true,"Resource":"arn:aws:states:::states:startExecution.sync:2"}"#,
            "Express state machine does not support '.sync' service integration at /States/A/Resource"
        ),
        (
            "{\(many)}",
            "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines at /States/A/ItemProcessor/ProcessorConfig/Mode"
        ),
    ])
    func refusesInExpressMachines(_ state: String, _ expected: String) {
        #expect(Self.lines(Self.one(state), .express) == [Self.schema + expected])
        #expect(Self.lines(Self.one(state)) == [])
    }

    @Test func theMessageListsAllErrors() {
        #expect(throws: DefinitionError.self) { try Definition(parsing: "{}") }
        do {
            _ = try Definition(parsing: #"{"StartAt":"A","States":{"A":{"Type":"Succeed","X":1,"Y":2}}}"#)
        } catch {
            #expect(
                error.message
                    == "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field 'X' is not supported at /States/A, "
                    + "SCHEMA_VALIDATION_FAILED: Field 'Y' is not supported at /States/A'")
        }
    }

    @Test func warningsDoNotRefuse() throws {
        let text = Self.one(#"{\#(Self.end),"Parameters":{"x":"$.a"}}"#)
        _ = try Definition(parsing: text)
        #expect(Definition.check(text).map(\.severity) == [.warning])
        #expect(Definition.check(text).first?.code == .noDollar)
    }
}
