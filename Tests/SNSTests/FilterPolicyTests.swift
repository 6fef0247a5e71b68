import BatonCore
import JSON
import Testing

@testable import SNS

@Suite("Filter policies on attributes")
struct AttributeFilterTests {
    /// A policy, the attributes of a message, whether the message is wanted.
    static let cases: [(String, [MessageAttribute], Bool)] = [
        (#"{"a":["x"]}"#, [.string("a", "x")], true),
        (#"{"a":["x"]}"#, [.string("a", "X")], false),
        (#"{"a":["x"]}"#, [.string("b", "x")], false),
        (#"{"a":["x"]}"#, [], false),
        (#"{"a":["x","y"]}"#, [.string("a", "y")], true),
        (#"{"a":["x"],"b":["y"]}"#, [.string("a", "x"), .string("b", "y")], true),
        (#"{"a":["x"],"b":["y"]}"#, [.string("a", "x")], false),
        (#"{"a":["x"]}"#, [.binary("a", [0x78])], false),
        (#"{"a":[{"exists":true}]}"#, [.binary("a", [0x78])], false),
        // Numbers.
        (#"{"a":[300]}"#, [.number("a", "300")], true),
        (#"{"a":[300]}"#, [.number("a", "300.0")], true),
        (#"{"a":[3.0e2]}"#, [.number("a", "300")], true),
        (#"{"a":[300]}"#, [.number("a", "301")], false),
        (#"{"a":[300]}"#, [.string("a", "300")], false),
        (#"{"a":["300"]}"#, [.number("a", "300")], false),
        (#"{"a":[123456789012]}"#, [.number("a", "123456789012")], true),
        (#"{"a":[{"numeric":["=",301.5]}]}"#, [.number("a", "3.015e2")], true),
        (#"{"a":[{"numeric":["=",301.5]}]}"#, [.number("a", "301.6")], false),
        (#"{"a":[{"numeric":[">",0]}]}"#, [.number("a", "0")], false),
        (#"{"a":[{"numeric":[">=",0]}]}"#, [.number("a", "0")], true),
        (#"{"a":[{"numeric":["<",10]}]}"#, [.number("a", "9.99")], true),
        (#"{"a":[{"numeric":["<=",10]}]}"#, [.number("a", "10")], true),
        (#"{"a":[{"numeric":[">",0,"<=",150]}]}"#, [.number("a", "150")], true),
        (#"{"a":[{"numeric":[">",0,"<",150]}]}"#, [.number("a", "150")], false),
        (#"{"a":[{"numeric":[">",0,"<",150]}]}"#, [.number("a", "-1")], false),
        (#"{"a":[{"numeric":[">",0]}]}"#, [.string("a", "5")], false),
        // Parts of texts.
        (#"{"a":[{"prefix":"bas"}]}"#, [.string("a", "baseball")], true),
        (#"{"a":[{"prefix":"bas"}]}"#, [.string("a", "rugby")], false),
        (#"{"a":[{"suffix":"ball"}]}"#, [.string("a", "baseball")], true),
        (#"{"a":[{"suffix":"ball"}]}"#, [.string("a", "balls")], false),
        (#"{"a":[{"equals-ignore-case":"TENNIS"}]}"#, [.string("a", "tEnnis")], true),
        (#"{"a":[{"wildcard":"*ball"}]}"#, [.string("a", "baseball")], true),
        (#"{"a":[{"wildcard":"b*e*l"}]}"#, [.string("a", "baseball")], true),
        (#"{"a":[{"wildcard":"b*x*l"}]}"#, [.string("a", "baseball")], false),
        (#"{"a":[{"wildcard":"a\\*b"}]}"#, [.string("a", "a*b")], true),
        (#"{"a":[{"wildcard":"a\\*b"}]}"#, [.string("a", "axb")], false),
        // Anything but.
        (#"{"a":[{"anything-but":["x","y"]}]}"#, [.string("a", "z")], true),
        (#"{"a":[{"anything-but":["x","y"]}]}"#, [.string("a", "y")], false),
        (#"{"a":[{"anything-but":["x","y"]}]}"#, [], false),
        (#"{"a":[{"anything-but":"x"}]}"#, [.string("a", "z")], true),
        (#"{"a":[{"anything-but":[100,500]}]}"#, [.number("a", "101")], true),
        (#"{"a":[{"anything-but":[100,500]}]}"#, [.number("a", "100.0")], false),
        (#"{"a":[{"anything-but":100}]}"#, [.string("a", "z")], false),
        (#"{"a":[{"anything-but":{"prefix":"order-"}}]}"#, [.string("a", "data-entry")], true),
        (#"{"a":[{"anything-but":{"prefix":"order-"}}]}"#, [.string("a", "order-1")], false),
        (#"{"a":[{"anything-but":{"suffix":".txt"}}]}"#, [.string("a", "x.txt")], false),
        (#"{"a":[{"anything-but":{"wildcard":"*ball"}}]}"#, [.string("a", "rugby")], true),
        (#"{"a":[{"anything-but":{"wildcard":"*ball"}}]}"#, [.string("a", "football")], false),
        (#"{"a":[null,{"anything-but":"x"}]}"#, [], false),
        // Presence.
        (#"{"a":[{"exists":true}]}"#, [.number("a", "1")], true),
        (#"{"a":[{"exists":true}]}"#, [], false),
        (#"{"a":[{"exists":false}]}"#, [], true),
        (#"{"a":[{"exists":false}]}"#, [.string("a", "x")], false),
        (#"{"a":[{"exists":false},"x"]}"#, [.string("a", "x")], true),
        // Addresses.
        (#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, [.string("a", "10.0.0.255")], true),
        (#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, [.string("a", "10.1.1.0")], false),
        (#"{"a":[{"cidr":"10.0.0.0/20"}]}"#, [.string("a", "10.0.15.1")], true),
        (#"{"a":[{"cidr":"10.0.0.0/20"}]}"#, [.string("a", "10.0.16.1")], false),
        (#"{"a":[{"cidr":"2001:db8::/32"}]}"#, [.string("a", "2001:db8:1::1")], true),
        (#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, [.string("a", "no address")], false),
        // Arrays: one value is enough.
        (#"{"a":["rugby"]}"#, [.array("a", #"["rugby","tennis"]"#)], true),
        (#"{"a":[{"anything-but":["rugby","tennis"]}]}"#, [.array("a", #"["rugby","baseball"]"#)], true),
        (#"{"a":[{"anything-but":["rugby","tennis"]}]}"#, [.array("a", #"["rugby"]"#)], false),
        (#"{"a":[true]}"#, [.array("a", "[true]")], true),
        (#"{"a":[true]}"#, [.string("a", "true")], false),
        (#"{"a":[null]}"#, [.array("a", "[null,1]")], true),
        (#"{"a":["x"]}"#, [.array("a", "not json")], false),
        // Or.
        (#"{"s":["q"],"$or":[{"a":["x"]},{"b":["y"]}]}"#, [.string("s", "q"), .string("b", "y")], true),
        (#"{"s":["q"],"$or":[{"a":["x"]},{"b":["y"]}]}"#, [.string("s", "q"), .string("b", "n")], false),
        (#"{"s":["q"],"$or":[{"a":["x"]},{"b":["y"]}]}"#, [.string("b", "y")], false),
    ]

    @Test("are compared", arguments: cases)
    func matches(policy: String, attributes: [MessageAttribute], isWanted: Bool) throws {
        #expect(try FilterPolicy(policy, scope: .messageAttributes).matches(attributes: attributes) == isWanted)
    }
}

@Suite("Filter policies on bodies")
struct BodyFilterTests {
    static let nested = #"{"object":{"key":[{"prefix":"auto-"}],"nested_key":[{"exists":false}]}}"#
    static let records = """
        {"Records":{"s3":{"object":{"key":[{"prefix":"auto-"}]}},"eventName":[{"prefix":"ObjectCreated:"}]}}
        """
    static let either = """
        {"$or":[{"metric":["CPU","Latency"]},{"namespace":["EC2"]}],
        "detail":{"scope":["Service"],"$or":[{"source":["cw"]},{"type":["alarm"]}]}}
        """

    /// A policy, a body, whether the message is wanted.
    static let cases: [(String, String, Bool)] = [
        (#"{"a":["x"]}"#, #"{"a":"x"}"#, true),
        (#"{"a":["x"]}"#, #"{"a":"y"}"#, false),
        (#"{"a":["x"]}"#, "plain text", false),
        (#"{"a":["x"]}"#, #""x""#, false),
        (#"{"a":["x"]}"#, #"[{"a":"x"}]"#, false),
        (#"{"a":[true]}"#, #"{"a":true}"#, true),
        (#"{"a":[null]}"#, #"{"a":null}"#, true),
        (#"{"a":[{"exists":true}]}"#, #"{"a":{"b":1}}"#, false),
        (#"{"a":[{"exists":false}]}"#, #"{"a":[]}"#, true),
        (#"{"a":[{"exists":false}]}"#, #"{"b":1}"#, true),
        (#"{"a":[{"exists":false}]}"#, #"{"a":1}"#, false),
        (nested, #"{"object":{"key":"auto-test"}}"#, true),
        (nested, #"{"object":{"key":"auto-test"},"test":"also"}"#, true),
        (nested, #"{"object":{"key":"test-auto"}}"#, false),
        (nested, #"{"object":{"key":"auto-test","nested_key":"is there"}}"#, false),
        (nested, #"{"object":{"test":"auto-test"}}"#, false),
        (nested, #"{"test":"auto-test"}"#, false),
        // Dots and levels are the same.
        (#"{"o.n":["v"]}"#, #"{"o":{"n":"v"}}"#, true),
        (#"{"o.n":["v"]}"#, #"{"o.n":"v"}"#, true),
        (#"{"o":{"n":["v"]}}"#, #"{"o.n":"v"}"#, true),
        (#"{"o.n.t":["v"]}"#, #"{"o.n":{"t":"v"}}"#, true),
        (#"{"o.n.t":["v"]}"#, #"{"o":{"n.t":"v"}}"#, true),
        (#"{"o.n.t":["v"]}"#, #"{"o":{"n":{"t":"w"}}}"#, false),
        // Arrays.
        (#"{"h":{"to":["q1"]}}"#, #"{"h":{"to":["q1","q2"]}}"#, true),
        (#"{"h":{"to":["q1"]}}"#, #"{"h":{"to":["q3"]}}"#, false),
        (records, #"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"auto-1"}}}]}"#, true),
        (records, #"{"Records":[{"eventName":"ObjectRemoved:Del","s3":{"object":{"key":"auto-1"}}}]}"#, false),
        (records, #"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":[[{"key":"auto-1"}]]}}]}"#, true),
        (
            records,
            #"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"home"}}},"#
                + #"{"eventName":"ObjectRemoved:Del","s3":{"object":{"key":"auto-1"}}}]}"#, false
        ),
        // Or at two levels.
        (either, #"{"metric":"CPU","detail":{"scope":"cw","type":"alarm"}}"#, false),
        (either, #"{"metric":"CPU","detail":{"scope":"Service","type":"CPU"}}"#, false),
        (either, #"{"metric":"CPU","detail":{"type":"alarm"}}"#, false),
        (either, #"{"metric":"CPU","detail":{"scope":"Service"}}"#, false),
        (either, #"{"metric":"CPU","scope":"Service"}"#, false),
        (either, #"{"metric":"CPU","detail":{"scope":"Service","source":"cw"}}"#, true),
        (either, #"{"namespace":"EC2","detail":{"scope":"Service","type":"alarm"}}"#, true),
    ]

    @Test("are compared", arguments: cases)
    func matches(policy: String, body: String, isWanted: Bool) throws {
        #expect(try FilterPolicy(policy, scope: .messageBody).matches(body: try? JSON.parse(body)) == isWanted)
    }
}

@Suite("Filter policies that are refused")
struct RefusedFilterTests {
    /// A policy, AWS's message, the column that it names.
    static let places: [(String, String, Int)] = [
        (#"{"key":[["value"]]}"#, "Match value must be String, number, true, false, or null", 10),
        (#"{"key":[{"wrong-operator":true}]}"#, "Unrecognized match type wrong-operator", 31),
        (
            #"{"key":[{"suffix":"value","prefix":"value2"}]}"#, "Only one key allowed in match expression", 37
        ),
        (#"{"key":[{"suffix":100}]}"#, "suffix match pattern must be a string", 22),
        (#"{"key":[{"suffix":null}]}"#, "suffix match pattern must be a string", 23),
        (#"{"key":[{"suffix":[]}]}"#, "suffix match pattern must be a string", 20),
        (#"{"key":[{"suffix":["test","test2"]}]}"#, "suffix match pattern must be a string", 20),
        (#"{"key":{"suffix":"value"}}"#, #""suffix" must be an object or an array"#, 19),
        (#"{"key":{"suffix":"value","prefix":"value"}}"#, #""suffix" must be an object or an array"#, 19),
        (#"{"key":{"not-an-operator":"value"}}"#, #""not-an-operator" must be an object or an array"#, 28),
        (#"{"key_a":"value_one"}"#, #""key_a" must be an object or an array"#, 11),
        (#"{"key":[{"numeric":[]}]}"#, "Invalid member in numeric match: ]", 22),
        (#"{"key":[{"numeric":["operator"]}]}"#, "Unrecognized numeric range operator: operator", 32),
        (#"{"key":[{"numeric":[1,"<="]}]}"#, "Invalid member in numeric match: 1", 22),
        (#"{"key":[{"numeric":["=","000"]}]}"#, "Value of equals must be numeric", 26),
        (#"{"key":[{"numeric":[">="]}]}"#, "Value of >= must be numeric", 26),
        (#"{"key":[{"numeric":["<",100,">",10]}]}"#, "Too many elements in numeric expression", 30),
        (#"{"key":[{"numeric":[">=",1,">",2]}]}"#, "Bad numeric range operator: >", 31),
        (#"{"key":[{"numeric":[">",3,"<",1]}]}"#, "Bottom must be less than top", 33),
        (#"{"key":[{"numeric":[">",20,"<="]}]}"#, "Value of <= must be numeric", 33),
        (#"{"key":[{"numeric":[">",20,30]}]}"#, "Bad value in numeric range: 30", 30),
        (#"{"key":[{"numeric":[">",20,"test"]}]}"#, "Bad numeric range operator: test", 34),
        (#"{"key":[{"numeric":[">","20","<","30"]}]}"#, "Value of > must be numeric", 26),
        (#"{"key":[{"numeric":[">",20,"<","30"]}]}"#, "Value of < must be numeric", 33),
        (#"{"key":[{"numeric":[">",20,"<",30,"<",50]}]}"#, "Too many terms in numeric range expression", 36),
        (#"{"key":[{"exists":null}]}"#, "exists match pattern must be either true or false.", 23),
        (#"{"key":[{"exists":"no"}]}"#, "exists match pattern must be either true or false.", 20),
        (#"{"key":[]}"#, "Empty arrays are not allowed", 10),
        (#"[]"#, "Filter is not an object", 2),
        (#"{"$or":[{"a":[1]}]}"#, "There must have at least 2 Objects in $or relationship.", 19),
        (
            #"{invalidjson}"#,
            "failed to parse JSON. Unexpected character ('i' (code 105)): was expecting "
                + "double-quote to start field name", 2
        ),
        (
            "invalid",
            "failed to parse JSON. Unrecognized token 'invalid': was expecting (JSON String, Number, Array, "
                + "Object or token 'null', 'true' or 'false')", 8
        ),
    ]

    @Test("name the place", arguments: places)
    func place(policy: String, message: String, column: Int) {
        let source =
            "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: "
        #expect(throws: PatternError("\(message)\(source)\(column)]")) {
            try FilterPolicy(policy, scope: .messageBody)
        }
    }

    @Test(
        "say what anything-but cannot take",
        arguments: [
            (#"{"wrong-operator":null}"#, "Unsupported anything-but pattern: wrong-operator"),
            (#"{"exists":false}"#, "Unsupported anything-but pattern: exists"),
            (#"{"prefix":false}"#, "prefix match pattern must be a string"),
            (#"null"#, "Value of anything-but must be an array or single string/number value."),
            (
                #"["a",1]"#,
                "Inside anything but list, either all values are number or string, mixed type is not supported"
            ),
            (#"[true]"#, "Inside anything but list, start|null|boolean is not supported."),
        ])
    func anythingBut(value: String, message: String) {
        let error = #expect(throws: PatternError.self) {
            try FilterPolicy(#"{"key":[{"anything-but":\#(value)}]}"#, scope: .messageAttributes)
        }
        #expect(error?.message.hasPrefix(message) == true)
    }

    static func values(_ count: Int) -> String { (0..<count).map { "\"v\($0)\"" }.joined(separator: ",") }

    static let limits: [(String, FilterPolicy.Scope, String?)] = [
        ("{\"k\":[\(values(150))]}", .messageAttributes, nil),
        ("{\"k\":[\(values(151))]}", .messageAttributes, "Filter policy is too complex"),
        ("{\"k\":[\(values(75))],\"l\":[\(values(2))]}", .messageAttributes, nil),
        ("{\"k\":[\(values(76))],\"l\":[\(values(2))]}", .messageAttributes, "Filter policy is too complex"),
        (
            #"{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":["1"],"f":["1"]}"#, .messageAttributes,
            "Filter policy can not have more than 5 keys"
        ),
        (
            #"{"o":{"k":["v"]}}"#, .messageAttributes,
            "Filter policy scope MessageAttributes does not support nested filter policy"
        ),
        (#"{"o":{"k":["v"]}}"#, .messageBody, nil),
        // Values of nested keys count as often as they are deep: 3·4 × 2·3 × 1·3 = 216.
        (
            "{\"a\":{\"b\":{\"c\":[\(values(4))]}},\"d\":{\"e\":[\(values(3))]},\"f\":[\(values(3))]}", .messageBody,
            "Filter policy is too complex"
        ),
        // Alternatives add up: 4·6 + 4·4·4 + 4·4·4 = 152, and with 3, 6, 4, 4, 7 values 150.
        (or(4, 6, 4, 4, 4), .messageAttributes, "Filter policy is too complex"),
        (or(3, 6, 4, 4, 7), .messageAttributes, nil),
        (#"{"k":[{"wildcard":"a*b*c*d*e"}]}"#, .messageAttributes, "Filter policy is too complex"),
    ]

    static func or(_ s: Int, _ n: Int, _ t: Int, _ i: Int, _ p: Int) -> String {
        "{\"s\":[\(values(s))],\"$or\":[{\"n\":[\(values(n))]},{\"t\":[\(values(t))],"
            + "\"$or\":[{\"i\":[\(values(i))]},{\"p\":[\(values(p))]}]}]}"
    }

    @Test("are too large", arguments: limits)
    func limit(policy: String, scope: FilterPolicy.Scope, message: String?) {
        var found: String?
        do {
            _ = try FilterPolicy(policy, scope: scope)
        } catch {
            found = error.message
        }
        #expect(found == message)
    }
}

extension MessageAttribute {
    static func string(_ name: String, _ value: String) -> Self {
        Self(name: name, type: "String", value: .string(value))
    }
    static func number(_ name: String, _ value: String) -> Self {
        Self(name: name, type: "Number", value: .string(value))
    }
    static func array(_ name: String, _ value: String) -> Self {
        Self(name: name, type: "String.Array", value: .string(value))
    }
    static func binary(_ name: String, _ value: [UInt8]) -> Self {
        Self(name: name, type: "Binary", value: .bytes(value))
    }
}
