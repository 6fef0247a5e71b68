import JSON
import JSONata

/// The functions themselves.
/// Source: Step Functions developer guide, "Intrinsic functions"; where AWS does something else, what it does: all
/// numbers but those of `States.MathAdd` are cut, and much of Base64 that is malformed is read.
extension IntrinsicFunction {
    /// Of `States.Base64Encode`, `States.Base64Decode` and `States.Hash`, in characters.
    static let longestText = 10_000
    /// Of `States.ArrayRange`, in elements.
    static let longestRange = 1_000

    func apply(_ values: [JSON], _ environment: Environment) throws(IntrinsicFailure) -> JSON {
        let arguments = Arguments(values: values)
        switch self {
        case .array: return .array(values)
        case .arrayPartition: return try Self.partition(arguments)
        case .arrayContains:
            let wanted = try arguments.value(1)
            return .bool(try arguments.array(0).contains { $0.isSame(as: wanted) })
        case .arrayRange: return try Self.range(arguments)
        case .arrayGetItem: return try Self.item(arguments)
        case .arrayLength: return .number(try arguments.array(0).count)
        case .arrayUnique:
            var seen: Set<JSON> = []
            let unique = try arguments.array(0).filter { seen.insert($0).inserted }
            return .array(JavaHash.ordered(unique) { JavaHash.hash($0) })
        case .base64Encode: return .string(Base64.encode(Array(try arguments.shortText(0).utf8)))
        case .base64Decode: return .string(String(decoding: Self.decoded(try arguments.shortText(0)), as: UTF8.self))
        case .hash: return try Self.hash(arguments)
        case .jsonMerge: return try Self.merge(arguments)
        case .stringToJson:
            guard let value = try? JSON.parse(try arguments.text(0)) else { throw IntrinsicFailure() }
            return value
        case .jsonToString: return .string(try arguments.value(0).text())
        case .mathRandom: return try Self.random(arguments, environment)
        case .mathAdd:
            let sum = try Self.inRange(try arguments.rounded(0)) + Self.inRange(try arguments.rounded(1))
            return .number(try Self.inRange(sum))
        case .stringSplit: return try Self.split(arguments)
        case .uuid: return .string(environment.uuid())
        case .format: return .string(try Self.format(arguments))
        }
    }

    // MARK: Arrays

    private static func partition(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        let elements = try arguments.array(0)
        let size = try arguments.whole(1)
        guard size > 0 else { throw IntrinsicFailure() }
        return .array(
            stride(from: 0, to: elements.count, by: size).map { start in
                .array(Array(elements[start..<min(start + min(size, elements.count), elements.count)]))
            })
    }

    private static func range(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        let (first, last, step) = (try arguments.whole(0), try arguments.whole(1), try arguments.whole(2))
        guard step != 0, (last - first) / step < longestRange else { throw IntrinsicFailure() }
        return .array(stride(from: first, through: last, by: step).map { .number($0) })
    }

    /// Nothing is found in an empty array, but that is no failure.
    private static func item(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        let elements = try arguments.array(0)
        let index = try arguments.whole(1)
        if elements.isEmpty, index >= 0 { return .null }
        guard elements.indices.contains(index) else { throw IntrinsicFailure() }
        return elements[index]
    }

    // MARK: JSON

    private static func merge(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        guard var merged = try arguments.value(0).object, let other = try arguments.value(1).object,
            try arguments.value(2) == .bool(false)
        else { throw IntrinsicFailure() }
        for (name, value) in other { merged[name] = value }
        return .object(merged)
    }

    // MARK: Numbers

    /// The numbers of `States.MathAdd` and its result.
    private static func inRange(_ value: Int) throws(IntrinsicFailure) -> Int {
        guard (-2_147_483_648...2_147_483_647).contains(value) else { throw IntrinsicFailure() }
        return value
    }

    /// `start` included, `end` excluded. Assumed: a seed gives the numbers of Java's generator.
    private static func random(_ arguments: Arguments, _ environment: Environment) throws(IntrinsicFailure) -> JSON {
        let (start, end) = (try arguments.whole(0), try arguments.whole(1))
        guard start < end else { throw IntrinsicFailure() }
        let span = end - start
        guard arguments.values.count == 3 else {
            return .number(start + min(Int(environment.random() * Double(span)), span - 1))
        }
        var state = (UInt64(bitPattern: Int64(try arguments.whole(2))) ^ 0x5_DEEC_E66D) & 0xFFFF_FFFF_FFFF
        state = (state &* 0x5_DEEC_E66D &+ 0xB) & 0xFFFF_FFFF_FFFF
        return .number(start + Int(state >> 17) % span)
    }

    // MARK: Texts

    /// What lies outside of the alphabet is passed over, a missing end is made up.
    private static func decoded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 {
            let value: UInt32
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(byte - UInt8(ascii: "A"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(byte - UInt8(ascii: "a")) + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(byte - UInt8(ascii: "0")) + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            case UInt8(ascii: "="): return bytes
            default: continue
            }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    /// The second text is a set of delimiters; empty pieces are left out.
    private static func split(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        let delimiters = Set(try arguments.text(1).unicodeScalars)
        let pieces = try arguments.text(0).unicodeScalars.split { delimiters.contains($0) }
        return .array(pieces.map { .string(String(String.UnicodeScalarView($0))) })
    }

    private static func format(_ arguments: Arguments) throws(IntrinsicFailure) -> String {
        var values = arguments.values.dropFirst().makeIterator()
        var result = ""
        var scalars = try arguments.text(0).unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "\\": if let escaped = scalars.next() { result.unicodeScalars.append(escaped) }
            case "{":
                guard scalars.next() == "}" else {
                    throw IntrinsicFailure(detail: "matching '}' not found for '{'.")
                }
                guard let value = values.next() else { throw miscounted }
                result += value.javaText
            default: result.unicodeScalars.append(scalar)
            }
        }
        guard values.next() == nil else { throw miscounted }
        return result
    }

    private static let miscounted = IntrinsicFailure(
        detail: "number of arguments do not match the occurrences of {}.")
}

/// The values of one call, read as the kinds that functions want.
struct Arguments {
    let values: [JSON]

    func value(_ index: Int) throws(IntrinsicFailure) -> JSON {
        guard values.indices.contains(index) else { throw IntrinsicFailure() }
        return values[index]
    }

    func array(_ index: Int) throws(IntrinsicFailure) -> [JSON] {
        guard let array = try value(index).array else { throw IntrinsicFailure() }
        return array
    }

    func text(_ index: Int) throws(IntrinsicFailure) -> String {
        guard let text = try value(index).string else { throw IntrinsicFailure() }
        return text
    }

    func shortText(_ index: Int) throws(IntrinsicFailure) -> String {
        let text = try text(index)
        guard text.unicodeScalars.count <= IntrinsicFunction.longestText else { throw IntrinsicFailure() }
        return text
    }

    /// Rounded to the nearest whole, halves upwards.
    func rounded(_ index: Int) throws(IntrinsicFailure) -> Int {
        Int((try number(index) + 0.5).rounded(.down))
    }

    /// Without its fraction.
    func whole(_ index: Int) throws(IntrinsicFailure) -> Int {
        Int(try number(index).rounded(.towardZero))
    }

    private func number(_ index: Int) throws(IntrinsicFailure) -> Double {
        guard let number = try value(index).double, number.magnitude < 1e15 else { throw IntrinsicFailure() }
        return number
    }
}

extension JSON {
    /// Equal, numbers by their value: 1 and 1.0 are the same.
    func isSame(as other: JSON) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): left == right || left.double == right.double
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count && left.allSatisfy { right[$0.key]?.isSame(as: $0.value) ?? false }
        default: self == other
        }
    }
}

extension JSON {
    /// As Java prints the value: texts bare, objects as `{a=1, b=[]}`.
    var javaText: String {
        switch self {
        case .string(let text): text
        case .array(let elements): "[\(elements.map(\.javaText).joined(separator: ", "))]"
        case .object(let object): "{\(object.map { "\($0.key)=\($0.value.javaText)" }.joined(separator: ", "))}"
        default: text()
        }
    }
}
