import JSON
import Testing

@testable import JSONata

/// Bad days: nothing hangs, nothing runs out of stack.
@Suite struct LimitTests {
    private static func code(_ expression: String, _ input: JSON? = nil, timeLimitMs: Int = 300) -> String {
        var environment = Environment.fixed
        environment.timeLimitMs = timeLimitMs
        return switch Outcome(expression, input, environment: environment) {
        case .failure(let error): error.code
        case .nothing: "nothing"
        case .value: "value"
        }
    }

    @Test(arguments: ["(", "[", "-", "{'a':", "function($x){", "1?", "$f(", "$a:=", "|"])
    func aHundredThousandOpenBrackets(_ opening: String) {
        #expect(Self.code(String(repeating: opening, count: 100_000)) == "U1001")
    }

    @Test(arguments: ["+1", "&'a'", ".a", "[0]", "{'a': $}"].map { "a" + String(repeating: $0, count: 5_000) })
    func longChains(_ expression: String) {
        #expect(["value", "nothing", "U1001", "T2001", "S0210"].contains(Self.code(expression)))
    }

    @Test(arguments: [
        "($f := function($n) { 1 + $f($n) }; $f(1))",
        "($f := function() { $f() }; $f())",
        "($f := function($g) { $g($g) }; $f($f))",
        "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /^(a+)+b/)",
        "$contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /(a|a)*b/)",
    ])
    func runaway(_ expression: String) {
        #expect(Self.code(expression) == "U1001")
    }

    @Test(arguments: ["$pad('x', 1e12)", "($f := function($s) { $f($s & $s) }; $f('aaaaaaaa'))"])
    func tooLarge(_ expression: String) {
        #expect(Self.code(expression, timeLimitMs: 5_000) == "D2015")
    }

    @Test(arguments: [
        "$", "**", "$string($)", "$ = [$]", "$boolean($)", "$ ~> |**|{}|", "$keys($)", "*", "$spread($)",
        "$distinct([$, $])",
    ])
    func deepData(_ expression: String) {
        var data: JSON = [1]
        for _ in 0..<2_000 { data = [data] }
        #expect(["value", "nothing", "U1001"].contains(Self.code(expression, data, timeLimitMs: 5_000)))
    }

    /// A chain of a hundred thousand values is released without recursion, and refused as a result.
    @Test(arguments: [
        ("($f := function($n, $a) { $n = 0 ? $count($a) : $f($n - 1, [[$a]]) }; $f(20000, []))", "value"),
        ("($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, {'a': $a}) }; $f(2000, {}))", "U1001"),
        ("($f := function($n, $g) { $n = 0 ? 1 : $f($n - 1, function() { $g }) }; $f(20000, 1))", "value"),
    ])
    func deepValues(_ expression: String, _ expected: String) {
        #expect(Self.code(expression, timeLimitMs: 60_000) == expected)
    }

    /// On a thread with little stack, as those of a pool have.
    @Test func deepCallsOnASmallStack() async {
        let outcome = await Task.detached {
            Outcome("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(1000))")
        }.value
        #expect(outcome == .value(1000))
    }

    /// Random texts out of the language's own words end in a value, nothing or an error, never in a crash.
    @Test(arguments: 0..<200)
    func fuzz(_ seed: Int) {
        let words = [
            "a", "b", ".", "[", "]", "(", ")", "{", "}", "$", "$$", "$x", ":=", "1", "-2", "'s'", "+", "-", "*", "**",
            "%",
            "/", "=", "<", "~>", "^(", "@$x", "#$i", "?", ":", ";", ",", "|", "function($x)", "and", "in", "&", "..",
            "??",
            "$sum", "$map", "$string", "/a/", "null", "true", "`b`", "?:", "$match", "<s-n:s>",
        ]
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        for _ in 0..<50 {
            let text = (0...next(12)).map { _ in words[next(words.count)] }.joined(separator: " ")
            #expect(!Self.code(text, ["a": [1, ["b": 2]], "b": "x"]).isEmpty)
        }
    }
}
