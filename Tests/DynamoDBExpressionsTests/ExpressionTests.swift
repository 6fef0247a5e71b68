import AWSWire
import BatonStore
import JSON
import Testing

@testable import DynamoDBExpressions

/// Reads one expression alone.
private func read(
    _ kind: Expressions.Kind, _ text: String, names: JSON? = nil, values: JSON? = nil
) throws(AWSError) -> Expressions {
    var source = Expressions.Source(names: names, values: values, kinds: [kind])
    switch kind {
    case .update: source.update = text
    case .condition: source.condition = text
    case .filter: source.filter = text
    case .key: source.key = text
    case .projection: source.projection = text
    }
    return try Expressions(source)
}

private let names: JSON = ["#n": "name", "#s": "size"]
private let values: JSON = [
    ":s": ["S": "b"], ":n": ["N": "5"], ":l": ["L": [["S": "x"]]], ":b": ["BOOL": true], ":ss": ["SS": ["a"]],
    ":t": ["S": "N"], ":m": ["M": [:]], ":bin": ["B": "AQI="], ":null": ["NULL": true],
]

/// Only those placeholders that the expression mentions, so that none is unused.
private func used(_ text: String, _ all: JSON) -> JSON? {
    let words = Set(Token.all(of: text).map(\.text))
    let kept = (all.object ?? [:]).filter { words.contains($0.key) }
    return kept.isEmpty ? nil : .object(JSON.Object(kept.map { ($0.key, $0.value) }))
}

@Suite("Condition expressions")
struct ConditionTests {
    private static let item: JSON = [
        "id": ["S": "1"], "a": ["S": "bcd"], "n": ["N": "5"], "name": ["S": "x"], "l": ["L": [["S": "x"], ["N": "5"]]],
        "m": ["M": ["k": ["M": ["z": ["N": "7"]]], "els": ["L": [["S": "q"]]]]], "ss": ["SS": ["a", "b"]],
        "ns": ["NS": ["1", "5"]], "t": ["BOOL": true], "nul": ["NULL": true], "bin": ["B": "AQIDBA=="],
    ]

    @Test(
        "hold or not",
        arguments: [
            ("a = :s", false), ("a <> :s", true), ("n = :n", true), ("n < :n", false), ("n <= :n", true),
            ("n > :n", false), ("n >= :n", true), ("a > :s", true), ("a > :n", false), ("a < :n", false),
            ("absent = :n", false), ("absent <> :n", true), ("absent < :n", false), (":n = n", true),
            ("#n = :s", false), ("n BETWEEN :n AND :n", true), ("a between :s and :s", false),
            ("n IN (:s, :n)", true), ("n IN (:s)", false), ("absent IN (:s)", false), ("n in (id, n2)", false),
            ("attribute_exists(a)", true), ("attribute_exists(m.k.z)", true), ("attribute_exists(m.k.y)", false),
            ("attribute_exists(l[1])", true), ("attribute_exists(l[2])", false), ("attribute_not_exists(zz)", true),
            ("attribute_not_exists(a)", false), ("attribute_type(n, :t)", true), ("attribute_type(a, :t)", false),
            ("begins_with(a, :s)", true), ("begins_with(id, :s)", false), ("begins_with(n, :s)", false),
            ("begins_with(bin, :bin)", true), ("contains(a, :s)", true), ("contains(ss, :s)", true),
            ("contains(ns, :n)", true), ("contains(l, :n)", true), ("contains(l, :s)", false),
            ("contains(bin, :bin)", true), ("contains(n, :n)", false), ("size(a) < :n", true), ("size(l) = :n", false),
            ("size(m) < :n", true), ("size(ss) < size(a)", true), ("size(n) = :n", false),
            ("NOT a = :s", true), ("not attribute_exists(a)", false), ("a = :s OR n = :n", true),
            ("a = :s AND n = :n", false), ("n = :n OR a = :s AND a = :s", true),
            ("(n = :n OR a = :s) AND a = :s", false), ("(n) = (:n)", true), ("(size(a)) < :n", true),
            ("NOT (a = :s) AND NOT (n < :n)", true), ("m.k.z > :n", true), ("m . els [ 0 ] = :s", false),
            ("nul = :null", true), ("t = :b", true), ("t <> :b", false),
        ])
    func holds(text: String, expected: Bool) throws {
        let condition = try #require(
            try read(.condition, text, names: used(text, names), values: used(text, values)).condition)
        #expect(condition.holds(for: try Item(tree: Self.item)) == expected)
    }

    @Test(
        "that are wrong are refused with AWS's words",
        arguments: [
            ("", "The expression can not be empty;"),
            ("foo", #"Syntax error; token: "<EOF>", near: "foo""#),
            ("s == :s", #"Syntax error; token: "=", near: "== :s""#),
            ("a =", #"Syntax error; token: "<EOF>", near: "=""#),
            ("a = :s b", #"Syntax error; token: "b", near: ":s b""#),
            ("GI-1-PK = :s", #"Syntax error; token: "-", near: "GI-1""#),
            ("_version = :s", #"Syntax error; token: "_", near: "_version""#),
            ("a = :s AND _b = :s", #"Syntax error; token: "_", near: "AND _b""#),
            ("a AND b = :s", #"Syntax error; token: "AND", near: "a AND b""#),
            ("(a = :s", #"Syntax error; token: "<EOF>", near: ":s""#),
            ("a = :s)", #"Syntax error; token: ")", near: ":s)""#),
            ("a IN :s", #"Syntax error; token: ":s", near: "IN :s""#),
            ("a IN ()", #"Syntax error; token: ")", near: "()""#),
            ("a BETWEEN :s", #"Syntax error; token: "<EOF>", near: ":s""#),
            ("a[b] = :s", #"Syntax error; token: "b", near: "[b]""#),
            ("a = #", ##"Syntax error; token: "#", near: "= #""##),
            ("é = :s", #"Syntax error; token: "é", near: "é =""#),
            ("((a = :s))", "The expression has redundant parentheses;"),
            ("((a)) = :s", "The expression has redundant parentheses;"),
            ("foo(a)", "Invalid function name; function: foo"),
            ("size(a)", "The function is not allowed to be used this way in an expression; function: size"),
            (
                "attribute_exists(a) = :b",
                "The function is not allowed to be used this way in an expression; function: attribute_exists"
            ),
            (
                "if_not_exists(a, :s) = :s",
                "The function is not allowed in a condition expression; function: if_not_exists"
            ),
            ("status = :s", "Attribute name is a reserved keyword; reserved keyword: status"),
            ("a.Size = :s", "Attribute name is a reserved keyword; reserved keyword: Size"),
            ("a[99999999999] = :s", "List index is not within the allowable range; index: [99999999999]"),
            (
                "attribute_exists(a, b)",
                "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2"
            ),
            (
                "attribute_exists(:s)",
                "Operator or function requires a document path; operator or function: attribute_exists"
            ),
            (
                "begins_with(a, :n)",
                "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"
            ),
            ("a < :b", "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL"),
            (
                "size(:n) = :n",
                "Incorrect operand type for operator or function; operator or function: size, operand type: N"
            ),
            (
                "attribute_type(a, :n)",
                "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N"
            ),
            (
                "attribute_type(a, :s)",
                "Invalid attribute type name found; type: b, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
            ),
            (
                "a = a",
                "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]"
            ),
            (
                "contains(m.k, m.k)",
                "The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [m, k]"
            ),
            (
                "a BETWEEN :n AND :s",
                "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {S:b}"
            ),
            (
                "a BETWEEN :s AND :t",
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:N}"
            ),
            (
                "#zz = :s",
                "An expression attribute name used in the document path is not defined; attribute name: #zz"
            ),
            ("a = :zz", "An expression attribute value used in expression is not defined; attribute value: :zz"),
        ])
    func refused(text: String, message: String) {
        #expect(throws: AWSError("ValidationException", "Invalid ConditionExpression: \(message)")) {
            _ = try read(.condition, text, names: used(text, names), values: used(text, values) ?? [":s": ["S": "b"]])
        }
    }

    @Test("are limited in size, operators, operands of IN and nesting")
    func limits() throws {
        func isRefused(_ text: String) -> Bool {
            (try? read(.condition, text, values: [":s": ["S": "b"]])) == nil
        }
        func repeated(_ part: String, _ count: Int, by separator: String) -> String {
            Array(repeating: part, count: count).joined(separator: separator)
        }
        #expect(!isRefused("a = :s" + String(repeating: " ", count: 4090)))
        #expect(isRefused("a = :s" + String(repeating: " ", count: 4091)))
        #expect(!isRefused(repeated("a=:s", 150, by: " OR ")))
        #expect(isRefused(repeated("a=:s", 151, by: " OR ")))
        #expect(!isRefused("a IN (\(repeated(":s", 100, by: ",")))"))
        #expect(isRefused("a IN (\(repeated(":s", 101, by: ",")))"))
        #expect(!isRefused(String(repeating: "NOT ", count: 60) + "a = :s"))
        #expect(isRefused(String(repeating: "NOT ", count: 1000) + "a = :s"))
        #expect(isRefused(String(repeating: "(", count: 2000) + "a = :s" + String(repeating: ")", count: 2000)))
        #expect(isRefused(String(repeating: "size(", count: 800)))
    }
}

@Suite("Update expressions")
struct UpdateTests {
    private static let item: JSON = [
        "id": ["S": "1"], "n": ["N": "5"], "l": ["L": [["S": "a"], ["S": "b"], ["S": "c"]]], "s": ["S": "old"],
        "m": ["M": ["k": ["N": "1"], "els": ["L": []]]], "ss": ["SS": ["a", "b"]], "ns": ["NS": ["1"]],
    ]

    /// What differs from the item before, `-name` for what is gone.
    private func changes(_ text: String) throws -> String {
        let update = try #require(
            try read(.update, text, names: used(text, names), values: used(text, values)).update)
        let old = try Item(tree: Self.item)
        let new = try update.applied(to: old)
        let changed = new.attributes.filter { old[$0.name] != $0.value }.map { "\($0.name)=\($0.value.tree.text())" }
        let removed = old.attributes.filter { new[$0.name] == nil }.map { "-\($0.name)" }
        return (changed + removed).joined(separator: " ")
    }

    @Test(
        "change items",
        arguments: [
            ("SET s = :s", #"s={"S":"b"}"#), ("set fresh = :l", #"fresh={"L":[{"S":"x"}]}"#), ("SET s = s", ""),
            ("SET n = n + :n", #"n={"N":"10"}"#), ("SET n = :n - n", #"n={"N":"0"}"#),
            ("SET n = (n - :n)", #"n={"N":"0"}"#),
            ("SET s = :s, t = s", #"s={"S":"b"} t={"S":"old"}"#),
            ("SET n = if_not_exists(n, :n) + :n", #"n={"N":"10"}"#),
            ("SET c = if_not_exists(c, :n) + :n", #"c={"N":"10"}"#),
            ("SET l = list_append(:l, l)", #"l={"L":[{"S":"x"},{"S":"a"},{"S":"b"},{"S":"c"}]}"#),
            ("SET x = list_append(if_not_exists(x, :l), :l)", #"x={"L":[{"S":"x"},{"S":"x"}]}"#),
            ("SET l[1] = :n", #"l={"L":[{"S":"a"},{"N":"5"},{"S":"c"}]}"#),
            ("SET l[9] = :s, l[7] = :n", #"l={"L":[{"S":"a"},{"S":"b"},{"S":"c"},{"N":"5"},{"S":"b"}]}"#),
            ("SET m.k = m.k + :n", #"m={"M":{"k":{"N":"6"},"els":{"L":[]}}}"#),
            ("SET m.#n = :s", #"m={"M":{"k":{"N":"1"},"els":{"L":[]},"name":{"S":"b"}}}"#),
            ("SET m.els[0] = :s", #"m={"M":{"k":{"N":"1"},"els":{"L":[{"S":"b"}]}}}"#),
            ("REMOVE s", "-s"), ("REMOVE zz", ""), ("REMOVE s, n", "-n -s"),
            ("REMOVE l[0], l[2]", #"l={"L":[{"S":"b"}]}"#), ("REMOVE l[7]", ""),
            ("REMOVE m.k", #"m={"M":{"els":{"L":[]}}}"#), ("REMOVE m.zz", ""),
            ("SET l[3] = :s REMOVE l[0]", #"l={"L":[{"S":"b"},{"S":"c"},{"S":"b"}]}"#),
            ("ADD n :n", #"n={"N":"10"}"#), ("ADD c :n", #"c={"N":"5"}"#), ("ADD ss :ss", ""),
            ("ADD fresh :ss", #"fresh={"SS":["a"]}"#), ("ADD m.k :n", #"m={"M":{"k":{"N":"6"},"els":{"L":[]}}}"#),
            ("DELETE ss :ss", #"ss={"SS":["b"]}"#), ("DELETE zz :ss", ""),
            ("SET s = :s REMOVE n ADD c :n DELETE ss :ss", #"s={"S":"b"} ss={"SS":["b"]} c={"N":"5"} -n"#),
        ])
    func applied(text: String, expected: String) throws { #expect(try changes(text) == expected) }

    @Test("a set that loses its last element goes")
    func emptySet() throws {
        let update = try #require(try read(.update, "DELETE ss :x", values: [":x": ["SS": ["b", "a", "c"]]]).update)
        #expect(try update.applied(to: Item(tree: Self.item))["ss"] == nil)
    }

    @Test(
        "fail on items that they do not fit",
        arguments: [
            ("SET x = zz", "The provided expression refers to an attribute that does not exist in the item"),
            ("SET x = zz + :n", "The provided expression refers to an attribute that does not exist in the item"),
            ("SET x = s + :n", "An operand in the update expression has an incorrect data type"),
            ("SET x = list_append(s, :l)", "An operand in the update expression has an incorrect data type"),
            ("SET zz.a = :s", "The document path provided in the update expression is invalid for update"),
            ("SET s.a = :s", "The document path provided in the update expression is invalid for update"),
            ("SET m[0] = :s", "The document path provided in the update expression is invalid for update"),
            ("SET l.a = :s", "The document path provided in the update expression is invalid for update"),
            ("SET l[5].a = :s", "The document path provided in the update expression is invalid for update"),
            ("REMOVE zz.a", "The document path provided in the update expression is invalid for update"),
            ("ADD s :n", "An operand in the update expression has an incorrect data type"),
            ("DELETE s :ss", "An operand in the update expression has an incorrect data type"),
        ])
    func unfit(text: String, message: String) {
        #expect(throws: AWSError("ValidationException", message)) { _ = try changes(text) }
    }

    @Test(
        "that are wrong are refused with AWS's words",
        arguments: [
            ("", "The expression can not be empty;"),
            ("INVALID SYNTAX HERE", #"Syntax error; token: "INVALID", near: "INVALID SYNTAX""#),
            ("ADD hits : incr", #"Syntax error; token: ":", near: "hits : incr""#),
            ("set _something = :s", #"Syntax error; token: "_", near: "set _something""#),
            ("SET", #"Syntax error; token: "<EOF>", near: "SET""#),
            ("REMOVE mystr,", #"Syntax error; token: "<EOF>", near: ",""#),
            ("REMOVE mystr 5", #"Syntax error; token: "5", near: "mystr 5""#),
            ("SET a = :s, SET b = :s", #"Syntax error; token: "SET", near: ", SET b""#),
            ("SET path = VALUE 1", #"Syntax error; token: "1", near: "VALUE 1""#),
            ("ADD a b", #"Syntax error; token: "b", near: "a b""#),
            ("SET a = :s SET b = :s", #"The "SET" section can only be used once in an update expression;"#),
            ("SET status = :s", "Attribute name is a reserved keyword; reserved keyword: status"),
            ("SET a = foo(b)", "Invalid function name; function: foo"),
            ("SET a = size(b)", "The function is not allowed in an update expression; function: size"),
            (
                "SET #zz = :s",
                "An expression attribute name used in the document path is not defined; attribute name: #zz"
            ),
            ("SET a = :zz", "An expression attribute value used in expression is not defined; attribute value: :zz"),
            (
                "SET a = :s, a = :s",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]"
            ),
            (
                "SET a.b = :s REMOVE a",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]"
            ),
            (
                "SET a[0] = :s, a.b = :s",
                "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [0]], path two: [a, b]"
            ),
            (
                "ADD a :s",
                "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"
            ),
            (
                "DELETE a :n",
                "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"
            ),
            (
                "SET a = b + :s",
                "Incorrect operand type for operator or function; operator or function: +, operand type: S"
            ),
            (
                "SET a = list_append(a, :s)",
                "Incorrect operand type for operator or function; operator or function: list_append, operand type: S"
            ),
            (
                "SET a = if_not_exists(:s, :n)",
                "Operator or function requires a document path; operator or function: if_not_exists"
            ),
            (
                "SET a = if_not_exists(a)",
                "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1"
            ),
        ])
    func refused(text: String, message: String) {
        #expect(throws: AWSError("ValidationException", "Invalid UpdateExpression: \(message)")) {
            _ = try read(.update, text, names: used(text, names), values: used(text, values))
        }
    }
}

@Suite("Projection expressions")
struct ProjectionTests {
    private static let item: JSON = [
        "a": ["S": "1"], "l": ["L": [["S": "l0"], ["S": "l1"], ["S": "l2"]]],
        "m": ["M": ["x": ["N": "1"], "y": ["M": ["z": ["N": "2"]]], "name": ["S": "n"]]],
    ]

    @Test(
        "keep parts of items",
        arguments: [
            ("a", #"{"a":{"S":"1"}}"#), ("zz", "{}"), ("a, zz", #"{"a":{"S":"1"}}"#),
            ("l[2], l[0]", #"{"l":{"L":[{"S":"l0"},{"S":"l2"}]}}"#), ("l[7]", "{}"), ("a.b", "{}"),
            ("m.y.z, m.x", #"{"m":{"M":{"y":{"M":{"z":{"N":"2"}}},"x":{"N":"1"}}}}"#),
            ("m.#n", #"{"m":{"M":{"name":{"S":"n"}}}}"#),
        ])
    func applied(text: String, expected: String) throws {
        let projection = try #require(try read(.projection, text, names: used(text, names)).projection)
        #expect(projection.applied(to: try Item(tree: Self.item)).tree.text() == expected)
    }

    @Test(
        "that are wrong are refused with AWS's words",
        arguments: [
            ("", "The expression can not be empty;"), ("a,", #"Syntax error; token: "<EOF>", near: ",""#),
            ("a b", #"Syntax error; token: "b", near: "a b""#), (":s", #"Syntax error; token: ":s", near: ":s""#),
            ("name", "Attribute name is a reserved keyword; reserved keyword: name"),
            (
                "a, a.b",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]"
            ),
        ])
    func refused(text: String, message: String) {
        #expect(throws: AWSError("ValidationException", "Invalid ProjectionExpression: \(message)")) {
            _ = try read(.projection, text)
        }
    }
}

@Suite("Placeholders")
struct PlaceholderTests {
    @Test(
        "are checked",
        arguments: [
            (#"{}"#, #"{":s":{"S":"x"}}"#, "ExpressionAttributeNames must not be empty"),
            (##"{"#a":"b"}"##, "{}", "ExpressionAttributeValues must not be empty"),
            (
                #"{"a":"b"}"#, #"{":s":{"S":"x"}}"#,
                #"ExpressionAttributeNames contains invalid key: Syntax error; key: "a""#
            ),
            (
                ##"{"#a-b":"b"}"##, #"{":s":{"S":"x"}}"#,
                ##"ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b""##
            ),
            (
                ##"{"#a":""}"##, #"{":s":{"S":"x"}}"#,
                "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a"
            ),
            (
                ##"{"#a":"b"}"##, #"{"s":{"S":"x"}}"#,
                #"ExpressionAttributeValues contains invalid key: Syntax error; key: "s""#
            ),
            (
                ##"{"#a":"b"}"##, #"{":s":{"N":"x"}}"#,
                "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :s"
            ),
            (
                ##"{"#a":"b","#b":"c"}"##, #"{":s":{"S":"x"}}"#,
                "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"
            ),
            (
                ##"{"#a":"b"}"##, #"{":s":{"S":"x"},":t":{"S":"x"},":u":{"S":"x"}}"#,
                "Value provided in ExpressionAttributeValues unused in expressions: keys: {:t, :u}"
            ),
        ])
    func refused(names: String, values: String, message: String) throws {
        let (names, values) = (try JSON.parse(names), try JSON.parse(values))
        #expect(throws: AWSError("ValidationException", message)) {
            _ = try read(.condition, "#a = :s", names: names, values: values)
        }
    }
}

@Suite("Parsers of expressions")
struct ExpressionFuzzTests {
    private static let parts = [
        "a", "b", "#n", ":v", "(", ")", "[", "]", "0", "17", ".", ",", "=", "<>", "<", "<=", ">", ">=", "+", "-", "AND",
        "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE", "size", "contains", "begins_with",
        "attribute_exists", "attribute_type", "if_not_exists", "list_append", " ", "\t", "#", ":", "é", "\u{0}", "_",
        "name",
    ]

    @Test("answer any text with an expression or an error", arguments: [1, 2, 3, 4] as [UInt64])
    func fuzz(seed: UInt64) throws {
        let random = RandomSource(seed: seed)
        let item = try Item(tree: ["a": ["N": "1"], "b": ["L": [["S": "x"]]], "name": ["M": ["a": ["S": "y"]]]])
        let names: JSON = ["#n": "name"]
        let values: JSON = [":v": ["N": "1"]]
        for _ in 0..<3000 {
            let text = (0..<random.int(in: 1..<14)).map { _ in Self.parts[random.int(in: 0..<Self.parts.count)] }
                .joined(separator: random.int(in: 0..<4) == 0 ? "" : " ")
            for kind in [Expressions.Kind.condition, .update, .projection] {
                guard let read = try? read(kind, text, names: used(text, names), values: used(text, values)) else {
                    continue
                }
                _ = read.condition?.holds(for: item)
                _ = try? read.update?.applied(to: item)
                _ = read.projection?.applied(to: item)
                _ = try? read.condition.map(KeyConditions.init(_:))
            }
        }
    }

    @Test("survive random bytes")
    func bytes() {
        let random = RandomSource(seed: 11)
        for _ in 0..<2000 {
            let text = String(decoding: random.bytes(random.int(in: 1..<40)), as: UTF8.self)
            _ = try? read(.condition, text)
            _ = try? read(.update, text)
            _ = try? read(.projection, text)
        }
    }
}
