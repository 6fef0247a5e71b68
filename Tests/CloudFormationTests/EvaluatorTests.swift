import AWSWire
import JSON
import Testing

@testable import CloudFormation

/// Every function: what it gives, and how it complains.
struct EvaluatorTests {
    private func evaluator() -> Evaluator {
        Evaluator(
            parameters: ["P": "value", "N": "5", "L": ["a", "b", "c"], "Env": "prod"],
            pseudo: PseudoParameters(
                account: "000000000000", region: "us-west-2", stackId: "arn:stack", stackName: "demo",
                notificationARNs: ["arn:topic"]),
            mappings: ["M": ["prod": ["size": "large", "list": ["x", "y"]]]],
            conditions: ["Is": true, "Not": false], isExtended: true,
            resource: { (name, attribute) throws(AWSError) in
                switch (name, attribute) {
                case ("Topic", nil): "arn:topic"
                case ("Topic", "TopicName"?): "name"
                case ("Nested", "Outputs.X"?): "out"
                case ("Data", "List"?): ["1", "2"]
                default: nil
                }
            },
            export: { (name) throws(AWSError) in name == "shared-value" ? "exported" : nil })
    }

    @Test(arguments: [
        ("!Ref P", #""value""#),
        ("!Ref L", #"["a","b","c"]"#),
        ("!Ref Topic", #""arn:topic""#),
        ("!Ref AWS::Region", #""us-west-2""#),
        ("!Ref AWS::AccountId", #""000000000000""#),
        ("!Ref AWS::Partition", #""aws""#),
        ("!Ref AWS::URLSuffix", #""amazonaws.com""#),
        ("!Ref AWS::StackName", #""demo""#),
        ("!Ref AWS::NotificationARNs", #"["arn:topic"]"#),
        ("[1, !Ref AWS::NoValue, 2]", "[1,2]"),
        ("{a: !Ref AWS::NoValue, b: 1}", #"{"b":1}"#),
        ("!GetAtt Topic.TopicName", #""name""#),
        ("!GetAtt Nested.Outputs.X", #""out""#),
        ("Fn::GetAtt: Topic.TopicName", #""name""#),
        (
            "!Sub '${P}-${Topic.TopicName}-${!P}-${AWS::Region}-$x-${Topic}'",
            #""value-name-${P}-us-west-2-$x-arn:topic""#
        ),
        ("!Sub ['${a}/${P}', {a: !Ref N}]", #""5/value""#),
        ("!Sub 'no variables'", #""no variables""#),
        ("!Sub 'open ${'", #""open ${""#),
        ("!Join ['-', [a, 1, true, !Ref P]]", #""a-1-true-value""#),
        ("!Join ['', !Ref L]", #""abc""#),
        ("!Join [',', !Split ['|', 'a||b']]", #""a,,b""#),
        ("!Split [',', 'a,b']", #"["a","b"]"#),
        ("!Select [1, !Ref L]", #""b""#),
        ("!Select ['2', [x, y, z]]", #""z""#),
        ("!Select [0, !GetAtt Data.List]", #""1""#),
        ("!FindInMap [M, !Ref Env, size]", #""large""#),
        ("!FindInMap [M, prod, list]", #"["x","y"]"#),
        ("!FindInMap [M, none, size, {DefaultValue: !Ref P}]", #""value""#),
        ("!FindInMap [Q, none, size, {DefaultValue: d}]", #""d""#),
        ("!If [Is, a, b]", #""a""#),
        ("!If [Not, !Ref Nowhere, [1]]", "[1]"),
        ("{a: !If [Not, 1, !Ref AWS::NoValue]}", "{}"),
        ("Fn::Base64: !Sub 'hi ${P}'", #""aGkgdmFsdWU=""#),
        ("!GetAZs ''", #"["us-west-2a","us-west-2b","us-west-2c"]"#),
        ("!GetAZs us-east-1", #"["us-east-1a","us-east-1b","us-east-1c","us-east-1d","us-east-1e","us-east-1f"]"#),
        ("!ImportValue shared-value", #""exported""#),
        ("Fn::ImportValue: !Sub 'shared-${P}'", #""exported""#),
        ("!Cidr [10.0.0.0/16, 3, 8]", #"["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24"]"#),
        ("!Cidr [192.168.0.0/24, '2', '5']", #"["192.168.0.0/27","192.168.0.32/27"]"#),
        ("!Cidr ['2001:db8::/48', 2, 64]", #"["2001:db8::/64","2001:db8:0:1::/64"]"#),
        ("Fn::Length: !Ref L", "3"),
        ("Fn::ToJsonString: {a: !Ref P, b: [1]}", #""{\"a\":\"value\",\"b\":[1]}""#),
        ("!Equals [!Ref N, 5]", "true"),
        ("{Ref: P, Other: 1}", #"{"Ref":"P","Other":1}"#),
        ("{Condition: {StringEquals: x}}", #"{"Condition":{"StringEquals":"x"}}"#),
    ])
    func value(_ yaml: String, _ expected: String) throws {
        let tree = try TemplateReader.read("V: " + (yaml.hasPrefix("Fn::") ? "\n  " + yaml : yaml))["V"] ?? .null
        #expect(try evaluator().value(tree)?.text() == JSON.parse(expected).text())
    }

    @Test(arguments: [
        (
            "!Ref Nowhere",
            "Template format error: Unresolved resource dependencies [Nowhere] in the Resources block of the template"
        ),
        ("!Ref [a]", "Template error: every Ref object must have a single String value."),
        (
            "!GetAtt [A]",
            "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"
        ),
        (
            "!Sub '${a b}'",
            "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons"
        ),
        ("!Select [7, [a]]", "Template error: Fn::Select  cannot select nonexistent value at index 7"),
        (
            "!Select [a]",
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
        ),
        ("!FindInMap [M, none, size]", "Template error: Unable to get mapping for M::none::size"),
        (
            "!FindInMap [Q, a, b]",
            "Template error: Mapping named 'Q' is not present in the 'Mappings' section of template."
        ),
        ("!ImportValue missing", "No export named missing found."),
        ("!If [Is, a]", "Template error: Fn::If requires a list argument with the first element being a condition"),
        ("!Equals [a]", "Template error: every Fn::Equals object requires a list of 2 string parameters."),
    ])
    func complains(_ yaml: String, _ message: String) throws {
        let tree = try TemplateReader.read("V: \(yaml)")["V"] ?? .null
        #expect(failure { () throws(AWSError) in try evaluator().value(tree) }?.message == message)
    }

    @Test(arguments: ["!Foo a", "!Transform {Name: AWS::Include}"])
    func unsupportedFunctionsAreNamed(_ yaml: String) throws {
        let tree = try TemplateReader.read("V: \(yaml)")["V"] ?? .null
        let message = failure { () throws(AWSError) in try evaluator().value(tree) }?.message ?? ""
        #expect(message.hasPrefix("Template error: Encountered unsupported function: Fn::"))
    }

    @Test(arguments: [
        ("!Equals [!Ref Env, prod]", true),
        ("!Equals [!Ref N, 5]", true),
        ("!Not [!Equals [!Ref Env, prod]]", false),
        ("!And [!Condition Other, !Equals [a, a]]", true),
        ("!Or [!Equals [a, b], !Not [{Condition: Other}]]", false),
        ("!Equals [!FindInMap [M, prod, size], large]", true),
        ("!Equals [!Join ['', [a, b]], ab]", true),
        ("!Equals [true, 'true']", true),
    ])
    func conditions(_ yaml: String, _ expected: Bool) throws {
        let section: JSON.Object = [
            "Tested": try TemplateReader.read("V: \(yaml)")["V"] ?? .null, "Other": ["Fn::Equals": ["a", "a"]],
        ]
        #expect(try ConditionEvaluator.all(section, evaluator())["Tested"] == expected)
    }

    @Test func conditionsMustNotBeCircular() {
        let section: JSON.Object = ["A": ["Fn::Not": [["Condition": "B"]]], "B": ["Fn::Not": [["Condition": "A"]]]]
        #expect(
            failure { () throws(AWSError) in try ConditionEvaluator.all(section, evaluator()) }?.message
                == "Template error: Found circular condition dependency between [A, B]")
    }
}
