/// What the grammar sees: the source as a tree of operators. `Resolver` makes the tree that is evaluated from it.
final class Syntax {
    enum Kind {
        case name, variable, string, number, word, regex, wildcard, descendant, parent, placeholder, end
        /// `text` is the operator; two children.
        case binary
        case negation
        case array
        /// Children are keys and values in turn; with `hasLeft` the first child is what is grouped.
        case object
        case predicate
        /// Children: what is sorted, then the terms; `flags` says which of them descend.
        case sort
        /// Children: the procedure, then the arguments.
        case call, partial
        /// Children: the parameters, then the body.
        case lambda
        case block
        /// Children: condition, then, and perhaps else.
        case condition
        /// `a ?: b` and `a ?? b`.
        case fallback
        /// Children: pattern, update, and perhaps delete.
        case transform
        /// A keyword in the place of an operand.
        case keyword
        /// `@$x` and `#$x`: the child is the step, `text` the operator, `name` the variable.
        case focus
    }

    var kind: Kind
    let position: Int
    var text = ""
    var name = ""
    var number = 0.0
    var regex: Regex?
    var children: [Syntax] = []
    var flags: [Bool] = []
    var hasLeft = false
    /// Behind it stands `[]`: a single result stays an array.
    var keepsArray = false
    var signature: Signature?

    init(_ kind: Kind, _ token: Token, _ children: [Syntax] = []) {
        self.kind = kind
        self.children = children
        position = token.position
        text = token.text
        number = token.number
        regex = token.regex
    }
}
