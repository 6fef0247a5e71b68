import JSON

/// Reads `States.Name(argument, …)`: arguments are texts in single quotes, numbers, `true`, `false`, `null`, paths and
/// further calls, at most ten calls deep.
struct IntrinsicParser {
    private var text: PathParser
    private static let deepest = 10

    /// - Throws: `PathSyntaxError` for a text that is no call of an intrinsic function.
    static func parse(_ source: String) throws(PathSyntaxError) -> IntrinsicCall {
        var parser = IntrinsicParser(text: PathParser(source))
        parser.text.skipSpace()
        let call = try parser.call(depth: 1)
        parser.text.skipSpace()
        guard parser.text.next == nil else { throw parser.text.error("unexpected text after the call") }
        return call
    }

    private mutating func call(depth: Int) throws(PathSyntaxError) -> IntrinsicCall {
        guard depth <= Self.deepest else { throw text.error("calls are nested too deeply") }
        let start = text.at
        while let byte = text.next, PathParser.continuesName(byte) || byte == UInt8(ascii: ".") { text.at += 1 }
        guard let function = IntrinsicFunction(rawValue: text.text(start, text.at)) else {
            throw text.error("unknown function \(text.text(start, text.at))")
        }
        text.skipSpace()
        guard text.take(UInt8(ascii: "(")) else { throw text.error("expected (") }
        var arguments: [IntrinsicCall.Argument] = []
        text.skipSpace()
        if !text.take(UInt8(ascii: ")")) {
            repeat {
                text.skipSpace()
                arguments.append(try argument(depth: depth, isTemplate: function == .format && arguments.isEmpty))
                text.skipSpace()
            } while text.take(UInt8(ascii: ","))
            guard text.take(UInt8(ascii: ")")) else { throw text.error("expected ) or ,") }
        }
        guard function.arity.contains(arguments.count) else {
            throw text.error("\(function.rawValue) does not take \(arguments.count) arguments")
        }
        let source = depth == 1 ? text.source : text.text(start, text.at)
        return IntrinsicCall(function: function, arguments: arguments, source: source)
    }

    private mutating func argument(
        depth: Int, isTemplate: Bool
    ) throws(PathSyntaxError) -> IntrinsicCall.Argument {
        switch text.next {
        case UInt8(ascii: "$"): return .path(try text.prefix())
        case UInt8(ascii: "'"): return .literal(.string(try literal(isTemplate: isTemplate)))
        case UInt8(ascii: "S"): return .call(try call(depth: depth + 1))
        default:
            let start = text.at
            while let byte = text.next,
                PathParser.continuesName(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
                    || byte == UInt8(ascii: ".")
            {
                text.at += 1
            }
            guard text.at > start, let value = try? JSON.parse(Array(text.bytes[start..<text.at])) else {
                throw text.error("expected an argument")
            }
            return .literal(value)
        }
    }

    /// A text in single quotes, with the escapes `\'`, `\{`, `\}` and `\\`. A template of `States.Format` keeps those
    /// of its braces, which it reads itself.
    private mutating func literal(isTemplate: Bool) throws(PathSyntaxError) -> String {
        text.at += 1
        var content: [UInt8] = []
        while let byte = text.next {
            text.at += 1
            switch byte {
            case UInt8(ascii: "'"): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = text.next else { throw text.error("a quote is not closed") }
                text.at += 1
                switch escaped {
                case UInt8(ascii: "'"): break
                case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"): if isTemplate { content.append(byte) }
                default: content.append(byte)
                }
                content.append(escaped)
            default: content.append(byte)
            }
        }
        throw text.error("a quote is not closed")
    }
}
