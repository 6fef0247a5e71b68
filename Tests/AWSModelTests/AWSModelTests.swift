import AWSModel
import Testing

@Suite struct ServiceModelTests {
    @Test(arguments: ServiceModel.all)
    func everyServiceLoads(_ id: String) throws {
        let model = try #require(ServiceModel.named(id))
        #expect(model.id == id)
        #expect(!model.operations.isEmpty)
        #expect(!model.protocols.isEmpty)
    }

    @Test func unknownServiceIsNil() { #expect(ServiceModel.named("nonsense") == nil) }

    @Test func sendMessage() throws {
        let model = try #require(ServiceModel.named("sqs"))
        #expect(model.protocols == [.json, .query])
        #expect(model.targetPrefix == "AmazonSQS")
        let operation = try #require(model.operations["SendMessage"])
        #expect(operation.input?.member("MessageBody")?.isRequired == true)
        #expect(operation.output?.member(caseless: "md5OfMessageBody")?.name == "MD5OfMessageBody")
        #expect(operation.output?.member("md5OfMessageBody") == nil)
    }

    @Test func recursiveShapes() throws {
        let model = try #require(ServiceModel.named("dynamodb"))
        let value = try #require(model.shapes["AttributeValue"])
        #expect(value.member("L")?.shape.element?.shape === value)
        #expect(value.member("M")?.shape.value?.shape === value)
    }
}

@Suite struct PatternTests {
    @Test(arguments: [
        ("[a-zA-Z0-9_.-]+", "a.b-C_9", true), ("[a-zA-Z0-9_.-]+", "", false), ("[a-zA-Z0-9_.-]+", "a b", false),
        (#"^\d{12}$"#, "123456789012", true), (#"^\d{12}$"#, "12345678901", false), (#"\d{12}|\*"#, "*", true),
        ("a{2,3}", "a", false), ("a{2,3}", "aa", true), ("a{2,3}", "aaaa", false), ("a{2,}b?", "aaaaab", true),
        ("(ab|c)*d", "abcabd", true), ("(ab|c)*d", "abcab", false), ("", "", true), ("()|x", "", true),
        (#"(?!^\d+$)^[0-9a-zA-Z-_]+$"#, "123", false), (#"((?!^\d+$)^[0-9a-zA-Z-_]+$)"#, "12a", true),
        (#"^(?=.*[a-z])[a-z0-9]+$"#, "123", false), (#"^(?=.*[a-z])[a-z0-9]+$"#, "1a3", true),
        (#"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"#, "Größe 7 ½", true), (#"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"#, "a!", false),
        (#"\u002F[\u0021-\u007F]*"#, "/path/", true), (#"[^:*]*"#, "a:b", false), (#"[\s\S]*"#, "a\n😀", true),
        (".", "\n", false), (#"[\w-]+"#, "a-b_c", true), ("[]a]+", "]a", true), ("x$|^y", "y", true),
        ("a|b|", "", true), (#"[\u0020-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+"#, "😀", true),
        ("(a+)+", String(repeating: "a", count: 5_000) + "b", false), (#"\S+"#, "a b", false),
        (#"\p{ASCII}*"#, "é", false),
    ])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try #require(Pattern(pattern)).matches(text) == expected)
    }

    @Test(arguments: [
        "(", "a)", "*a", "[a", "a{3,1}", #"(a)\1"#, "(?<!ab)", "(?i)a", "a(?=bc)", #"\b+"#, "[a&&b]", #"\"#,
    ])
    func doesNotCompile(_ pattern: String) { #expect(Pattern(pattern) == nil) }

    /// Patterns outside of the matcher's subset are not checked: this is the whole list.
    @Test func uncheckedPatterns() {
        var unchecked: [String] = []
        for id in ServiceModel.all {
            for (name, shape) in ServiceModel.named(id)?.shapes ?? [:] {
                if let pattern = shape.pattern, Pattern(pattern) == nil { unchecked.append("\(id).\(name)") }
            }
        }
        #expect(unchecked.sorted() == [])
    }
}
