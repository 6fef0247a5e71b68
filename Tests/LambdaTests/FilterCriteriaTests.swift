import JSON
import Testing

@testable import Lambda

@Suite struct FilterCriteriaTests {
    @Test(arguments: [
        (#"{"body":{"kind":["a"]}}"#, #"{"body":{"kind":"a"}}"#, true),
        (#"{"body":{"kind":["a"]}}"#, #"{"body":{"kind":"b"}}"#, false),
        (#"{"body":{"kind":["a","b"]}}"#, #"{"body":{"kind":"b"}}"#, true),
        (#"{"body":{"kind":["a"]}}"#, #"{"body":"plain"}"#, false),
        (#"{"body":["plain"]}"#, #"{"body":"plain"}"#, true),
        (#"{"body":{"kind":["a"]}}"#, #"{"body":{"kind":["x","a"]}}"#, true),
        (#"{"a":[1],"b":[2]}"#, #"{"a":1,"b":3}"#, false),
        (#"{"a":[1.0]}"#, #"{"a":1}"#, true),
        (#"{"a":[null]}"#, #"{"a":null}"#, true),
        (#"{"a":[null]}"#, "{}", false),
        (#"{"a":[{"exists":true}]}"#, #"{"a":null}"#, true),
        (#"{"a":[{"exists":true}]}"#, "{}", false),
        (#"{"a":[{"exists":false}]}"#, "{}", true),
        (#"{"a":{"b":[{"exists":false}]}}"#, "{}", true),
        (#"{"a":[{"prefix":"no"}]}"#, #"{"a":"north"}"#, true),
        (#"{"a":[{"suffix":"th"}]}"#, #"{"a":"north"}"#, true),
        (#"{"a":[{"prefix":{"equals-ignore-case":"NO"}}]}"#, #"{"a":"north"}"#, true),
        (#"{"a":[{"equals-ignore-case":"NORTH"}]}"#, #"{"a":"north"}"#, true),
        (#"{"a":[{"anything-but":["x","y"]}]}"#, #"{"a":"z"}"#, true),
        (#"{"a":[{"anything-but":["x","y"]}]}"#, #"{"a":"x"}"#, false),
        (#"{"a":[{"anything-but":"x"}]}"#, #"{"a":"x"}"#, false),
        (#"{"a":[{"anything-but":{"prefix":"x"}}]}"#, #"{"a":"xy"}"#, false),
        (#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, #"{"a":5}"#, true),
        (#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, #"{"a":0}"#, false),
        (#"{"a":[{"numeric":["=",5]}]}"#, #"{"a":"5"}"#, false),
        (#"{"a":[{"wildcard":"a*c*"}]}"#, #"{"a":"abcd"}"#, true),
        (#"{"a":[{"wildcard":"a*c"}]}"#, #"{"a":"abcd"}"#, false),
        (#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":9,"b":2}"#, true),
        (#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":9,"b":9}"#, false),
    ])
    func matches(_ pattern: String, _ event: String, _ expected: Bool) throws {
        let criteria: JSON = ["Filters": [["Pattern": .string(pattern)]]]
        let filter = try FilterCriteria(criteria)
        #expect(filter.matches(try JSON.parse(event)) == expected)
    }

    @Test(arguments: ["", "[]", "{}", #"{"a":1}"#, #"{"a":[]}"#, #"{"a":{}}"#, #"{"$or":{}}"#])
    func refuses(_ pattern: String) {
        #expect(throws: (any Error).self) { try FilterCriteria(["Filters": [["Pattern": .string(pattern)]]]) }
    }

    @Test func withoutPatternsEverythingMatches() throws {
        #expect(try FilterCriteria(nil).matches([:]))
    }
}
