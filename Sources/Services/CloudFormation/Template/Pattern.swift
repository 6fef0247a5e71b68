/// A regular expression that a template gave (`AllowedPattern`), matched against a whole value.
///
/// The expression is compiled to a small program. Every pair of instruction and position is tried at most once, so the
/// time is bounded by program × text, whatever the expression. The syntax is Java's, without back references.
struct Pattern: Sendable {
    enum Outcome: Sendable, Equatable { case yes, no, tooHard }

    /// Instructions of one program; `a{1000}{1000}` does not get there.
    static let programLimit = 20_000
    /// Steps of one comparison.
    static let stepLimit = 2_000_000

    indirect enum Instruction: Sendable {
        case set(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case start
        case end
        case boundary(isWanted: Bool)
        case look([Instruction], isWanted: Bool)
        case match
    }

    let program: [Instruction]

    /// nil when `source` is not an expression that can be compiled.
    init?(_ source: String) {
        var compiler = PatternCompiler(source)
        guard let program = compiler.compile() else { return nil }
        self.program = program
    }

    func matches(_ text: String) -> Outcome {
        var run = Run(text: Array(text.unicodeScalars), steps: Self.stepLimit)
        guard let result = run.matches(program, from: 0, isWhole: true) else { return .tooHard }
        return result ? .yes : .no
    }

    private struct Run {
        let text: [Unicode.Scalar]
        var steps: Int

        /// nil when the steps are used up.
        mutating func matches(_ program: [Instruction], from start: Int, isWhole: Bool) -> Bool? {
            var open = [(pc: 0, at: start)]
            var tried = Set<Int>()
            while let (pc, at) = open.popLast() {
                guard tried.insert(pc * (text.count + 1) + at).inserted else { continue }
                steps -= 1
                guard steps > 0 else { return nil }
                switch program[pc] {
                case .match: if !isWhole || at == text.count { return true }
                case .set(let set): if at < text.count, set.contains(text[at]) { open.append((pc + 1, at + 1)) }
                case .jump(let target): open.append((target, at))
                case .split(let first, let second):
                    open.append((second, at))
                    open.append((first, at))
                case .start: if at == 0 { open.append((pc + 1, at)) }
                case .end: if at == text.count { open.append((pc + 1, at)) }
                case .boundary(let isWanted): if isBoundary(at) == isWanted { open.append((pc + 1, at)) }
                case .look(let inner, let isWanted):
                    guard let found = matches(inner, from: at, isWhole: false) else { return nil }
                    if found == isWanted { open.append((pc + 1, at)) }
                }
            }
            return false
        }

        private func isBoundary(_ at: Int) -> Bool {
            let before = at > 0 && ScalarSet.word.contains(text[at - 1])
            let after = at < text.count && ScalarSet.word.contains(text[at])
            return before != after
        }
    }
}

/// A set of characters as a class in brackets, an escape or the dot describes it.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    var inner: [ScalarSet] = []
    var isNegated = false

    static let digit = ScalarSet(ranges: [0x30...0x39])
    static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = ScalarSet(ranges: [0x09...0x0D, 0x20...0x20])
    static let dot = ScalarSet(ranges: [0x0A...0x0A, 0x0D...0x0D, 0x85...0x85, 0x2028...0x2029], isNegated: true)

    var negated: ScalarSet {
        var copy = self
        copy.isNegated.toggle()
        return copy
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let isInside = ranges.contains { $0.contains(scalar.value) } || inner.contains { $0.contains(scalar) }
        return isInside != isNegated
    }
}
