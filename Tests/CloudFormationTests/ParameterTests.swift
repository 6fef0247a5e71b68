import AWSWire
import JSON
import Testing

@testable import CloudFormation

/// Declared parameters, given values, and the messages for those that do not fit.
struct ParameterTests {
    private func declared(_ yaml: String) throws -> [Parameter] {
        var parameters: [Parameter] = []
        for (name, value) in try TemplateReader.read(yaml).object ?? [:] {
            parameters.append(try Parameter(name, value))
        }
        return parameters
    }

    @Test(
        arguments: [
            ("P: {Type: String, Default: x}", [:], #""x""#),
            ("P: {Type: String, Default: 5}", [:], #""5""#),
            ("P: {Type: String, Default: true}", [:], #""true""#),
            ("P: {Type: String, Default: x}", ["P": "y"], #""y""#),
            ("P: {Type: Number}", ["P": "1.5"], #""1.5""#),
            ("P: {Type: CommaDelimitedList}", ["P": "a, b ,c"], #"["a","b","c"]"#),
            ("P: {Type: CommaDelimitedList, Default: ''}", [:], "[]"),
            ("P: {Type: List<Number>}", ["P": "1,2"], #"["1","2"]"#),
            ("P: {Type: 'List<AWS::EC2::Subnet::Id>'}", ["P": "subnet-1,subnet-2"], #"["subnet-1","subnet-2"]"#),
            ("P: {Type: 'AWS::EC2::VPC::Id'}", ["P": "vpc-1"], #""vpc-1""#),
            ("P: {Type: 'AWS::SSM::Parameter::Value<String>'}", ["P": "/a"], #""stored""#),
            ("P: {Type: 'AWS::SSM::Parameter::Value<List<String>>'}", ["P": "/l"], #"["s","t"]"#),
            ("P: {Type: Number, MinValue: 5, MaxValue: 10000, Default: 5}", ["P": "10000"], #""10000""#),
            ("P: {Type: String, AllowedPattern: '[a-z]+', MinLength: 1, MaxLength: 3}", ["P": "abc"], #""abc""#),
            ("P: {Type: String, AllowedValues: [dev, test, 5]}", ["P": "5"], #""5""#),
        ] as [(String, [String: String], String)])
    func values(_ yaml: String, _ given: [String: String], _ expected: String) throws {
        let values = try ParameterValues.resolve(
            declared(yaml), given: given.map { (name: $0.key, value: $0.value) }, stored: ["/a": "stored", "/l": "s,t"])
        #expect(try values["P"] == JSON.parse(expected))
    }

    @Test(
        arguments: [
            ("P: {Type: String}", [:], "Parameters: [P] must have values"),
            ("{P: {Type: String}, Q: {Type: Number}}", [:], "Parameters: [P, Q] must have values"),
            ("P: {Type: String, Default: a}", ["X": "1"], "Parameters: [X] do not exist in the template"),
            ("P: {Type: String, AllowedValues: [a, b]}", ["P": "c"], "Parameter 'P' must be one of AllowedValues"),
            ("P: {Type: String, AllowedPattern: '^[a-z]+$'}", ["P": "A"], "Parameter 'P' must match pattern ^[a-z]+$"),
            ("P: {Type: String, AllowedPattern: 'b'}", ["P": "abc"], "Parameter 'P' must match pattern b"),
            ("P: {Type: String, MinLength: 3}", ["P": "ab"], "Parameter 'P' must contain at least 3 characters"),
            ("P: {Type: String, MaxLength: '1'}", ["P": "ab"], "Parameter 'P' must contain at most 1 characters"),
            ("P: {Type: Number}", ["P": "abc"], "Parameter 'P' must be a number."),
            ("P: {Type: Number}", ["P": "nan"], "Parameter 'P' must be a number."),
            ("P: {Type: Number, MinValue: 5}", ["P": "4"], "Parameter 'P' must be a number not less than 5"),
            ("P: {Type: Number, MaxValue: 5}", ["P": "5.1"], "Parameter 'P' must be a number not greater than 5"),
            ("P: {Type: List<Number>}", ["P": "1,x"], "Parameter 'P' must be a number."),
            (
                "P: {Type: CommaDelimitedList, AllowedValues: [a]}", ["P": "a,b"],
                "Parameter 'P' must be one of AllowedValues"
            ),
            (
                "P: {Type: String, MinLength: 3, ConstraintDescription: three letters}", ["P": "a"],
                "Parameter P failed to satisfy constraint: three letters"
            ),
            (
                "P: {Type: 'AWS::SSM::Parameter::Value<String>'}", ["P": "/none"],
                "Unable to fetch parameters [/none] from parameter store for this account."
            ),
            ("P: {Type: Strange}", [:], "Template format error: Unrecognized parameter type: Strange"),
            ("P: {Default: a}", [:], "Template format error: Every Parameters object must contain a Type member."),
        ] as [(String, [String: String], String)])
    func complains(_ yaml: String, _ given: [String: String], _ message: String) {
        do {
            _ = try ParameterValues.resolve(declared(yaml), given: given.map { (name: $0.key, value: $0.value) })
            Issue.record("no error")
        } catch {
            #expect((error as? AWSError)?.message == message)
        }
    }
}

/// The expressions of AllowedPattern.
struct PatternTests {
    @Test(arguments: [
        ("[a-zA-Z0-9-]*", "aB-9", true), ("[a-z]+", "", false), ("a|bc|d", "bc", true), ("a|bc|d", "abc", false),
        ("^(dev|test|prod)$", "test", true), (#"\d{3}-\d{2,}"#, "123-4567", true),
        (#"\d{3}-\d{2,4}"#, "123-45678", false),
        (#"[\w.+-]+@[\w-]+\.[a-z]{2,}"#, "a.b+c@ex-ample.org", true), ("(?!aws)[a-z]+", "awsome", false),
        ("(?=.*[0-9])(?=.*[a-z]).{4,}", "ab12", true), ("(?=.*[0-9]).{4,}", "abcd", false), ("(a*)*b", "aaab", true),
        ("[^,]+", "a b", true), ("[^,]+", "a,b", false), (#"[\[\]]+"#, "[]", true), ("a?b*?c+?", "bbcc", true),
        (#"\p{Alpha}+"#, "abc", true), ("", "", true), ("", "a", false), (".*", "ü€", true),
        (#"\x41\u0042"#, "AB", true),
        ("(?:ab){2}", "abab", true), ("[a-c-]+", "a-c", true), (#"arn:aws:.*:\d*:.+"#, "arn:aws:s3::1:x", true),
    ])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try #require(Pattern(pattern)).matches(text) == (expected ? .yes : .no))
    }

    @Test(arguments: ["(", "a)", "[a", "*a", "a{2", #"\1"#, "(?<=a)b", "[z-a]", "((a{500}){500}){500}", #"\"#])
    func refuses(_ pattern: String) { #expect(Pattern(pattern) == nil) }

    /// Expressions that take exponential time elsewhere.
    @Test(arguments: ["(a+)+$", "(a|a)*b", "(a|aa)+b", "([a-zA-Z]+)*$", "(.*)*x"])
    func isBounded(_ pattern: String) throws {
        #expect(try #require(Pattern(pattern)).matches(String(repeating: "a", count: 2000) + "!") == .no)
    }
}
