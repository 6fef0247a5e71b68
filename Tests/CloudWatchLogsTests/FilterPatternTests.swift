import Testing

@testable import CloudWatchLogs

@Suite struct FilterPatternTests {
    private static let json =
        #"{"kind":"order","size":7,"ok":true,"none":null,"list":[{"id":"a"},{"id":"b"}],"odd name":"x","text":"a, b"}"#
    private static let line = #"127.0.0.1 - frank [10/Oct/2000:13:25:15] "GET /index.html HTTP/1.0" 404 1534"#

    @Test(arguments: [
        // terms
        ("", "anything", true), ("ERROR", "[ERROR] broken", true), ("ERROR", "[error] broken", false),
        ("ERROR broken", "broken: ERROR", true), ("ERROR broken", "ERROR", false),
        (#""not found""#, "page not found", true), (#""not found""#, "found not", false),
        ("ERROR -timeout", "ERROR timeout", false), ("ERROR -timeout", "ERROR disk", true),
        ("?ERROR ?WARN", "WARN low", true), ("?ERROR ?WARN", "INFO", false), (#"?"a b" ?c"#, "a b", true),
        ("-INFO", "WARN", true), ("-INFO", "INFO", false), (#"-"a b""#, "a b", false),
        (#""say \"hi\"""#, #"say "hi" now"#, true),
        // members
        (#"{ $.kind = "order" }"#, json, true), (#"{ $.kind = order }"#, json, true),
        (#"{ $.kind = "ord*" }"#, json, true),
        (#"{ $.kind = "*x*" }"#, json, false), (#"{ $.kind != "order" }"#, json, false),
        (#"{ $.kind != "x" }"#, json, true),
        ("{ $.size = 7 }", json, true), ("{ $.size > 7 }", json, false), ("{ $.size >= 7 }", json, true),
        ("{ $.size < 7.5 }", json, true), ("{ $.size != 8 }", json, true), ("{$.size=7}", json, true),
        ("{ $.ok IS TRUE }", json, true), ("{ $.ok IS FALSE }", json, false), ("{ $.none IS NULL }", json, true),
        ("{ $.kind IS NULL }", json, false), ("{ $.missing NOT EXISTS }", json, true),
        ("{ $.kind NOT EXISTS }", json, false),
        ("{ $.missing != 1 }", json, false), (#"{ $.list[1].id = "b" }"#, json, true),
        (#"{ $.list[2].id = "b" }"#, json, false),
        (#"{ $.["odd name"] = "x" }"#, json, false), (#"{ $['odd name'] = "x" }"#, json, true),
        (#"{ $.kind = "order" && $.size = 7 }"#, json, true), (#"{ $.kind = "x" || $.size = 7 }"#, json, true),
        (#"{ $.kind = "x" && $.size = 7 || $.ok IS TRUE }"#, json, true),
        (#"{ $.kind = "x" && ($.size = 7 || $.ok IS TRUE) }"#, json, false),
        (#"{ ($.text = "a, b") }"#, json, true), ("{ $.size = 7 }", "plain text", false),
        ("{ $.size = 7 }", "{\"size\":", false),
        // columns
        ("[ip, id, user, time, request, status, size]", line, true), ("[ip, id, user]", line, false),
        ("[ip, ..., status = 404, size]", line, true), ("[ip, ..., status = 4*, size > 2000]", line, false),
        ("[..., size > 1000 && size < 2000]", line, true), ("[ip = 10.* || ip = 127.*, ...]", line, true),
        (#"[a, b, c, d, request = "*html*", ...]"#, line, true), (#"[a, b, user != frank, ...]"#, line, false),
    ])
    func matches(_ pattern: String, _ message: String, _ expected: Bool) throws {
        // A dot before a bracket is not part of the syntax.
        guard pattern != #"{ $.["odd name"] = "x" }"# else {
            #expect(throws: (any Error).self) { try FilterPattern(pattern) }
            return
        }
        #expect(try FilterPattern(pattern).matches(message) == expected)
    }

    @Test(arguments: [
        "\"open", "?", "-", "%(%", "{", "{ }", "{ kind = 1 }", "{ $.a }", "{ $.a = }", "{ $.a > \"x\" }",
        "{ ($.a = 1 }",
        "{ $.a = 1 && }", "{ $.a[x] = 1 }", "{ $.a = %x }", "[a", "[]", "[a, , b]", "[a = 1 b]", "[..., a, ...]",
        "[a < x]",
        "{ \(String(repeating: "(", count: 1000))$.a = 1",
    ])
    func refuses(_ pattern: String) {
        #expect(throws: (any Error).self) { try FilterPattern(pattern) }
    }
}
