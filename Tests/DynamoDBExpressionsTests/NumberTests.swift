import AWSWire
import BatonStore
import Foundation
import Testing

@testable import DynamoDBExpressions

@Suite("Numbers")
struct NumberTests {
    @Test(
        "are kept in plain decimal notation without superfluous zeros",
        arguments: [
            ("0", "0"), ("-0", "0"), ("0.0", "0"), ("0e99", "0"), ("1", "1"), ("+1", "1"), ("-1", "-1"), ("007", "7"),
            ("1.0", "1"), ("1.50", "1.5"), (".5", "0.5"), ("5.", "5"), ("0042.1200", "42.12"), ("1e3", "1000"),
            ("1E3", "1000"), ("1e+3", "1000"), ("1e-3", "0.001"), ("12.5e1", "125"), ("-12.5e-1", "-1.25"),
            ("100", "100"), ("1200e-2", "12"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
            ("1E125", "1" + String(repeating: "0", count: 125)),
            ("1E-130", "0." + String(repeating: "0", count: 129) + "1"),
        ])
    func normalForm(text: String, normal: String) throws {
        #expect(try Number(text).text == normal)
        #expect(try Number(normal).text == normal)
    }

    @Test(
        "that are none are refused",
        arguments: [
            ("", "The parameter cannot be converted to a numeric value"),
            ("a", "The parameter cannot be converted to a numeric value: a"),
            ("1a", "The parameter cannot be converted to a numeric value: 1a"),
            ("--1", "The parameter cannot be converted to a numeric value: --1"),
            ("1.2.3", "The parameter cannot be converted to a numeric value: 1.2.3"),
            ("1e", "The parameter cannot be converted to a numeric value: 1e"),
            ("1e+", "The parameter cannot be converted to a numeric value: 1e+"),
            (".", "The parameter cannot be converted to a numeric value: ."),
            ("NaN", "The parameter cannot be converted to a numeric value: NaN"),
            ("Infinity", "The parameter cannot be converted to a numeric value: Infinity"),
            (" 1", "The parameter cannot be converted to a numeric value:  1"),
            ("0x10", "The parameter cannot be converted to a numeric value: 0x10"),
            ("1E126", "Number overflow. Attempting to store a number with magnitude larger than supported range"),
            ("-1E126", "Number overflow. Attempting to store a number with magnitude larger than supported range"),
            (
                "1E99999999999",
                "Number overflow. Attempting to store a number with magnitude larger than supported range"
            ),
            ("1E-131", "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
            (
                "123456789012345678901234567890123456789",
                "Attempting to store more than 38 significant digits in a Number"
            ),
        ])
    func refused(text: String, message: String) {
        #expect(throws: AWSError("ValidationException", message)) { _ = try Number(text) }
    }

    @Test(
        "add and subtract exactly",
        arguments: [
            ("1", "2", "3", "-1"), ("0.1", "0.2", "0.3", "-0.1"), ("10", "-10", "0", "20"),
            ("-5", "3", "-2", "-8"), ("999", "1", "1000", "998"), ("1000", "0.001", "1000.001", "999.999"),
            (
                "99999999999999999999999999999999999999", "0", "99999999999999999999999999999999999999",
                "99999999999999999999999999999999999999"
            ),
            ("12345678901234567890", "98765432109876543210", "111111111011111111100", "-86419753208641975320"),
            ("1E-130", "1E-130", "2E-130", "0"), ("0", "-7", "-7", "7"),
        ])
    func arithmetic(left: String, right: String, sum: String, difference: String) throws {
        #expect(try Number(left) + Number(right) == Number(sum))
        #expect(try Number(left) - Number(right) == Number(difference))
    }

    @Test("arithmetic that leaves the range is refused")
    func overflow() throws {
        let largest = try Number("9.9999999999999999999999999999999999999E125")
        #expect(throws: AWSError.self) { _ = try largest + largest }
        #expect(throws: AWSError.self) { _ = try Number("1E125") + Number("1") }
    }

    @Test("have sortable bytes in the order of the numbers")
    func order() throws {
        let texts = [
            "-9.9E125", "-1E125", "-1000.5", "-1000", "-999", "-10", "-9.91", "-9.9", "-9", "-1.01", "-1", "-0.5",
            "-0.01", "-1E-130", "0", "1E-130", "0.01", "0.011", "0.1", "0.5", "0.99", "1", "1.01", "1.1", "2", "9",
            "9.9",
            "9.91", "10", "11", "99", "100", "101", "999", "1000", "1E125", "9.9E125",
        ]
        let numbers = try texts.map { try Number($0) }
        for (index, left) in numbers.enumerated() {
            for (position, right) in numbers.enumerated() {
                #expect((left < right) == (index < position))
                #expect(
                    left.sortableBytes.lexicographicallyPrecedes(right.sortableBytes) == (index < position),
                    "\(left.text) and \(right.text)")
            }
        }
    }

    @Test("random numbers agree with their bytes, and arithmetic with integers")
    func random() throws {
        let random = RandomSource(seed: 7)
        for _ in 0..<2000 {
            let left = random.int(in: -1_000_000..<1_000_000)
            let right = random.int(in: -1_000_000..<1_000_000)
            let shift = random.int(in: -120..<100)
            let (first, second) = (try Number("\(left)e\(shift)"), try Number("\(right)e\(shift)"))
            #expect((first < second) == (left < right))
            #expect(first.sortableBytes.lexicographicallyPrecedes(second.sortableBytes) == (left < right))
            #expect(try first + second == Number("\(left + right)e\(shift)"))
            #expect(try first - second == Number("\(left - right)e\(shift)"))
        }
    }

    @Test(
        "cost what AWS charges",
        arguments: [
            ("0", 1), ("1", 2), ("-1", 3), ("10", 2), ("12", 2), ("123", 3), ("123456", 4), ("3.14159", 5),
            ("0.001", 2), ("100.01", 4), ("1E125", 2), ("-12.5", 4),
        ])
    func size(text: String, bytes: Int) throws { #expect(try Number(text).byteCount == bytes) }
}
