import JSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        #"{"b":1,"a":[true,false,null,-0.50,1e3]}"#, #""\"\\\b\f\n\r\t\u0001ü€😀""#, "[]", "{}", "0", #""""#,
    ])
    func passesThroughAsWritten(_ text: String) throws {
        #expect(try JSON.parse(text).text() == text)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "01", "1.", "-", "tru", "\"", "\"\\x\"", "\"\\ud800\"", "[1 2]", "{a:1}", "1 1",
        "\"\u{1}\"", "nul", "[", "\"\\u12", "{\"a\"", "{\"a\":",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSON.ParseError.self) { try JSON.parse(text) }
    }

    @Test func refusesInvalidUTF8() {
        #expect(throws: JSON.ParseError.self) { try JSON.parse([0x22, 0xFF, 0x22]) }
    }

    /// Texts of ASCII alone are not looked at twice: one other byte must be noticed at every place.
    @Test func refusesInvalidUTF8AtEveryPlace() {
        for length in 1..<20 {
            for at in 0..<length {
                var text = [UInt8](repeating: 0x7A, count: length)
                text[at] = 0xFF
                #expect(throws: JSON.ParseError.self) { try JSON.parse([0x22] + text + [0x22]) }
                #expect(throws: JSON.ParseError.self) {
                    try JSON.parse([0x22] + text + [0x22] + [0x20] + Array("[1,2,3,4]".utf8))
                }
            }
        }
    }

    @Test func writtenTextIsCopiedAndCanBeParsed() {
        let tree: JSON = ["Item": .written(Array(#"{"id":{"S":"é"}}"#.utf8))]
        #expect(tree.text() == #"{"Item":{"id":{"S":"é"}}}"#)
        #expect(tree["Item"]?.parsed == ["id": ["S": "é"]])
        #expect(JSON.string("x").parsed == "x")
    }

    @Test func refusesDeepNestingWithoutExhaustingTheStack() {
        #expect(throws: JSON.ParseError.self) { try JSON.parse(String(repeating: "[", count: 100_000)) }
    }

    /// Strings are scanned eight bytes at a time: what ends a run must be found at every place.
    @Test func findsSpecialBytesAnywhere() throws {
        for length in 0..<20 {
            for at in 0...length {
                let head = String(repeating: "é", count: at / 2) + String(repeating: "z", count: at % 2)
                let tail = String(repeating: "~", count: length - at)
                #expect(try JSON.parse("\"\(head)\\n\(tail)\"") == .string("\(head)\n\(tail)"))
                #expect(try JSON.parse("[\"\(head)\",\"\(tail)\"]") == [.string(head), .string(tail)])
                #expect(throws: JSON.ParseError.self) { try JSON.parse("\"\(head)\u{1F}\(tail)\"") }
                #expect(throws: JSON.ParseError.self) { try JSON.parse("\"\(head)\(tail)") }
            }
        }
    }

    @Test func joinsSurrogatePairs() throws {
        #expect(try JSON.parse(#""\ud83d\ude00""#) == "😀")
    }

    @Test func laterMemberWinsAtTheEarlierPlace() throws {
        #expect(try JSON.parse(#"{"a":1,"b":2,"a":3}"#).text() == #"{"a":3,"b":2}"#)
    }

    @Test(arguments: [2, 40]) func keysAreTheirBytes(_ others: Int) {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        var object = JSON.Object((0..<others).map { ("k\($0)", 0) })
        object[composed] = 1
        object[decomposed] = 2
        #expect(object[composed] == 1)
        #expect(object[decomposed] == 2)
    }

    @Test func findsMembersOfLargeObjects() throws {
        let object = JSON.Object((0..<100).map { ("k\($0)", JSON.number($0)) })
        #expect(object["k73"] == 73)
        #expect(object["k100"] == nil)
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func base64(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg=", "Zg==Zg==", "Z===", "Zm9v\n", "Zm9*"])
    func refusesBrokenBase64(_ text: String) { #expect(Base64.decode(text) == nil) }

    struct Message: Codable, Equatable {
        var queueUrl: String
        var delaySeconds: Int?
        var attributes: [String: String]?
        var payload: [UInt8]?
        var anything: JSON?
        var tags: [Tag]?
        struct Tag: Codable, Equatable { var key: String }
    }

    @Test func decodesWithoutRegardToCaseOfMembersButOfKeys() throws {
        let tree: JSON = [
            "QueueUrl": "u", "DelaySeconds": 5, "Attributes": ["Ab": "1", "aB": "2"], "Payload": "Zm9v",
            "Anything": ["x": [1]], "Tags": [["Key": "k"]],
        ]
        let message = try tree.decoded(as: Message.self)
        #expect(message.attributes == ["Ab": "1", "aB": "2"])
        #expect(message.payload == Array("foo".utf8))
        #expect(message.anything == ["x": [1]])
        #expect(message.tags == [.init(key: "k")])
        #expect(try JSON(encoding: message).decoded(as: Message.self) == message)
    }

    @Test(arguments: [
        (#"{}"#, "queueUrl: is absent"), (#"{"QueueUrl":1}"#, "queueUrl: not a string"),
        (#"{"QueueUrl":"u","DelaySeconds":"5"}"#, "delaySeconds: not a number"),
        (#"{"QueueUrl":"u","Tags":{}}"#, "tags: not an array"),
        (#"{"QueueUrl":"u","Tags":[{"Key":"k"},{"Key":null}]}"#, "tags.1.key: is absent"),
        (#"{"QueueUrl":"u","Payload":"?"}"#, "payload: not a blob"),
    ])
    func tellsWhatDoesNotFitAndWhere(_ text: String, _ message: String) throws {
        let tree = try JSON.parse(text)
        let failure = #expect(throws: JSON.DecodingFailure.self) { try tree.decoded(as: Message.self) }
        #expect(failure?.description == message)
    }

    @Test func absentOptionalsLeaveNoMember() throws {
        #expect(try JSON(encoding: Message(queueUrl: "u")).text() == #"{"queueUrl":"u"}"#)
    }

    @Test func emptyArraysStayArrays() throws {
        #expect(try JSON(encoding: ["tags": [Message.Tag]()]).text() == #"{"tags":[]}"#)
        #expect(try JSON(encoding: ["payload": [UInt8]()]) == ["payload": .bytes([])])
    }
}
