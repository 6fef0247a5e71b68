import JSON
import StatesLanguage
import Testing

/// The 18 intrinsic functions, through a Pass state.
@Suite struct IntrinsicTests {
    static let input: JSON = [
        "a": [1, 2, 3], "s": "x,y;z", "o": ["k": 1, "l": [true, nil]], "n": 2.5, "t": "it's", "d": "{\"k\":[1]}",
        "mixed": [3, 1, 1, "b", "b", true, false],
    ]

    /// The value of `call` for the input above.
    static func value(_ call: String) throws -> JSON? {
        let definition: JSON = [
            "StartAt": "P", "States": ["P": ["Type": "Pass", "End": true, "Parameters": ["v.$": .string(call)]]],
        ]
        let state = try Definition(parsing: definition.text()).graph.states["P"]
        let scope = Scope(input: input, context: ["Name": "ctx"], variables: ["w": [5]], environment: .fixed)
        return try state?.parameters?.evaluate(scope)["v"]
    }

    @Test(arguments: [
        ("States.Array()", "[]"), ("States.Array(1, 'a', true, null, $.n)", #"[1,"a",true,null,2.5]"#),
        ("States.ArrayPartition($.a, 2)", "[[1,2],[3]]"), ("States.ArrayPartition($.a, 2.9)", "[[1,2],[3]]"),
        ("States.ArrayContains($.a, 3)", "true"), ("States.ArrayContains($.a, 3.0)", "true"),
        ("States.ArrayContains($.a, '3')", "false"), ("States.ArrayRange(1, 9, 3)", "[1,4,7]"),
        ("States.ArrayRange(5, 1, -2)", "[5,3,1]"), ("States.ArrayRange(1, 5, -1)", "[]"),
        ("States.ArrayRange(1.6, 1.4, 1)", "[1]"), ("States.ArrayGetItem($.a, 1)", "2"),
        ("States.ArrayGetItem($.a, 1.2)", "2"), ("States.ArrayGetItem(States.Array(), 999)", "null"),
        ("States.ArrayLength($.a)", "3"), ("States.ArrayUnique($.mixed)", #"[1,"b",3,false,true]"#),
        ("States.Base64Encode('hello')", #""aGVsbG8=""#), ("States.Base64Decode('aGVsbG8=')", #""hello""#),
        ("States.Base64Decode(' aGVsbG8 ')", #""hello""#),
        ("States.Hash('input data', 'MD5')", #""812f45842bc6d66ee14572ce20db8e86""#),
        ("States.Hash('input data', 'SHA-1')", #""aaff4a450a104cd177d28d18d74485e8cae074b7""#),
        ("States.JsonMerge($.o, States.StringToJson('{\"k\":2,\"m\":3}'), false)", #"{"k":2,"l":[true,null],"m":3}"#),
        ("States.StringToJson($.d)", #"{"k":[1]}"#), ("States.JsonToString($.o)", #""{\"k\":1,\"l\":[true,null]}""#),
        ("States.MathRandom(3, 4)", "3"), ("States.MathRandom(0, 10)", "5"), ("States.MathAdd(1, -4)", "-3"),
        ("States.MathAdd($.n, 0)", "3"), ("States.MathAdd(-2.5, 0)", "-2"), ("States.MathAdd(1.49, 1.5)", "3"),
        ("States.StringSplit($.s, ',;')", #"["x","y","z"]"#), ("States.StringSplit(',,a,', ',')", #"["a"]"#),
        ("States.UUID()", #""00000000-0000-4000-8000-000000000000""#),
        ("States.Format('{} is {}', $.t, $.n)", #""it's is 2.5""#), ("States.Format('\\{\\}{}', 'x')", #""{}x""#),
        ("States.Format('it\\'s {}', true)", #""it's true""#), ("States.Format('{}', null)", #""null""#),
        ("States.Format('{}', $.o)", #""{k=1, l=[true, null]}""#), ("States.Format('{}', $$.Name)", #""ctx""#),
        ("States.Format('plain')", #""plain""#), ("States.Format('{}', $w[0])", #""5""#),
        ("States.Array( 'a' , States.Array('\\\\') )", #"["a",["\\"]]"#),
        ("States.Array(States.Array(States.Array(1)))", "[[[1]]]"),
    ])
    func evaluates(_ call: String, _ expected: String) throws {
        #expect(try Self.value(call) == JSON.parse(expected))
    }

    @Test(arguments: [
        ("States.ArrayPartition($.a, 0)", "Invalid arguments in States.ArrayPartition"),
        ("States.ArrayPartition('a', 1)", "Invalid arguments in States.ArrayPartition"),
        ("States.ArrayRange(1, 1001, 1)", "Invalid arguments in States.ArrayRange"),
        ("States.ArrayRange(1, 9, 0.49)", "Invalid arguments in States.ArrayRange"),
        ("States.ArrayGetItem($.a, 3)", "Invalid arguments in States.ArrayGetItem"),
        ("States.ArrayGetItem($.a, -1)", "Invalid arguments in States.ArrayGetItem"),
        ("States.ArrayLength($.s)", "Invalid arguments in States.ArrayLength"),
        ("States.Hash('x', 'SHA-3')", "Invalid arguments in States.Hash"),
        ("States.JsonMerge($.o, $.o, true)", "Invalid arguments in States.JsonMerge"),
        ("States.StringToJson('{')", "Invalid arguments in States.StringToJson"),
        ("States.MathAdd('1', 2)", "Invalid arguments in States.MathAdd"),
        ("States.MathAdd(2147483647, 1)", "Invalid arguments in States.MathAdd"),
        ("States.MathRandom(2, 2)", "Invalid arguments in States.MathRandom"),
        ("States.StringSplit(1, ',')", "Invalid arguments in States.StringSplit"),
        (
            "States.Format('{}')",
            "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}."
        ),
        ("States.Format('{', 1)", "Invalid arguments in States.Format: matching '}' not found for '{'."),
        (
            "States.Array(States.Format('{}',$.no))",
            "The JsonPath argument for the field '$.no' could not be found in the input '\(input.text())'"
        ),
    ])
    func fails(_ call: String, _ reason: String) {
        #expect(throws: StatesError("States.Runtime", "The function '\(call)' had the following error: \(reason)")) {
            try Self.value(call)
        }
    }

    @Test(arguments: [
        "States.Nope()", "States.UUID(1)", "States.MathAdd(1)", "States.Format()", "States.Array(", "States.Array(1",
        "States.Array('a)", "States.Array(a)", "States.Array(1) x", "states.Array()", "States.Array(1,)",
        "States.Hash('a','MD5','b')", String(repeating: "States.Array(", count: 11) + String(repeating: ")", count: 11),
    ])
    func refuses(_ call: String) {
        #expect(throws: DefinitionError.self) { try Self.value(call) }
    }

    @Test func longTextsAreRefused() throws {
        let text = String(repeating: "a", count: 10_001)
        for call in [
            "States.Base64Encode('\(text)')", "States.Base64Decode('\(text)')", "States.Hash('\(text)', 'MD5')",
        ] {
            #expect(throws: StatesError.self) { try Self.value(call) }
        }
    }

    @Test func aSeedGivesTheSameNumberAgain() throws {
        #expect(try Self.value("States.MathRandom(1, 1000, 42)") == Self.value("States.MathRandom(1, 1000, 42)"))
    }
}
