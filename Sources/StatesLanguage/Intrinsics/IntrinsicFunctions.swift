import JSON
import JSONata

/// The functions themselves. Their limits are those of the developer guide; the wording of refusals is Assumed.
/// Source: Step Functions developer guide, "Intrinsic functions".
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
        case .arrayContains: return .bool(try arguments.array(0).contains(try arguments.value(1)))
        case .arrayRange: return try Self.range(arguments)
        case .arrayGetItem: return try Self.item(arguments)
        case .arrayLength: return .number(try arguments.array(0).count)
        case .arrayUnique:
            var seen: Set<JSON> = []
            return .array(try arguments.array(0).filter { seen.insert($0).inserted })
        case .base64Encode: return .string(Base64.encode(Array(try arguments.shortText(0).utf8)))
        case .base64Decode:
            guard let bytes = Base64.decode(try arguments.shortText(0)) else {
                throw IntrinsicFailure(reason: "The argument is not a valid Base64 string")
            }
            return .string(String(decoding: bytes, as: UTF8.self))
        case .hash: return try Self.hash(arguments)
        case .jsonMerge: return try Self.merge(arguments)
        case .stringToJson: return try Self.parsed(arguments)
        case .jsonToString: return .string(try arguments.value(0).text())
        case .mathRandom: return try Self.random(arguments, environment)
        case .mathAdd: return .number(try Self.inRange(try arguments.rounded(0) + (try arguments.rounded(1))))
        case .stringSplit: return try Self.split(arguments)
        case .uuid: return .string(environment.uuid())
        case .format: return .string(try Self.format(arguments))
        }
    }

    // MARK: Arrays

    private static func partition(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        let elements = try arguments.array(0)
        let size = try arguments.rounded(1)
        guard size > 0 else { throw IntrinsicFailure(reason: "The chunk size must be a positive integer") }
        return .array(
            stride(from: 0, to: elements.count, by: size).map { start in
                .array(Array(elements[start..<min(start.addingReportingOverflow(size).partialValue, elements.count)]))
            })
    }

    private static func range(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        let (first, last, step) = (try arguments.rounded(0), try arguments.rounded(1), try arguments.rounded(2))
        guard step != 0 else { throw IntrinsicFailure(reason: "The increment of an array range must not be 0") }
        guard (last - first) / step < longestRange else {
            throw IntrinsicFailure(reason: "An array range must not contain more than \(longestRange) elements")
        }
        return .array(stride(from: first, through: last, by: step).map { .number($0) })
    }

    private static func item(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        let elements = try arguments.array(0)
        guard let index = try arguments.value(1).int, elements.indices.contains(index) else {
            throw IntrinsicFailure(reason: "The index \(try arguments.value(1).text()) is out of the bounds of the array")
        }
        return elements[index]
    }

    // MARK: JSON

    private static func merge(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        guard var merged = try arguments.value(0).object, let other = try arguments.value(1).object else {
            throw IntrinsicFailure(reason: "Only JSON objects can be merged")
        }
        guard try arguments.value(2) == .bool(false) else {
            throw IntrinsicFailure(reason: "Deep merging is not supported: the third argument must be false")
        }
        for (name, value) in other { merged[name] = value }
        return .object(merged)
    }

    private static func parsed(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        do {
            return try JSON.parse(try arguments.text(0))
        } catch let error as JSON.ParseError {
            throw IntrinsicFailure(reason: "The argument is not valid JSON: \(error)")
        } catch {
            throw IntrinsicFailure(reason: "Expected a string")
        }
    }

    // MARK: Numbers

    /// The numbers of `States.MathAdd` and its result.
    static func inRange(_ value: Int) throws(IntrinsicFailure) -> Int {
        guard (-2_147_483_648...2_147_483_647).contains(value) else {
            throw IntrinsicFailure(reason: "Numbers must be between -2147483648 and 2147483647")
        }
        return value
    }

    /// `start` included, `end` excluded. Assumed: a seed gives the numbers of Java's generator.
    private static func random(_ arguments: Arguments, _ environment: Environment) throws(IntrinsicFailure) -> JSON {
        let (start, end) = (try arguments.rounded(0), try arguments.rounded(1))
        guard start < end else { throw IntrinsicFailure(reason: "The start number must be less than the end number") }
        let span = end - start
        guard arguments.values.count == 3 else {
            return .number(start + min(Int(environment.random() * Double(span)), span - 1))
        }
        var state = (UInt64(bitPattern: Int64(try arguments.rounded(2))) ^ 0x5_DEEC_E66D) & 0xFFFF_FFFF_FFFF
        state = (state &* 0x5_DEEC_E66D &+ 0xB) & 0xFFFF_FFFF_FFFF
        return .number(start + Int(state >> 17) % span)
    }

    // MARK: Texts

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
                var rest = scalars
                guard rest.next() == "}" else {
                    result.unicodeScalars.append(scalar)
                    continue
                }
                scalars = rest
                guard let value = values.next() else { throw miscounted }
                result += value.javaText
            default: result.unicodeScalars.append(scalar)
            }
        }
        guard values.next() == nil else { throw miscounted }
        return result
    }

    private static let miscounted = IntrinsicFailure(
        reason: "The number of arguments does not match the number of occurrences of {} in the template")
}

/// The values of one call, read as the kinds that functions want.
struct Arguments {
    let values: [JSON]

    func value(_ index: Int) throws(IntrinsicFailure) -> JSON {
        guard values.indices.contains(index) else { throw IntrinsicFailure(reason: "Too few arguments") }
        return values[index]
    }

    func array(_ index: Int) throws(IntrinsicFailure) -> [JSON] {
        guard let array = try value(index).array else { throw wrong(index, "an array") }
        return array
    }

    func text(_ index: Int) throws(IntrinsicFailure) -> String {
        guard let text = try value(index).string else { throw wrong(index, "a string") }
        return text
    }

    func shortText(_ index: Int) throws(IntrinsicFailure) -> String {
        let text = try text(index)
        guard text.unicodeScalars.count <= IntrinsicFunction.longestText else {
            throw IntrinsicFailure(
                reason: "The argument must not be longer than \(IntrinsicFunction.longestText) characters")
        }
        return text
    }

    /// Numbers are rounded to the nearest whole, halves upwards.
    func rounded(_ index: Int) throws(IntrinsicFailure) -> Int {
        guard let number = try value(index).double else { throw wrong(index, "a number") }
        guard number.magnitude < 1e15 else { throw IntrinsicFailure(reason: "The number is out of range") }
        return Int((number + 0.5).rounded(.down))
    }

    private func wrong(_ index: Int, _ expected: String) -> IntrinsicFailure {
        IntrinsicFailure(reason: "Argument \(index + 1) must be \(expected)")
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
