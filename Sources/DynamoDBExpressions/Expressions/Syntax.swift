/// What is wrong with an expression. The text goes behind `Invalid UpdateExpression: ` and its like.
struct ExpressionError: Error, Equatable {
    let text: String
    init(_ text: String) { self.text = text }
}

package enum Comparator: String, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// The comparator with its operands exchanged.
    var reversed: Comparator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

/// An expression as it is written: names and values still stand for themselves, nothing has been checked.
indirect enum Syntax: Sendable {
    /// One step of a document path.
    enum Step: Sendable, Equatable {
        case name(String)
        case placeholder(String)
        case index(String)
    }

    case path([Step])
    case value(String)
    case call(String, [Syntax])
    /// Parentheses around something else.
    case group(Syntax)
    case compare(Comparator, Syntax, Syntax)
    case between(Syntax, Syntax, Syntax)
    case isIn(Syntax, [Syntax])
    case and([Syntax])
    case or([Syntax])
    case not(Syntax)
    /// `+` or `-`
    case arithmetic(String, Syntax, Syntax)

    var ungrouped: Syntax {
        var node = self
        while case .group(let inner) = node { node = inner }
        return node
    }

    /// A path or value, which is no condition on its own.
    var isBareOperand: Bool {
        switch ungrouped {
        case .path, .value: true
        default: false
        }
    }

    var isOperand: Bool {
        switch ungrouped {
        case .path, .value, .call: true
        default: false
        }
    }
}

/// One action of an update expression.
struct UpdateSyntax: Sendable {
    enum Section: String, Sendable {
        case set = "SET"
        case remove = "REMOVE"
        case add = "ADD"
        case delete = "DELETE"
    }
    let section: Section
    let path: [Syntax.Step]
    /// Absent in `REMOVE`.
    let value: Syntax?
}
