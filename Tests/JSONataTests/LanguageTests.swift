import JSON
import Testing

@testable import JSONata

@Suite struct LanguageTests {
    private static let library: JSON = [
        "books": [
            ["title": "A", "price": 10, "authors": ["x", "y"], "isbn": 1],
            ["title": "B", "price": 20, "authors": ["z"], "isbn": 2],
        ],
        "loans": [["isbn": 2, "who": "Jo"], ["isbn": 1, "who": "Al"]],
    ]

    @Test(
        arguments: [
            // paths and sequences
            ("books.title", #"["A", "B"]"#),
            ("books[1].title", #""B""#),
            ("books[-1].title", #""B""#),
            ("books[price > 10].title", #""B""#),
            ("books[price > 10].title[]", #"["B"]"#),
            ("books.authors", #"["x", "y", "z"]"#),
            ("books.[authors]", #"[["x", "y"], ["z"]]"#),
            ("*.isbn", "[1, 2, 2, 1]"),
            ("**.who", #"["Jo", "Al"]"#),
            ("books^(>price).title", #"["B", "A"]"#),
            ("books{title: price}", #"{"A": 10, "B": 20}"#),
            // tuples: the focus, the index, the parent
            (
                "books@$b.loans@$l[$b.isbn = $l.isbn].{'t': $b.title, 'w': $l.who}",
                #"[{"t":"A","w":"Al"},{"t":"B","w":"Jo"}]"#
            ),
            ("books#$i.{'n': $i, 't': title}", #"[{"n":0,"t":"A"},{"n":1,"t":"B"}]"#),
            ("books.authors.{'a': $, 't': %.title}", #"[{"a":"x","t":"A"},{"a":"y","t":"A"},{"a":"z","t":"B"}]"#),
            // operators
            ("nothing ?? 1", "1"),
            ("0 ?? 1", "0"),
            ("0 ?: 1", "1"),
            ("false ? 1 : 2", "2"),
            ("[1..3] ~> $sum()", "6"),
            ("($f := $uppercase ~> $length; $f('abc'))", "3"),
            ("7 % -3", "1"),
            ("2 in [1, 2]", "true"),
            ("'a' & 1 & null & [1]", #""a1null[1]""#),
            // functions
            ("($add := function($a, $b) { $a + $b }; $inc := $add(?, 1); $inc(2))", "3"),
            ("λ($s)<s-:s>{ $s & '!' }('hi')", #""hi!""#),
            ("($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, $a + $n) }; $f(20000, 0))", "200010000"),
            (
                "books ~> |$[title = 'A']|{'price': 5}, 'authors'| ~> function($b) { $b[0] }",
                #"{"title":"A","price":5,"isbn":1}"#
            ),
            ("$eval('books[0].price + 1')", "11"),
        ] as [(String, String)])
    func result(_ expression: String, _ expected: String) throws {
        let outcome = Outcome(expression, Self.library)
        guard case .value(let result) = outcome else {
            Issue.record("\(expression): \(outcome)")
            return
        }
        #expect(Outcome.same(result, try JSON.parse(expected)), "\(expression): \(result)")
    }

    @Test(arguments: ["nothing", "books[5]", "[][0]", "1 + nothing", "()", "$sum(nothing)", "false ? 1"])
    func nothing(_ expression: String) {
        #expect(Outcome(expression, Self.library) == .nothing)
    }

    /// Code, position behind the token concerned, token.
    @Test(
        arguments: [
            ("'abc", "S0101", 4, nil),
            ("1 +", "S0207", 3, "(end)"),
            ("[1, 2)", "S0202", 6, ")"),
            ("(1, 2", "S0202", 3, ","),
            ("a ! b", "S0204", 3, "!"),
            ("1 2", "S0201", 3, "2"),
            ("/(/", "S0302", 3, nil),
            ("function($x)<s<n>>{1}", "S0401", 15, nil),
            ("% ", "S0217", 1, "parent"),
            ("'s' - 1", "T2001", 5, "-"),
            ("1 + null", "T2002", 3, "+"),
            ("1 < 'a'", "T2009", 3, "<"),
            ("-'a'", "D1002", 1, "-"),
            ("sum(1)", "T1005", 4, "sum"),
            ("$sum('a')", "T0412", 5, "sum"),
            ("$min(2, 3)", "T0410", 5, "min"),
            ("$number('x')", "D3030", 8, "number"),
            ("$error('no')", "D3137", 7, "error"),
            ("$assert(false, 'no')", "D3141", 8, "assert"),
            ("{'a': 1, 'a': 2}", "D1009", 1, nil),
        ] as [(String, String, Int, String?)])
    func failure(_ expression: String, _ code: String, _ position: Int, _ token: String?) {
        guard case .failure(let error) = Outcome(expression, Self.library) else {
            Issue.record("\(expression) does not fail")
            return
        }
        #expect(error.code == code, "\(expression)")
        #expect(error.position == position, "\(expression)")
        #expect(error.token == token, "\(expression)")
    }

    /// Regular expressions mean what they mean in JavaScript.
    @Test(
        arguments: [
            ("$match('aBc', /b/i).match", #""B""#),
            ("$match('a\\nb', /^b/m).index", "2"),
            ("$match('foobar', /foo(?=bar)/).match", #""foo""#),
            ("$match('price 42', /(?<=price )[0-9]+/).match", #""42""#),
            ("$match('abab', /(ab)\\1/).match", #""abab""#),
            ("$match('aaa', /a{2}/).match", #""aa""#),
            ("$match('<a><b>', /<.+?>/).match", #"["<a>", "<b>"]"#),
            ("$match('2024-05', /(?<year>[0-9]{4})-([0-9]+)/).groups", #"["2024", "05"]"#),
            ("$contains('a.b', /^[\\w.]+$/)", "true"),
            ("$contains('é', /^.$/)", "true"),
            ("$replace('aXbX', /x/i, '-', 1)", #""a-bX""#),
        ] as [(String, String)])
    func regex(_ expression: String, _ expected: String) throws {
        let outcome = Outcome(expression)
        #expect(outcome == .value(try JSON.parse(expected)), "\(expression): \(outcome)")
    }
}
