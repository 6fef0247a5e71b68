import AWSWire
import JSON
import Testing

@testable import DynamoDBExpressions

@Suite("Attribute values")
struct AttributeValueTests {
    @Test(
        "leave as they came, numbers in normal form",
        arguments: [
            (#"{"S":"x"}"#, #"{"S":"x"}"#), (#"{"S":""}"#, #"{"S":""}"#), (#"{"N":"01.0"}"#, #"{"N":"1"}"#),
            (#"{"B":"AQI="}"#, #"{"B":"AQI="}"#), (#"{"BOOL":false}"#, #"{"BOOL":false}"#),
            (#"{"NULL":true}"#, #"{"NULL":true}"#), (#"{"SS":["b","a"]}"#, #"{"SS":["b","a"]}"#),
            (#"{"NS":["1e1","2"]}"#, #"{"NS":["10","2"]}"#), (#"{"BS":["AQ==","Ag=="]}"#, #"{"BS":["AQ==","Ag=="]}"#),
            (#"{"L":[]}"#, #"{"L":[]}"#), (#"{"M":{}}"#, #"{"M":{}}"#),
            (#"{"M":{"a":{"L":[{"S":"\u00e9\n"}]}}}"#, #"{"M":{"a":{"L":[{"S":"é\n"}]}}}"#),
        ])
    func roundTrip(sent: String, shown: String) throws {
        let value = try AttributeValue(tree: JSON.parse(sent))
        #expect(value.tree.text() == shown)
        var item = Item()
        item["a"] = value
        let stored = StoredItem(item)
        #expect(String(decoding: stored.data, as: UTF8.self) == #"{"a":\#(shown)}"#)
        #expect(stored.item == item)
    }

    @Test(
        "are refused with AWS's words",
        arguments: [
            ("{}", "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
            (
                #"{"S":"a","N":"1"}"#,
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
            ),
            (
                #"{"NULL":false}"#,
                "One or more parameter values were invalid: Null attribute value types must have the value of true"
            ),
            (#"{"SS":[]}"#, "One or more parameter values were invalid: An string set  may not be empty"),
            (#"{"NS":[]}"#, "One or more parameter values were invalid: An number set  may not be empty"),
            (#"{"BS":[]}"#, "One or more parameter values were invalid: Binary sets should not be empty"),
            (
                #"{"SS":["a",""]}"#,
                "One or more parameter values were invalid: An string set may not have a empty string as a member"
            ),
            (
                #"{"BS":["AQ==",""]}"#,
                "One or more parameter values were invalid: Binary sets may not contain null or empty values"
            ),
            (
                #"{"SS":["a","a"]}"#,
                "One or more parameter values were invalid: Input collection [a, a] contains duplicates."
            ),
            (#"{"NS":["1","1.0"]}"#, "Input collection contains duplicates"),
            (
                #"{"BS":["AQ==","AQ=="]}"#,
                "One or more parameter values were invalid: Input collection [AQ==, AQ==]of type BS contains duplicates."
            ),
            (#"{"N":"x"}"#, "The parameter cannot be converted to a numeric value: x"),
            (#"{"L":[{"M":{"a":{"N":""}}}]}"#, "The parameter cannot be converted to a numeric value"),
        ])
    func refused(text: String, message: String) {
        #expect(throws: AWSError("ValidationException", message)) {
            _ = try AttributeValue(tree: JSON.parse(text))
        }
    }

    @Test("nest 32 levels deep and no deeper", arguments: [(32, true), (33, false)])
    func nesting(levels: Int, isAllowed: Bool) throws {
        let text = String(repeating: #"{"L":["#, count: levels) + #"{"S":"x"}"# + String(repeating: "]}", count: levels)
        let tree = try JSON.parse(text)
        let isRead = (try? AttributeValue(tree: tree)) != nil
        #expect(isRead == isAllowed)
    }

    @Test(
        "cost what AWS charges",
        arguments: [
            (#"{"S":"é"}"#, 2), (#"{"N":"12"}"#, 2), (#"{"B":"AQI="}"#, 2), (#"{"BOOL":true}"#, 1),
            (#"{"NULL":true}"#, 1), (#"{"SS":["a","bc"]}"#, 3), (#"{"NS":["1","20"]}"#, 4), (#"{"L":[]}"#, 3),
            (#"{"L":[{"S":"ab"}]}"#, 6), (#"{"M":{"k":{"S":"ab"}}}"#, 7),
        ])
    func size(text: String, bytes: Int) throws {
        #expect(try AttributeValue(tree: JSON.parse(text)).byteCount == bytes)
    }

    @Test(
        "are equal by content",
        arguments: [
            (#"{"SS":["a","b"]}"#, #"{"SS":["b","a"]}"#, true), (#"{"NS":["1","2"]}"#, #"{"NS":["2.0","1"]}"#, true),
            (#"{"L":[{"S":"a"},{"S":"b"}]}"#, #"{"L":[{"S":"b"},{"S":"a"}]}"#, false),
            (#"{"M":{"a":{"S":"x"},"b":{"S":"y"}}}"#, #"{"M":{"b":{"S":"y"},"a":{"S":"x"}}}"#, true),
            (#"{"S":"1"}"#, #"{"N":"1"}"#, false), (#"{"S":"e\u0301"}"#, #"{"S":"\u00e9"}"#, false),
        ])
    func equality(left: String, right: String, isEqual: Bool) throws {
        let (left, right) = (
            try AttributeValue(tree: JSON.parse(left)), try AttributeValue(tree: JSON.parse(right))
        )
        #expect((left == right) == isEqual)
    }
}
