import JSON
import StatesLanguage
import Testing

/// JSONPath in AWS's dialect.
@Suite struct PathTests {
    static let input: JSON = [
        "name": "Ann", "nothing": nil, "numbers": [1, 2, 3, 4, 5], "nested": ["a": ["b": [10, 20]], "a b": 1],
        "books": [["title": "X", "price": 8], ["title": "Y", "price": 12, "isbn": "1"], ["title": "Z"]],
    ]

    static let scope = Scope(
        input: input, context: ["Execution": ["Id": "e"]], variables: ["v": ["list": [7, 8]], "größe": 3],
        environment: .fixed)

    @Test(arguments: [
        ("$", input.text()), ("$.name", #""Ann""#), ("$['name']", #""Ann""#), (#"$["name"]"#, #""Ann""#),
        ("$.nothing", "null"), ("$.nested.a.b[1]", "20"), ("$.nested['a b']", "1"), ("$.numbers[-1]", "5"),
        ("$.numbers[1:3]", "[2,3]"), ("$.numbers[:2]", "[1,2]"), ("$.numbers[3:]", "[4,5]"),
        ("$.numbers[-2:]", "[4,5]"), ("$.numbers[0,2]", "[1,3]"), ("$.numbers[*]", "[1,2,3,4,5]"),
        ("$.nested.*", #"[{"b":[10,20]},1]"#), ("$['name','nothing']", #"["Ann",null]"#),
        ("$..title", #"["X","Y","Z"]"#), ("$..b[0]", "[10]"), ("$..nowhere", "[]"), ("$.books[*].isbn", #"["1"]"#),
        ("$.books[?(@.price < 10)].title", #"["X"]"#), ("$.books[?(@.price >= 8 && @.isbn)].title", #"["Y"]"#),
        ("$.books[?(!@.price)].title", #"["Z"]"#),
        ("$.books[?(@.title == 'X' || @.title == \"Z\")].title", #"["X","Z"]"#),
        ("$.books[?(@.title in ['X','Q'])].title", #"["X"]"#), ("$.numbers[?(@ > 3)]", "[4,5]"),
        ("$.books[?(@.title == $.nested.t)].title", "[]"), ("$.numbers.length()", "5"), ("$.numbers.max()", "5"),
        ("$.numbers.sum()", "15"), ("$.numbers.avg()", "3"), ("$.name.length()", "3"), ("$..price.min()", "8"),
        ("$$.Execution.Id", #""e""#), ("$$", #"{"Execution":{"Id":"e"}}"#), ("$v.list[1]", "8"), ("$größe", "3"),
    ])
    func finds(_ path: String, _ expected: String) throws {
        #expect(try Path(path).find(Self.scope) == JSON.parse(expected))
    }

    @Test(arguments: [
        ("$.no", "Invalid path '$.no': No results for path: $['no']"),
        ("$.name.no.more", "Invalid path '$.name.no.more': Missing property in path $['name']['no']"),
        ("$.numbers[9]", "Invalid path '$.numbers[9]': No results for path: $['numbers'][9]"),
        ("$unknown.a", "Invalid path '$unknown.a': No results for path: $['a']"),
    ])
    func failsWhereNothingIs(_ path: String, _ cause: String) throws {
        let path = try Path(path)
        #expect(throws: StatesError("States.Runtime", cause)) { try path.evaluate(Self.scope) }
    }

    @Test(arguments: [
        "", "name", "$.", "$..", "$[", "$[]", "$['a", "$.a[?(@.b]", "$.a[?@.b]", "$.a[?(1)]", "$.a b c", "$.a.foo()",
        "$.a[1:2:3]", "$.a[x]", "$x y",
    ])
    func refuses(_ path: String) {
        #expect(throws: PathSyntaxError.self) { try Path(path) }
    }

    @Test(arguments: [
        ("$.r", #"{"a":1}"#, #"{"a":1,"r":9}"#), ("$.r.s", #"{"a":1}"#, #"{"a":1,"r":{"s":9}}"#),
        ("$.a", #"{"a":1}"#, #"{"a":9}"#), ("$.l[1]", #"{"l":[1,2]}"#, #"{"l":[1,9]}"#),
        ("$['x y']", "{}", #"{"x y":9}"#),
        ("$.l[0].z", #"{"l":[{}]}"#, #"{"l":[{"z":9}]}"#), ("$", "{}", "9"),
    ])
    func inserts(_ path: String, _ target: String, _ expected: String) throws {
        #expect(try ReferencePath(path).insert(9, into: JSON.parse(target)) == JSON.parse(expected))
    }

    @Test(arguments: [("$.r", "[1]"), ("$.a.b", #"{"a":1}"#), ("$.l[5]", #"{"l":[]}"#), ("$.r", #""text""#)])
    func cannotInsert(_ path: String, _ target: String) throws {
        let (path, target) = (try ReferencePath(path), try JSON.parse(target))
        #expect(
            throws: StatesError(
                "States.ResultPathMatchFailure",
                "Unable to apply ReferencePath \(path.source) to input \(target.text())")
        ) {
            try path.insert(9, into: target)
        }
    }

    @Test(arguments: ["$$.a", "$x", "$..a", "$.a[*]", "$.a[0,1]", "$.a[-1]", "$.a.length()", "$.a[?(@.b)]", "a"])
    func refusesAsReference(_ path: String) {
        #expect(throws: PathSyntaxError.self) { try ReferencePath(path) }
    }
}
