import JSON
import StatesLanguage
import Testing

/// Hostile texts: nothing crashes, nothing takes long. Seeded, so that a failure can be had again.
@Suite struct FuzzTests {
    struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    static func text(of pieces: [String], _ generator: inout Generator) -> String {
        (0..<Int.random(in: 1...14, using: &generator)).compactMap { _ in pieces.randomElement(using: &generator) }
            .joined()
    }

    @Test func paths() {
        var generator = Generator(state: 1)
        let pieces = [
            "$", "$$", ".", "..", "a", "b c", "[", "]", "'", "\"", "*", "?", "(", ")", "@", "==", "<", "&&", "||", "!",
            "0", "-1", ":", ",", "\\", "length()", "é", " in ", "null", "$.a", "[?(@.a)]", "[*]",
        ]
        for _ in 0..<20_000 {
            guard let path = try? Path(Self.text(of: pieces, &generator)) else { continue }
            _ = path.find(PathTests.scope)
        }
    }

    @Test func calls() {
        var generator = Generator(state: 2)
        let pieces =
            IntrinsicTests.names + [
                "(", ")", "()", ",", "'", "{}", "\\", "1", "-2.5", "1e300", "$.a", "$.s", "$.n", "$", "true", "null",
                "'a'", "'{}'", " ",
            ]
        for _ in 0..<5_000 { _ = try? IntrinsicTests.value(Self.text(of: pieces, &generator)) }
    }

    /// Every function with every combination of some values.
    @Test func arguments() {
        let values = ["$.a", "$.s", "$.o", "$.n", "null", "-1", "1e14", "'x'", "false"]
        for name in IntrinsicTests.names {
            for first in values {
                _ = try? IntrinsicTests.value("\(name)(\(first))")
                for second in values {
                    _ = try? IntrinsicTests.value("\(name)(\(first), \(second))")
                    _ = try? IntrinsicTests.value("\(name)(\(first), \(second), \(first))")
                }
            }
        }
    }

    /// Recorded definitions with members taken away, exchanged and doubled.
    @Test(.enabled(if: Vectors.arePresent, "no recorded cases at ../shared/vectors"))
    func definitions() throws {
        var generator = Generator(state: 3)
        let texts = Set(try Vectors.definitions().map(\.definition)).sorted().filter { $0.utf8.count < 5_000 }
        for text in texts {
            guard let value = try? JSON.parse(text) else { continue }
            for _ in 0..<20 {
                _ = Definition.check(Self.mutated(value, &generator).text(), type: .express)
                var bytes = Array(text.utf8)
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                _ = Definition.check(String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    static func mutated(_ value: JSON, _ generator: inout Generator) -> JSON {
        if Int.random(in: 0..<25, using: &generator) == 0 {
            return [nil, true, -1, 1.5, "", "$.x", "{% 1 %}", [], [:], [[]], ["a": 1]].randomElement(using: &generator)
                ?? .null
        }
        switch value {
        case .array(let elements): return .array(elements.map { mutated($0, &generator) })
        case .object(let object):
            var result = JSON.Object()
            for (name, value) in object where Int.random(in: 0..<30, using: &generator) > 0 {
                result[name] = mutated(value, &generator)
            }
            return .object(result)
        default: return value
        }
    }

    @Test func depthIsBounded() throws {
        let deep = String(repeating: "[", count: 10_000)
        #expect(throws: DefinitionError.self) { try Definition(parsing: deep) }
        let nots = String(repeating: #"{"Not":"#, count: 200) + "1" + String(repeating: "}", count: 200)
        #expect(throws: DefinitionError.self) {
            try Definition(parsing: #"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[\#(nots)]}}}"#)
        }
        let payload = String(repeating: #"{"a":"#, count: 300) + "1" + String(repeating: "}", count: 300)
        #expect(throws: DefinitionError.self) {
            try Definition(
                parsing: #"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Parameters":\#(payload)}}}"#)
        }
        let branches = (0..<60).reduce(#"{"Type":"Succeed"}"#) { inner, number in
            #"{"Type":"Parallel","End":true,"Branches":[{"StartAt":"S\#(number)","States":{"S\#(number)":\#(inner)}}]}"#
        }
        #expect(throws: DefinitionError.self) {
            try Definition(parsing: #"{"StartAt":"A","States":{"A":\#(branches)}}"#)
        }
        #expect(throws: PathSyntaxError.self) { try Path("$[?(" + String(repeating: "!", count: 5_000) + "@.a)]") }
        #expect(throws: PathSyntaxError.self) { try Path("$[?(" + String(repeating: "(", count: 5_000)) }
    }
}

extension IntrinsicTests {
    static let names = [
        "Array", "ArrayPartition", "ArrayContains", "ArrayRange", "ArrayGetItem", "ArrayLength", "ArrayUnique",
        "Base64Encode", "Base64Decode", "Hash", "JsonMerge", "StringToJson", "JsonToString", "MathRandom", "MathAdd",
        "StringSplit", "UUID", "Format",
    ].map { "States.\($0)" }
}
