#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension Library {
    static let numbers: [Native] = [
        Native("number", "<(nsb)-:n>", 1) { call throws(Failure) in
            switch call[0] {
            case .number: return call[0]
            case .bool(let value): return .number(value ? 1 : 0)
            case .string(let text):
                guard let number = NumberText.read(text) else {
                    throw Failure("D3030", value: call[0], ["index": .number(1)])
                }
                return .number(number)
            default: return .undefined
            }
        },
        Native("abs", "<n-:n>", 1) { call throws(Failure) in one(call) { $0.magnitude } },
        Native("floor", "<n-:n>", 1) { call throws(Failure) in one(call) { $0.rounded(.down) } },
        Native("ceil", "<n-:n>", 1) { call throws(Failure) in one(call) { $0.rounded(.up) } },
        Native("round", "<n-n?:n>", 2) { call throws(Failure) in one(call) { NumberText.round($0, call.number(1) ?? 0) }
        },
        Native("sqrt", "<n-:n>", 1) { call throws(Failure) in
            if let number = call.number(0), number < 0 { throw Failure("D3060", value: call[0], ["index": .number(1)]) }
            return one(call) { $0.squareRoot() }
        },
        Native("power", "<n-n:n>", 2) { call throws(Failure) in
            guard let base = call.number(0) else { return .undefined }
            let result = pow(base, call.number(1) ?? .nan)
            guard result.isFinite else {
                throw Failure("D3061", value: call[0], ["index": .number(1), "exp": call[1]])
            }
            return .number(result)
        },
        Native("random", "<:n>", 0) { call throws(Failure) in .number(call.machine.environment.random()) },
        Native("formatNumber", "<n-so?:s>", 3) { call throws(Failure) in
            guard let number = call.number(0) else { return .undefined }
            var options: [String: String] = [:]
            if case .object(let record) = call[2] {
                for member in record.members { options[member.key] = member.value.string }
            }
            return .string(try NumberPicture.format(number, call.string(1) ?? "", options))
        },
        Native("formatBase", "<n-n?:s>", 2) { call throws(Failure) in
            guard let number = call.number(0) else { return .undefined }
            let radix = call.number(1).map { NumberText.round($0, 0) } ?? 10
            guard radix >= 2, radix <= 36 else { throw Failure("D3100", value: .number(radix)) }
            return .string(NumberText.format(NumberText.round(number, 0), radix: Int(radix)))
        },
        Native("formatInteger", "<n-s:s>", 2) { call throws(Failure) in
            guard let number = call.number(0) else { return .undefined }
            return .string(try IntegerPicture(call.string(1) ?? "").format(number.rounded(.down)))
        },
        Native("parseInteger", "<s-s:n>", 2) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            return try IntegerPicture(call.string(1) ?? "").parse(text).map { .number($0) } ?? .undefined
        },
    ]

    private static func one(_ call: Call, _ operation: (Double) -> Double) -> Value {
        call.number(0).map { .number(operation($0)) } ?? .undefined
    }
}

extension NumberText {
    /// A whole text as a number: decimal, or `0x1F`, `0o17`, `0b11`.
    static func read(_ text: String) -> Double? {
        var bytes = Array(text.utf8)[...]
        if bytes.count > 2, bytes.first == UInt8(ascii: "0") {
            let radix: Int? =
                switch bytes[1] | 0x20 {
                case UInt8(ascii: "x"): 16
                case UInt8(ascii: "o"): 8
                case UInt8(ascii: "b"): 2
                default: nil
                }
            if let radix { return whole(bytes.dropFirst(2), radix) }
        }
        if bytes.first == UInt8(ascii: "-") { bytes.removeFirst() }
        guard digits(&bytes) else { return nil }
        if bytes.first == UInt8(ascii: ".") {
            bytes.removeFirst()
            guard digits(&bytes) else { return nil }
        }
        if let mark = bytes.first, mark | 0x20 == UInt8(ascii: "e") {
            bytes.removeFirst()
            if bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
            guard digits(&bytes) else { return nil }
        }
        guard bytes.isEmpty, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    private static func digits(_ bytes: inout ArraySlice<UInt8>) -> Bool {
        let rest = bytes.drop { (0x30...0x39).contains($0) }
        defer { bytes = rest }
        return rest.count < bytes.count
    }

    private static func whole(_ bytes: ArraySlice<UInt8>, _ radix: Int) -> Double? {
        var value = 0.0
        for byte in bytes {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else { return nil }
            value = value * Double(radix) + Double(digit)
        }
        return value
    }

    /// To a number of digits behind the point; halves go to the even neighbour. The point is moved in the text, since
    /// multiplying would bring errors in.
    static func round(_ number: Double, _ precision: Double) -> Double {
        let precision = Int(max(min(precision, 400), -400))
        let shifted = shift(number, precision)
        guard shifted.isFinite else { return number }
        let result = shift(shifted.rounded(.toNearestOrEven), -precision)
        return result == 0 ? 0 : result
    }

    private static func shift(_ number: Double, _ places: Int) -> Double {
        guard places != 0 else { return number }
        let text = format(number)
        guard let mark = text.firstIndex(of: "e") else { return Double("\(text)e\(places)") ?? number }
        let exponent = Int(text[text.index(after: mark)...]) ?? 0
        return Double("\(text[..<mark])e\(exponent + places)") ?? number
    }

    static func format(_ number: Double, radix: Int) -> String {
        if let whole = Int64(exactly: number) { return String(whole, radix: radix) }
        guard number.isFinite else { return format(number) }
        var digits: [UInt8] = []
        var rest = number.magnitude
        while rest >= 1 {
            let digit = Int(fmod(rest, Double(radix)))
            digits.append(Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)[digit])
            rest = ((rest - Double(digit)) / Double(radix)).rounded(.down)
        }
        return (number < 0 ? "-" : "") + String(decoding: digits.reversed(), as: UTF8.self)
    }
}
