import JSON
import Testing

@testable import JSONata

/// What AWS Step Functions changes.
@Suite struct StepFunctionsTests {
    private static let bindings: [String: JSON] = ["states": ["input": ["id": 7, "list": [1, 2, 3]]], "limit": 2]

    @Test(
        arguments: [
            ("$states.input.id", "7"),
            ("$states.input.list[$ > $limit]", "3"),
            ("$map($states.input.list, function($v) { $v * 2 })", "[2, 4, 6]"),
            ("$partition([1, 2, 3, 4, 5], 2)", "[[1, 2], [3, 4], [5]]"),
            ("$range(0, 10, 5)", "[0, 5, 10]"),
            ("$range(3, 1, -1)", "[3, 2, 1]"),
            ("$hash('hello', 'MD5')", #""5d41402abc4b2a76b9719d911017c592""#),
            ("$hash('hello', 'SHA-1')", #""aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d""#),
            ("$random(1) = $random(1)", "true"),
            ("$random()", "0.5"),
            ("$uuid()", #""123e4567-e89b-42d3-a456-426614174000""#),
            ("$parse('{\"a\": [1]}').a", "[1]"),
        ] as [(String, String)])
    func result(_ expression: String, _ expected: String) throws {
        let outcome = Outcome(expression, bindings: Self.bindings, dialect: .stepFunctions)
        guard case .value(let result) = outcome else {
            Issue.record("\(expression): \(outcome)")
            return
        }
        #expect(Outcome.same(result, try JSON.parse(expected)), "\(expression): \(result)")
    }

    @Test(arguments: [
        ("$", "S0500"), ("$.a", "S0500"), ("$$", "S0500"), ("[1].($$)", "S0500"), ("$eval('1')", "T1006"),
        ("$hash('a', 'CRC')", "D3100"), ("$parse('{')", "D3120"), ("$partition([1], 0)", "D3100"),
    ])
    func failure(_ expression: String, _ code: String) {
        guard case .failure(let error) = Outcome(expression, bindings: Self.bindings, dialect: .stepFunctions) else {
            Issue.record("\(expression) does not fail")
            return
        }
        #expect(error.code == code, "\(expression)")
    }

    @Test func standardHasNoneOfThem() {
        for name in ["partition", "range", "hash", "uuid", "parse"] {
            guard case .failure(let error) = Outcome("$\(name)()") else {
                Issue.record("$\(name) exists")
                continue
            }
            #expect(error.code == "T1006")
        }
    }
}
