import Synchronization

/// A regular expression of the model, matched in time proportional to text × pattern: a set of states walks the text
/// once, nothing is ever tried again. The subset: classes, groups, alternatives, counted repetition, anchors, word
/// boundaries, look-around at one class, and any look-ahead at the very start. Anything else does not compile and is not
/// checked.
public struct Pattern: Sendable {
    enum Node: Sendable {
        case scalar(ScalarSet, next: Int)
        case split(Int, Int)
        case look(Look, next: Int)
        case accept
    }

    /// A condition on the scalars around a place, which reads nothing.
    enum Look: Sendable {
        case start, end, wordBoundary
        /// The scalar before or behind the place is of the class, or none of it is.
        case before(ScalarSet, isNegative: Bool)
        case behind(ScalarSet, isNegative: Bool)

        func holds(between previous: UInt32?, _ next: UInt32?) -> Bool {
            switch self {
            case .start: previous == nil
            case .end: next == nil
            case .wordBoundary: Self.isIn(previous, .word) != Self.isIn(next, .word)
            case .before(let set, let isNegative): Self.isIn(previous, set) != isNegative
            case .behind(let set, let isNegative): Self.isIn(next, set) != isNegative
            }
        }

        private static func isIn(_ scalar: UInt32?, _ set: ScalarSet) -> Bool { scalar.map(set.contains) ?? false }
    }

    struct LookAhead: Sendable {
        let program: [Node]
        let first: Int
        let isNegative: Bool
    }

    let program: [Node]
    let first: Int
    let lookAheads: [LookAhead]

    /// The one class that every scalar must be of, and how many there may be: most patterns are of this form.
    let simple: (set: ScalarSet, count: ClosedRange<Int>)?

    /// nil when the text is outside of the subset.
    public init?(_ text: String) {
        var parser = PatternParser(text)
        guard let parsed = parser.parse() else { return nil }
        program = parsed.program
        first = parsed.first
        lookAheads = parsed.lookAheads
        simple = parsed.simple
    }

    /// True when the pattern matches the whole text.
    public func matches(_ text: String) -> Bool {
        if let simple {
            var count = 0
            for scalar in text.unicodeScalars {
                guard simple.set.contains(scalar.value) else { return false }
                count += 1
            }
            return simple.count.contains(count)
        }
        for ahead in lookAheads {
            let found = Self.run(ahead.program, first: ahead.first, text, whole: false)
            guard found != ahead.isNegative else { return false }
        }
        return Self.run(program, first: first, text, whole: true)
    }

    /// Where the longest match that begins at `start` ends; nil when none does. Look-ahead at the start is not asked.
    /// - Parameter budget: goes down by the states that were visited; nothing matches once it is used up.
    public func end(in scalars: [UInt32], from start: Int, budget: inout Int) -> Int? {
        var current = StateSet(count: program.count)
        var following = StateSet(count: program.count)
        func scalar(_ index: Int) -> UInt32? { scalars.indices.contains(index) ? scalars[index] : nil }
        var end = current.add(first, program, previous: scalar(start - 1), next: scalar(start)) ? start : nil
        var at = start
        while let value = scalar(at), !current.states.isEmpty, budget > 0 {
            budget -= current.states.count
            at += 1
            var accepted = false
            for state in current.states {
                guard case .scalar(let set, let target) = program[state], set.contains(value) else { continue }
                if following.add(target, program, previous: value, next: scalar(at)) { accepted = true }
            }
            if accepted { end = at }
            swap(&current, &following)
            following.removeAll()
        }
        return budget > 0 ? end : nil
    }

    private static func run(_ program: [Node], first: Int, _ text: String, whole: Bool) -> Bool {
        var current = StateSet(count: program.count)
        var following = StateSet(count: program.count)
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        var accepted = current.add(first, program, previous: nil, next: next?.value)
        while let scalar = next {
            if accepted && !whole { return true }
            if current.states.isEmpty { return false }
            next = scalars.next()
            accepted = false
            for state in current.states {
                guard case .scalar(let set, let target) = program[state], set.contains(scalar.value) else { continue }
                if following.add(target, program, previous: scalar.value, next: next?.value) { accepted = true }
            }
            swap(&current, &following)
            following.removeAll()
        }
        return accepted
    }
}

/// States of one step, without repetition.
private struct StateSet {
    private(set) var states: [Int] = []
    private var marks: [UInt32]
    private var generation: UInt32 = 1

    init(count: Int) { marks = [UInt32](repeating: 0, count: count) }

    mutating func removeAll() {
        states.removeAll(keepingCapacity: true)
        generation += 1
    }

    /// Adds a state and all that it reaches without reading; true when the end of the pattern is among them.
    mutating func add(_ state: Int, _ program: [Pattern.Node], previous: UInt32?, next: UInt32?) -> Bool {
        var todo = [state]
        var accepted = false
        while let state = todo.popLast() {
            guard marks[state] != generation else { continue }
            marks[state] = generation
            switch program[state] {
            case .scalar: states.append(state)
            case .split(let left, let right):
                todo.append(right)
                todo.append(left)
            case .look(let look, let target): if look.holds(between: previous, next) { todo.append(target) }
            case .accept: accepted = true
            }
        }
        return accepted
    }
}

/// Compiles at the first use.
final class LazyPattern: Sendable {
    private enum State: Sendable {
        case text(String)
        case compiled(Pattern?)
    }
    private let state: Mutex<State>

    init(_ text: String) { state = Mutex(.text(text)) }

    var compiled: Pattern? {
        state.withLock { state in
            switch state {
            case .compiled(let pattern): return pattern
            case .text(let text):
                let pattern = Pattern(text)
                state = .compiled(pattern)
                return pattern
            }
        }
    }
}
