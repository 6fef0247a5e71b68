import AWSWire
import JSON

/// `{ $.a = 1 && ($.b.c[0] = "x*" || $.d IS TRUE) }`
///
/// A selector that finds nothing matches only `NOT EXISTS`.
struct MemberFilter: Sendable {
    private enum Test: Sendable {
        case condition(FilterCondition)
        case isTrue, isFalse, isNull, exists, existsNot
    }

    private indirect enum Expression: Sendable {
        case test(Selector, Test)
        case and(Expression, Expression)
        case or(Expression, Expression)
    }

    private let root: Expression
    private static let maximumDepth = 50

    init(_ text: String) throws(AWSError) {
        guard text.hasPrefix("{"), text.hasSuffix("}") else { throw LogsError.badPattern("} is missing") }
        var parser = Parser(tokens: try FilterToken.tokens(text.dropFirst().dropLast())[...])
        root = try parser.or(0)
        guard parser.tokens.isEmpty else { throw LogsError.badPattern("near the end") }
    }

    func matches(_ message: String) -> Bool {
        guard let event = try? JSON.parse(message.trimmed), event.object != nil || event.array != nil else {
            return false
        }
        return Self.matches(root, event)
    }

    /// The members that the pattern names, under their selectors.
    func values(_ message: String) -> [String: String] {
        guard let event = try? JSON.parse(message.trimmed) else { return [:] }
        return Self.selectors(root).reduce(into: [:]) { values, selector in
            guard let value = selector.value(event) else { return }
            values[selector.text] = value.string ?? value.text()
        }
    }

    private static func selectors(_ expression: Expression) -> [Selector] {
        switch expression {
        case .and(let left, let right), .or(let left, let right): selectors(left) + selectors(right)
        case .test(let selector, _): [selector]
        }
    }

    private static func matches(_ expression: Expression, _ event: JSON) -> Bool {
        switch expression {
        case .and(let left, let right): matches(left, event) && matches(right, event)
        case .or(let left, let right): matches(left, event) || matches(right, event)
        case .test(let selector, let test): allows(test, selector.value(event))
        }
    }

    private static func allows(_ test: Test, _ value: JSON?) -> Bool {
        guard let value else { if case .existsNot = test { return true } else { return false } }
        switch test {
        case .exists: return true
        case .existsNot: return false
        case .isNull: return value.isNull
        case .isTrue: return value.bool == true
        case .isFalse: return value.bool == false
        case .condition(let condition):
            if let text = value.string { return condition.allows(text) }
            guard case .number(let number) = value else { return false }
            return condition.allows(number.text)
        }
    }

    /// `$.a.b[0]['c d']`
    struct Selector: Sendable, Equatable {
        enum Step: Sendable, Equatable {
            case member(String)
            case element(Int)
        }
        let steps: [Step]
        let text: String

        init(_ text: String) throws(AWSError) {
            guard text.hasPrefix("$") else { throw LogsError.badPattern("a selector begins with $: \(text)") }
            var steps: [Step] = []
            var rest = text.dropFirst()
            while let first = rest.popFirst() {
                if first == "." {
                    let name = rest.prefix { $0 != "." && $0 != "[" }
                    guard !name.isEmpty else { throw LogsError.badPattern(text) }
                    steps.append(.member(String(name)))
                    rest = rest.dropFirst(name.count)
                } else {
                    guard first == "[", let end = rest.firstIndex(of: "]") else { throw LogsError.badPattern(text) }
                    let inner = rest[..<end]
                    rest = rest[rest.index(after: end)...]
                    if let mark = inner.first, mark == "'" || mark == "\"" {
                        steps.append(.member(String(inner.dropFirst().dropLast())))
                    } else {
                        guard let index = Int(inner) else { throw LogsError.badPattern(text) }
                        steps.append(.element(index))
                    }
                }
            }
            self.steps = steps
            self.text = text
        }

        func value(_ event: JSON) -> JSON? {
            var value: JSON? = event
            for step in steps {
                switch step {
                case .member(let name): value = value?[name]
                case .element(let index): value = value?[index]
                }
            }
            return value
        }
    }

    private struct Parser {
        var tokens: ArraySlice<FilterToken>

        mutating func or(_ depth: Int) throws(AWSError) -> Expression {
            var left = try and(depth)
            while tokens.first == .or {
                tokens.removeFirst()
                left = .or(left, try and(depth))
            }
            return left
        }

        private mutating func and(_ depth: Int) throws(AWSError) -> Expression {
            var left = try primary(depth)
            while tokens.first == .and {
                tokens.removeFirst()
                left = .and(left, try primary(depth))
            }
            return left
        }

        private mutating func primary(_ depth: Int) throws(AWSError) -> Expression {
            guard depth < MemberFilter.maximumDepth else { throw LogsError.badPattern("too many brackets") }
            if tokens.first == .open {
                tokens.removeFirst()
                let inner = try or(depth + 1)
                guard tokens.popFirst() == .close else { throw LogsError.badPattern(") is missing") }
                return inner
            }
            guard case .word(let text)? = tokens.popFirst() else { throw LogsError.badPattern("a selector is missing") }
            let selector = try Selector(text)
            return .test(selector, try test())
        }

        private mutating func test() throws(AWSError) -> Test {
            switch (tokens.popFirst(), tokens.popFirst()) {
            case (.comparison(let sign)?, .word(let operand)?):
                if let condition = FilterCondition(sign, operand, isQuoted: false) { return .condition(condition) }
            case (.comparison(let sign)?, .quoted(let operand)?):
                if let condition = FilterCondition(sign, operand, isQuoted: true) { return .condition(condition) }
            case (.comparison(let sign)?, .expression(let expression)?):
                if let condition = FilterCondition(sign, expression) { return .condition(condition) }
            case (.word("IS")?, .word("TRUE")?): return .isTrue
            case (.word("IS")?, .word("FALSE")?): return .isFalse
            case (.word("IS")?, .word("NULL")?): return .isNull
            case (.word("IS")?, .word("EXISTS")?): return .exists
            case (.word("NOT")?, .word("EXISTS")?): return .existsNot
            default: break
            }
            throw LogsError.badPattern("a comparison is missing")
        }
    }
}
