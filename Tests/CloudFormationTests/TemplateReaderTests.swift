import AWSWire
import JSON
import Testing

@testable import CloudFormation

/// What a text of a template means as a tree.
struct TemplateReaderTests {
    @Test(arguments: [
        // Short tags become functions.
        ("A: !Ref X", #"{"A":{"Ref":"X"}}"#),
        ("A: !Condition X", #"{"A":{"Condition":"X"}}"#),
        ("A: !GetAtt X.Y.Z", #"{"A":{"Fn::GetAtt":["X","Y.Z"]}}"#),
        ("A: !GetAtt [X, Y]", #"{"A":{"Fn::GetAtt":["X","Y"]}}"#),
        ("A: !Sub 'a-${B}'", #"{"A":{"Fn::Sub":"a-${B}"}}"#),
        ("A: !Join ['-', [a, !Ref B]]", #"{"A":{"Fn::Join":["-",["a",{"Ref":"B"}]]}}"#),
        ("A: !If [C, !Ref X, !Ref AWS::NoValue]", #"{"A":{"Fn::If":["C",{"Ref":"X"},{"Ref":"AWS::NoValue"}]}}"#),
        ("A:\n  Fn::Sub:\n    - x${a}\n    - a: !Ref B", #"{"A":{"Fn::Sub":["x${a}",{"a":{"Ref":"B"}}]}}"#),
        ("A: !Select [0, !GetAZs '']", #"{"A":{"Fn::Select":[0,{"Fn::GetAZs":""}]}}"#),
        // Scalars of YAML 1.1 as CloudFormation reads them.
        ("AWSTemplateFormatVersion: 2010-09-09", #"{"AWSTemplateFormatVersion":"2010-09-09"}"#),
        ("A: 2012-10-17T01:02:03Z", #"{"A":"2012-10-17T01:02:03Z"}"#),
        ("A: [1, -2, +3, 1_000, 0x1F, 010, 0]", #"{"A":[1,-2,3,1000,31,8,0]}"#),
        ("A: [012345678901, 1.50, .5, 1., 1e3, 1.5e+3]", #"{"A":["012345678901",1.50,0.5,1.0,"1e3",1.5e+3]}"#),
        ("A: [true, False, yes, off]", #"{"A":[true,false,true,false]}"#),
        ("A: ['true', \"1\", !!str 5]", #"{"A":["true","1","5"]}"#),
        ("A: 22:22", #"{"A":"22:22"}"#),
        ("A: 1.2.3", #"{"A":"1.2.3"}"#),
        ("A: ''", #"{"A":""}"#),
        ("A: |\n  line 1\n  &x *x\n", #"{"A":"line 1\n&x *x\n"}"#),
        ("A: {b: c}", #"{"A":{"b":"c"}}"#),
        ("1: 2", #"{"1":2}"#),
        // JSON, and a flow mapping of YAML that begins like JSON.
        (#"{"A": [1.0, true, "x"]}"#, #"{"A":[1.0,true,"x"]}"#),
        ("{A: b}", #"{"A":"b"}"#),
        ("\u{FEFF}{\"A\": 1}", #"{"A":1}"#),
    ])
    func reads(_ text: String, _ expected: String) throws {
        #expect(try TemplateReader.read(text).text() == JSON.parse(expected).text())
    }

    @Test(arguments: [
        ("", "Template format error: unsupported structure."),
        ("just text", "Template format error: unsupported structure."),
        ("- a", "Template format error: unsupported structure."),
        (#"{"A": }"#, "Template format error: JSON not well-formed. (line 1, column 7)"),
        ("{\n  \"A\": 1,\n}", "Template format error: JSON not well-formed. (line 3, column 1)"),
        ("A: [1", "Template format error: YAML not well-formed. (line 2, column 1)"),
        ("A: b\n c: d", "Template format error: YAML not well-formed. (line 2, column 3)"),
        ("A: 1\nA: 2", "Template format error: YAML not well-formed. (line 1, column 1)"),
        ("A: !a-b b", "Template format error: YAML not well-formed. (line 1, column 4)"),
        ("A:\n  B:", "Template format error: [/A/B] 'null' values are not allowed in templates"),
        (#"{"A": [1, null]}"#, "Template format error: [/A/1] 'null' values are not allowed in templates"),
        ("A: &x 1\nB: *x", "Template error: YAML aliases are not allowed in CloudFormation templates"),
        (
            "A: &x [1]\nB: &y [*x, *x]\nC: [*y, *y]",
            "Template error: YAML aliases are not allowed in CloudFormation templates"
        ),
        ("? &x [1]\n: 1\n? [*x, *x]\n: 2", "Template error: YAML aliases are not allowed in CloudFormation templates"),
    ])
    func refuses(_ text: String, _ message: String) {
        #expect(failure { () throws(AWSError) in try TemplateReader.read(text) }?.message == message)
    }

    /// Nesting is bounded in both languages.
    @Test(arguments: ["[", "{a: ", "- "])
    func refusesDepth(_ open: String) {
        let text = "A: " + (open == "- " ? "\n " : "") + String(repeating: open, count: 10_000)
        #expect(failure { () throws(AWSError) in try TemplateReader.read(text) } != nil)
    }
}

/// The error that `body` must throw; nil when it does not.
func failure<T>(_ body: () throws(AWSError) -> T) -> AWSError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
