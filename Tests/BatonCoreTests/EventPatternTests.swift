import BatonCore
import JSON
import Testing

@Suite("Event patterns")
struct EventPatternTests {
    /// A pattern, an event, whether it is wanted.
    static let cases: [(String, String, Bool)] = [
        (#"{"source":["a"]}"#, #"{"source":"a"}"#, true),
        (#"{"source":["a"]}"#, #"{"source":"ab"}"#, false),
        (#"{"detail":{"a":[1]}}"#, #"{"detail":{"a":1.0}}"#, true),
        (#"{"detail":{"a":[null]}}"#, #"{"detail":{"a":null}}"#, true),
        (#"{"detail":{"a":[""]}}"#, #"{"detail":{"a":""}}"#, true),
        (#"{"detail":{"a":[true]}}"#, #"{"detail":{"a":"true"}}"#, false),
        (#"{"resources":["x"]}"#, #"{"resources":["y","x"]}"#, true),
        (#"{"a":[{"prefix":{"equals-ignore-case":"eveNt"}}]}"#, #"{"a":"EVENTbridge"}"#, true),
        (#"{"a":[{"suffix":{"equals-ignore-case":".PNG"}}]}"#, #"{"a":"x.png"}"#, true),
        (#"{"a":[{"anything-but":{"prefix":["x","y"]}}]}"#, #"{"a":"ya"}"#, false),
        (#"{"a":[{"anything-but":{"equals-ignore-case":["X"]}}]}"#, #"{"a":"x"}"#, false),
        (#"{"a":[{"anything-but":{"suffix":["g"]}}]}"#, #"{"a":"a"}"#, true),
        (#"{"a":[{"anything-but":{"wildcard":"*/lib/*"}}]}"#, #"{"a":"/src/lib/x"}"#, false),
        (#"{"a":[{"numeric":["<=",0.5,"=",1]}]}"#, #"{"a":0.5}"#, false),
        (#"{"a":[{"numeric":[">=",0,"<",5]}]}"#, #"{"a":4.999999}"#, true),
        (#"{"a":[{"exists":false}]}"#, #"{"b":1}"#, true),
        (#"{"a":[{"cidr":"10.0.0.0/8"}]}"#, #"{"a":"10.255.0.1"}"#, true),
        (#"{"$or":[{"a":["x"]},{"b":[{"numeric":[">",3]}]}],"c":["z"]}"#, #"{"b":4,"c":"z"}"#, true),
        (#"{"$or":[{"a":["x"]},{"b":[{"numeric":[">",3]}]}],"c":["z"]}"#, #"{"b":4,"c":"y"}"#, false),
    ]

    @Test("want events", arguments: cases)
    func matches(pattern: String, event: String, isWanted: Bool) throws {
        // What cannot be parsed wants nothing.
        #expect(((try? EventPattern(pattern))?.matches(try JSON.parse(event)) ?? false) == isWanted)
    }
}
