import JSON
import Testing

@testable import JSONata

/// Functions, one call a line, for what the official cases at hand leave out.
@Suite struct FunctionTests {
    @Test(
        arguments: [
            // expression, result as JSON
            ("$base64encode('hello')", #""aGVsbG8=""#),
            ("$base64decode('aGVsbG8=')", #""hello""#),
            ("$boolean([0, [[]], {}])", "false"),
            ("$boolean([0, [[1]]])", "true"),
            ("$count([1..10000000])", "10000000"),
            ("$decodeUrlComponent('a%20b%2Fc')", #""a b/c""#),
            ("$distinct([1, '1', 1, {'a': 1}, {'a': 1}])", #"[1, "1", {"a": 1}]"#),
            ("$formatBase(255, 16)", #""ff""#),
            ("$formatInteger(1999, 'I')", #""MCMXCIX""#),
            ("$formatInteger(28, 'a')", #""ab""#),
            ("$formatInteger(2789, 'Ww')", #""Two Thousand, Seven Hundred and Eighty-Nine""#),
            ("$formatInteger(123, 'w;o')", #""one hundred and twenty-third""#),
            ("$formatInteger(1234567, '#,##0')", #""1,234,567""#),
            ("$formatInteger(112, '0;o')", #""112th""#),
            ("$formatNumber(1234.5678, '#,##0.00')", #""1,234.57""#),
            ("$formatNumber(0.14, '01%')", #""14%""#),
            ("$formatNumber(-6, '00;(00)')", #""(06)""#),
            ("$formatNumber(12345.6, '0.0##e0')", #""1.235e4""#),
            ("$join($split('a-b-c', '-'), '+')", #""a+b+c""#),
            ("$lookup([{'a': 1}, {'a': 2}], 'a')", "[1, 2]"),
            ("$map([1, 2, 3], function($v, $i, $a) { $v * $i + $count($a) })", "[3, 5, 9]"),
            ("$match('ababbxabb', /a(b+)/, 2).groups", #"["b", "bb"]"#),
            ("$merge([{'a': 1}, {'b': 2}, {'a': 3}])", #"{"a": 3, "b": 2}"#),
            ("$number('0x1F')", "31"),
            ("$parseInteger('twelve thousand, four hundred and seventy-six', 'w')", "12476"),
            ("$parseInteger('MCMXCIX', 'I')", "1999"),
            ("$parseInteger('12,345,678', '#,##0')", "12345678"),
            ("$random()", "0.5"),
            ("$reduce([1, 2, 3, 4], function($a, $b) { $a * $b })", "24"),
            ("$replace('265USD', /([0-9]+)USD/, '$$$1')", #""$265""#),
            ("$replace('abc', /[a-c]/, function($m) { $uppercase($m.match) })", #""ABC""#),
            ("$reverse([1, 2, 3])", "[3, 2, 1]"),
            ("$round(2.5)", "2"),
            ("$round(4.525, 2)", "4.52"),
            ("$round(12450, -2)", "12400"),
            ("$sift({'a': 1, 'b': 2}, function($v, $k) { $k = 'b' })", #"{"b": 2}"#),
            ("$sort([3, 1, 2], function($l, $r) { $l < $r })", "[3, 2, 1]"),
            ("$split('a1b22c', /[0-9]+/)", #"["a", "b", "c"]"#),
            ("$string({'a': [1, true, null]})", #""{\"a\":[1,true,null]}""#),
            ("$string(0.1 + 0.2)", #""0.3""#),
            ("$string(1e21)", #""1e+21""#),
            ("$string(1e-7)", #""1e-7""#),
            ("$substringBefore('a=b', '=')", #""a""#),
            ("$trim('  a \\t b\\n')", #""a b""#),
            ("$zip([1, 2, 3], ['a', 'b'])", #"[[1, "a"], [2, "b"]]"#),
        ] as [(String, String)])
    func result(_ expression: String, _ expected: String) throws {
        let value = try JSON.parse(expected)
        guard case .value(let result) = Outcome(expression) else {
            Issue.record("\(expression): \(Outcome(expression))")
            return
        }
        #expect(Outcome.same(result, value), "\(expression): \(result)")
    }

    /// The clock stands at 2 January 2024, 03:04:05.678 UTC.
    @Test(arguments: [
        ("$now()", "2024-01-02T03:04:05.678Z"),
        ("$now('[D1o] [MNn] [Y], [h]:[m01] [P]')", "2nd January 2024, 3:04 am"),
        ("$fromMillis(1521801216617, '[FNn,3-3] [D01]/[M01]/[Y0001]')", "Fri 23/03/2018"),
        ("$fromMillis(1521801216617, '[H01]:[m01]:[s01].[f001] [z]', '-0500')", "05:33:36.617 GMT-05:00"),
        ("$fromMillis(1104537600000, '[Y]-W[W01]-[F0] in [X]')", "2005-W53-6 in 2004"),
        ("$fromMillis($toMillis('2018-03-27', '[Y1]-[M01]-[D01]'))", "2018-03-27T00:00:00.000Z"),
        ("$fromMillis($toMillis('21 August 2017 3:45 pm', '[D] [MNn] [Y] [h]:[m] [P]'))", "2017-08-21T15:45:00.000Z"),
        ("$fromMillis($toMillis('2018-094', '[Y0001]-[d001]'))", "2018-04-04T00:00:00.000Z"),
        ("$fromMillis($toMillis('2018-02-01T09:42:13.123+0100'))", "2018-02-01T08:42:13.123Z"),
    ])
    func date(_ expression: String, _ expected: String) {
        #expect(Outcome(expression) == .value(.string(expected)))
    }
}
