/// Recursive descent over the text of a regular expression, straight into instructions with relative targets resolved.
struct PatternCompiler {
    private let source: [Unicode.Scalar]
    private var at = 0
    private var depth = 0
    private typealias Code = [Pattern.Instruction]

    init(_ source: String) { self.source = Array(source.unicodeScalars) }

    mutating func compile() -> [Pattern.Instruction]? {
        guard let code = alternatives(), at == source.count else { return nil }
        return code + [.match]
    }

    private var next: Unicode.Scalar? { at < source.count ? source[at] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        at += 1
        return true
    }

    private mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard source.count - at >= wanted.count, source[at..<(at + wanted.count)].elementsEqual(wanted) else {
            return false
        }
        at += wanted.count
        return true
    }

    private mutating func alternatives() -> Code? {
        depth += 1
        defer { depth -= 1 }
        guard depth < 100, var code = sequence() else { return nil }
        while take("|") {
            guard let other = sequence() else { return nil }
            code =
                [.split(1, code.count + 2)] + Self.shifted(code, by: 1) + [.jump(code.count + 2 + other.count)]
                + Self.shifted(other, by: code.count + 2)
            guard code.count < Pattern.programLimit else { return nil }
        }
        return code
    }

    private mutating func sequence() -> Code? {
        var code = Code()
        while let scalar = next, scalar != "|", scalar != ")" {
            guard let item = atom(), let repeated = quantified(item) else { return nil }
            code += Self.shifted(repeated, by: code.count)
            guard code.count < Pattern.programLimit else { return nil }
        }
        return code
    }

    private mutating func quantified(_ item: Code) -> Code? {
        var code = item
        while let scalar = next {
            let least: Int
            let most: Int?
            switch scalar {
            case "*": (least, most) = (0, nil)
            case "+": (least, most) = (1, nil)
            case "?": (least, most) = (0, 1)
            case "{":
                guard let bounds = bounds() else { return nil }
                (least, most) = bounds
            default: return code
            }
            at += 1
            // Lazy or possessive makes no difference to whether a whole value matches (possessive: Assumed).
            if next == "?" || next == "+" { at += 1 }
            guard let result = Self.repeated(code, least, most) else { return nil }
            code = result
        }
        return code
    }

    /// `{2}`, `{2,}`, `{2,5}`; leaves `at` on the closing brace.
    private mutating func bounds() -> (Int, Int?)? {
        at += 1
        guard let least = number() else { return nil }
        var most: Int? = least
        if take(",") { most = next == "}" ? nil : number() ?? -1 }
        guard next == "}", most.map({ $0 >= least }) ?? true else { return nil }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, scalar.value >= 0x30, scalar.value <= 0x39 {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            guard let value, value <= Pattern.programLimit else { return nil }
            at += 1
        }
        return value
    }

    private static func repeated(_ item: Code, _ least: Int, _ most: Int?) -> Code? {
        let copies = max(least, most ?? least + 1)
        guard (item.count + 2) * copies < Pattern.programLimit else { return nil }
        var code = Code()
        for _ in 0..<least { code += shifted(item, by: code.count) }
        if let most {
            for _ in least..<most {
                code += [.split(code.count + 1, code.count + 1 + item.count)] + shifted(item, by: code.count + 1)
            }
        } else {
            let loop = code.count
            code += [.split(loop + 1, loop + item.count + 2)] + shifted(item, by: loop + 1) + [.jump(loop)]
        }
        return code
    }

    private static func shifted(_ code: Code, by offset: Int) -> Code {
        guard offset > 0 else { return code }
        return code.map { instruction in
            switch instruction {
            case .split(let first, let second): .split(first + offset, second + offset)
            case .jump(let target): .jump(target + offset)
            default: instruction
            }
        }
    }

    private mutating func atom() -> Code? {
        guard let scalar = next else { return nil }
        at += 1
        switch scalar {
        case ".": return [.set(.dot)]
        case "^": return [.start]
        case "$": return [.end]
        case "(": return group()
        case "[": return characterClass().map { [.set($0)] }
        case "\\": return escape()
        case "*", "+", "?", "{": return nil
        default: return [.set(ScalarSet(ranges: [scalar.value...scalar.value]))]
        }
    }

    private mutating func group() -> Code? {
        var look: Bool?
        if take("?=") {
            look = true
        } else if take("?!") {
            look = false
        } else if take("?<") {
            guard next != "=", next != "!" else { return nil }
            while let scalar = next, scalar != ">" { at += scalar == ")" ? source.count : 1 }
            guard take(">") else { return nil }
        } else if next == "?", !take("?:"), !take("?>") {
            return nil
        }
        guard let code = alternatives(), take(")") else { return nil }
        guard let look else { return code }
        return [.look(code + [.match], isWanted: look)]
    }

    private mutating func escape() -> Code? {
        switch next {
        case "b", "B":
            at += 1
            return [.boundary(isWanted: source[at - 1] == "b")]
        case "A":
            at += 1
            return [.start]
        case "z", "Z":
            at += 1
            return [.end]
        default: return escapedSet().map { [.set($0)] }
        }
    }

    private mutating func escapedSet() -> ScalarSet? {
        guard let scalar = next else { return nil }
        at += 1
        switch scalar {
        case "d": return .digit
        case "D": return .digit.negated
        case "w": return .word
        case "W": return .word.negated
        case "s": return .space
        case "S": return .space.negated
        case "p", "P": return property().map { scalar == "P" ? $0.negated : $0 }
        default: return single(escaped: scalar).map { ScalarSet(ranges: [$0...$0]) }
        }
    }

    private mutating func single(escaped scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "f": return 0x0C
        case "x": return hex(2)
        case "u": return hex(4)
        default:
            // A letter or digit that means nothing here (back references among them) is refused.
            return scalar.isASCII && scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                ? nil : scalar.value
        }
    }

    private mutating func hex(_ count: Int) -> UInt32? {
        guard source.count - at >= count else { return nil }
        let digits = source[at..<(at + count)].map { String(Character($0)) }.joined()
        at += count
        return UInt32(digits, radix: 16)
    }

    /// `\p{Alpha}` and the other names of ASCII sets in Java.
    private mutating func property() -> ScalarSet? {
        guard take("{"), let end = source[at...].firstIndex(of: "}") else { return nil }
        let name = String(String.UnicodeScalarView(source[at..<end]))
        at = end + 1
        switch name {
        case "Alpha", "L", "IsAlphabetic": return ScalarSet(ranges: [0x41...0x5A, 0x61...0x7A])
        case "Digit", "N", "Nd": return .digit
        case "Alnum": return ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x61...0x7A])
        case "Upper", "Lu": return ScalarSet(ranges: [0x41...0x5A])
        case "Lower", "Ll": return ScalarSet(ranges: [0x61...0x7A])
        case "Space": return .space
        case "Punct": return ScalarSet(ranges: [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E])
        case "Graph": return ScalarSet(ranges: [0x21...0x7E])
        case "Print", "ASCII": return ScalarSet(ranges: [(name == "ASCII" ? 0 : 0x20)...0x7F])
        case "XDigit": return ScalarSet(ranges: [0x30...0x39, 0x41...0x46, 0x61...0x66])
        default: return nil
        }
    }

    private mutating func characterClass() -> ScalarSet? {
        var set = ScalarSet(isNegated: take("^"))
        var isFirst = true
        while let scalar = next {
            at += 1
            if scalar == "]", !isFirst { return set }
            isFirst = false
            var low = scalar.value
            if scalar == "\\" {
                guard let escaped = next else { return nil }
                if "dDwWsSpP".unicodeScalars.contains(escaped) {
                    guard let inner = escapedSet() else { return nil }
                    set.inner.append(inner)
                    continue
                }
                at += 1
                guard let value = single(escaped: escaped) else { return nil }
                low = value
            } else if scalar == "[" {
                guard let inner = characterClass() else { return nil }
                set.inner.append(inner)
                continue
            }
            guard next == "-", at + 1 < source.count, source[at + 1] != "]" else {
                set.ranges.append(low...low)
                continue
            }
            at += 1
            guard let high = rangeEnd(), high >= low else { return nil }
            set.ranges.append(low...high)
        }
        return nil
    }

    private mutating func rangeEnd() -> UInt32? {
        guard let scalar = next else { return nil }
        at += 1
        guard scalar == "\\" else { return scalar.value }
        guard let escaped = next else { return nil }
        at += 1
        return single(escaped: escaped)
    }
}
