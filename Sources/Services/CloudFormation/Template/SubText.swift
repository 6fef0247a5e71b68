import AWSWire

/// The text of `Fn::Sub`: literal parts and `${variables}`; `${!literal}` stands for `${literal}`.
struct SubText: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case literal(String)
        /// A parameter, a resource, `Resource.Attribute`, or a key of the function's own map.
        case variable(String)
    }

    let parts: [Part]

    init(_ text: String) throws(AWSError) {
        var parts: [Part] = []
        var literal = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "${") {
            literal += rest[..<open.lowerBound]
            rest = rest[open.upperBound...]
            guard let close = rest.firstIndex(of: "}") else {
                literal += "${"
                break
            }
            let name = rest[..<close]
            rest = rest[rest.index(after: close)...]
            if name.hasPrefix("!") {
                literal += "${\(name.dropFirst())}"
                continue
            }
            let variable = name.trimming { $0 == " " }
            guard !variable.isEmpty, variable.utf8.allSatisfy(Self.isNamed) else {
                throw CloudFormationError.template(
                    "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons"
                )
            }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
            parts.append(.variable(String(variable)))
        }
        literal += rest
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }

    private static func isNamed(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x3A) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".")
    }
}
