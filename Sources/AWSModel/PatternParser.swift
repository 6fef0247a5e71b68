/// Reads the text of a pattern into a tree and lays the tree out as a program.
struct PatternParser {
    indirect enum Tree {
        case empty
        case set(ScalarSet)
        case look(Pattern.Look)
        case sequence([Tree])
        case choice([Tree])
        case times(Tree, Int, Int?)
    }

    struct Parsed {
        var program: [Pattern.Node]
        var first: Int
        var lookAheads: [Pattern.LookAhead] = []
        var simple: (set: ScalarSet, count: ClosedRange<Int>)?
    }

    /// States of one program: counted repetitions are written out, so their product must stay small.
    private static let maxStates = 20_000
    private static let maxDepth = 40

    private let text: [UInt32]
    private var at = 0
    private var depth = 0
    /// Look-ahead at more than one class is understood only before anything was read, outside of alternatives.
    private var isAtStart = true
    private var lookAheads: [(tree: Tree, isNegative: Bool)] = []

    init(_ text: String) { self.text = text.unicodeScalars.map(\.value) }

    mutating func parse() -> Parsed? {
        guard let tree = choice(), at == text.count else { return nil }
        guard var parsed = Self.layOut(tree) else { return nil }
        for ahead in lookAheads {
            guard let inner = Self.layOut(ahead.tree) else { return nil }
            parsed.lookAheads.append(
                Pattern.LookAhead(program: inner.program, first: inner.first, isNegative: ahead.isNegative))
        }
        if lookAheads.isEmpty { parsed.simple = Self.simple(tree) }
        return parsed
    }

    // MARK: - Grammar

    private var next: UInt32? { at < text.count ? text[at] : nil }

    private func isNext(_ word: StaticString) -> Bool {
        guard at + word.utf8CodeUnitCount <= text.count else { return false }
        for offset in 0..<word.utf8CodeUnitCount where text[at + offset] != UInt32(word.utf8Start[offset]) {
            return false
        }
        return true
    }

    private mutating func skip(_ word: StaticString) -> Bool {
        guard isNext(word) else { return false }
        at += word.utf8CodeUnitCount
        return true
    }

    private mutating func choice() -> Tree? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maxDepth else { return nil }
        let aheads = lookAheads.count
        guard let first = sequence() else { return nil }
        var options = [first]
        while skip("|") {
            // A condition on one of several alternatives is not a condition on the whole.
            guard lookAheads.count == aheads else { return nil }
            isAtStart = false
            guard let option = sequence() else { return nil }
            options.append(option)
        }
        return options.count == 1 ? first : .choice(options)
    }

    private mutating func sequence() -> Tree? {
        var items: [Tree] = []
        while let character = next, character != UInt32(ascii: "|"), character != UInt32(ascii: ")") {
            guard let atom = atom(), let item = quantified(atom) else { return nil }
            switch item {
            case .empty, .look: break
            default: isAtStart = false
            }
            items.append(item)
        }
        return items.count == 1 ? items[0] : .sequence(items)
    }

    private mutating func atom() -> Tree? {
        guard let character = next else { return nil }
        switch Character(Unicode.Scalar(character) ?? " ") {
        case "(": return group()
        case "[":
            at += 1
            return set().map(Tree.set)
        case "\\":
            at += 1
            if skip("b") { return .look(.wordBoundary) }
            return escape().map(Tree.set)
        case ".":
            at += 1
            return .set(.any)
        case "^":
            at += 1
            return .look(.start)
        case "$":
            at += 1
            return .look(.end)
        case "*", "+", "?", "{": return nil
        default:
            at += 1
            return .set(ScalarSet([character...character]))
        }
    }

    private mutating func group() -> Tree? {
        if isNext("(?<=") || isNext("(?<!") {
            let isNegative = isNext("(?<!")
            at += 4
            guard case .set(let set)? = choice(), skip(")") else { return nil }
            return .look(.before(set, isNegative: isNegative))
        }
        if isNext("(?=") || isNext("(?!") {
            let isNegative = isNext("(?!")
            let wasAtStart = isAtStart
            at += 3
            guard let tree = choice(), skip(")") else { return nil }
            guard wasAtStart else {
                guard case .set(let set) = tree else { return nil }
                return .look(.behind(set, isNegative: isNegative))
            }
            isAtStart = true
            lookAheads.append((tree, isNegative))
            return .empty
        }
        guard skip("(?:") || (!isNext("(?") && skip("(")) else { return nil }
        guard let tree = choice(), skip(")") else { return nil }
        return tree
    }

    private mutating func quantified(_ atom: Tree) -> Tree? {
        var result = atom
        while let character = next {
            let range: (Int, Int?)
            switch Character(Unicode.Scalar(character) ?? " ") {
            case "*": range = (0, nil)
            case "+": range = (1, nil)
            case "?": range = (0, 1)
            case "{":
                guard let counted = counts() else { return nil }
                range = counted
                at -= 1
            default: return result
            }
            at += 1
            _ = skip("?")  // reluctant or not, the whole text matches or does not
            if case .look = result { return nil }
            if case .empty = result { return nil }
            result = .times(result, range.0, range.1)
        }
        return result
    }

    /// `{2}`, `{2,}`, `{2,5}`; leaves `at` behind the brace.
    private mutating func counts() -> (Int, Int?)? {
        at += 1
        guard let low = integer() else { return nil }
        if skip("}") { return (low, low) }
        guard skip(",") else { return nil }
        if skip("}") { return (low, nil) }
        guard let high = integer(), skip("}"), high >= low else { return nil }
        return (low, high)
    }

    private mutating func integer() -> Int? {
        var value: Int?
        while let character = next, character >= 0x30, character <= 0x39, (value ?? 0) < 100_000 {
            value = (value ?? 0) * 10 + Int(character - 0x30)
            at += 1
        }
        return value
    }
}

extension PatternParser {
    // MARK: - Classes

    /// Behind `[` to behind `]`.
    private mutating func set() -> ScalarSet? {
        var result = ScalarSet()
        let isInverted = skip("^")
        var isFirst = true
        while let character = next {
            if character == UInt32(ascii: "]"), !isFirst {
                at += 1
                return isInverted ? result.inverted : result
            }
            isFirst = false
            guard let low = element(&result) else { return nil }
            guard let low = low.single else { continue }
            if isNext("-"), at + 1 < text.count, text[at + 1] != UInt32(ascii: "]") {
                let dash = at
                at += 1
                var ignored = ScalarSet()
                guard let high = element(&ignored) else { return nil }
                if let high = high.single, high >= low {
                    result.insert(low...high)
                    continue
                }
                // `[a-\w]`: the dash stands for itself.
                at = dash
            }
            result.insert(low...low)
        }
        return nil
    }

    private struct Element { let single: UInt32? }

    /// One scalar of a class; a named class goes into `result` at once.
    private mutating func element(_ result: inout ScalarSet) -> Element? {
        guard let character = next, !isNext("&&"), !isNext("[:") else { return nil }
        at += 1
        guard character == UInt32(ascii: "\\") else { return Element(single: character) }
        if let scalar = escapedScalar() { return Element(single: scalar) }
        guard let named = escape(), result.insert(named) else { return nil }
        return Element(single: nil)
    }

    /// Behind a backslash.
    private mutating func escape() -> ScalarSet? {
        if let scalar = escapedScalar() { return ScalarSet([scalar...scalar]) }
        guard let character = next else { return nil }
        at += 1
        switch Character(Unicode.Scalar(character) ?? " ") {
        case "d": return .digit
        case "D": return ScalarSet.digit.inverted
        case "w": return .word
        case "W": return ScalarSet.word.inverted
        case "s": return .space
        case "S": return ScalarSet.space.inverted
        case "p": return property()
        default: return nil
        }
    }

    private mutating func property() -> ScalarSet? {
        if skip("{L}") { return ScalarSet(categories: .letter) }
        if skip("{Z}") { return ScalarSet(categories: .separator) }
        if skip("{N}") { return ScalarSet(categories: .number) }
        if skip("{ASCII}") { return ScalarSet([0...0x7F]) }
        if skip("{Print}") { return ScalarSet([0x20...0x7E]) }
        return nil
    }

    /// An escape that stands for one scalar; leaves `at` alone when it is something else.
    private mutating func escapedScalar() -> UInt32? {
        guard let character = next else { return nil }
        switch Character(Unicode.Scalar(character) ?? " ") {
        case "t": return one(0x09)
        case "n": return one(0x0A)
        case "r": return one(0x0D)
        case "x": return hexadecimal(2)
        case "u": return hexadecimal(text.count > at + 5 && isNext("u10") && isHex(at + 5) && isHex(at + 6) ? 6 : 4)
        case "a"..."z", "A"..."Z", "0"..."9": return nil
        default: return one(character)
        }
    }

    private mutating func one(_ scalar: UInt32) -> UInt32 {
        at += 1
        return scalar
    }

    private func isHex(_ index: Int) -> Bool {
        index < text.count && Unicode.Scalar(text[index]).flatMap { Character($0).hexDigitValue } != nil
    }

    private mutating func hexadecimal(_ digits: Int) -> UInt32? {
        var value: UInt32 = 0
        for offset in 1...digits {
            guard at + offset < text.count,
                let digit = Unicode.Scalar(text[at + offset]).flatMap({ Character($0).hexDigitValue })
            else { return nil }
            value = value << 4 | UInt32(digit)
        }
        at += digits + 1
        return value
    }
}

extension PatternParser {
    // MARK: - Program

    private static func layOut(_ tree: Tree) -> Parsed? {
        var program: [Pattern.Node] = [.accept]
        guard let first = emit(tree, next: 0, &program) else { return nil }
        return Parsed(program: program, first: first)
    }

    /// Writes the states of `tree` before the state `next`; the entry, or nil when the program grows too large.
    private static func emit(_ tree: Tree, next: Int, _ program: inout [Pattern.Node]) -> Int? {
        guard program.count < maxStates else { return nil }
        func add(_ node: Pattern.Node) -> Int {
            program.append(node)
            return program.count - 1
        }
        switch tree {
        case .empty: return next
        case .set(let set): return add(.scalar(set, next: next))
        case .look(let look): return add(.look(look, next: next))
        case .sequence(let items):
            var next = next
            for item in items.reversed() {
                guard let entry = emit(item, next: next, &program) else { return nil }
                next = entry
            }
            return next
        case .choice(let options):
            var entry: Int?
            for option in options.reversed() {
                guard let one = emit(option, next: next, &program) else { return nil }
                entry = entry.map { add(.split(one, $0)) } ?? one
            }
            return entry
        case .times(let inner, let low, let high): return emit(times: inner, low, high, next: next, &program)
        }
    }

    private static func emit(
        times inner: Tree, _ low: Int, _ high: Int?, next: Int, _ program: inout [Pattern.Node]
    ) -> Int? {
        var entry = next
        if let high {
            for _ in 0..<(high - low) {
                guard let one = emit(inner, next: entry, &program) else { return nil }
                program.append(.split(one, next))
                entry = program.count - 1
            }
        } else {
            program.append(.split(next, next))
            let loop = program.count - 1
            guard let one = emit(inner, next: loop, &program) else { return nil }
            program[loop] = .split(one, next)
            entry = loop
        }
        for _ in 0..<low {
            guard let one = emit(inner, next: entry, &program) else { return nil }
            entry = one
        }
        return entry
    }

    /// `[class]{n,m}` alone, with or without anchors around it.
    private static func simple(_ tree: Tree) -> (set: ScalarSet, count: ClosedRange<Int>)? {
        switch tree {
        case .set(let set): return (set, 1...1)
        case .times(.set(let set), let low, let high): return (set, low...(high ?? Int.max))
        case .sequence(let items):
            var items = items[...]
            if case .look(.start)? = items.first { items.removeFirst() }
            if case .look(.end)? = items.last { items.removeLast() }
            guard items.count == 1, let only = items.first else { return nil }
            if case .sequence = only { return nil }
            return simple(only)
        default: return nil
        }
    }
}

extension UInt32 {
    init(ascii scalar: Unicode.Scalar) { self = scalar.value }
}
