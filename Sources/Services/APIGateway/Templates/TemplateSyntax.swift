import JSON

/// A mapping template in Velocity's language, parsed. Source: developer guide, mapping templates; Velocity user guide. Not
/// there: `#macro`, `#define`, `#parse`, `#include`, `#evaluate`.
struct Template: Sendable {
    indirect enum Node: Sendable {
        case text(String)
        case reference(Reference)
        case set(Reference, Expression)
        case choice([(condition: Expression, body: [Node])], otherwise: [Node])
        case loop(String, Expression, [Node])
        case stop
        case leave
    }

    indirect enum Expression: Sendable {
        case literal(JSON)
        /// A text in double quotes.
        case text([Node])
        case reference(Reference)
        case list([Expression])
        case map([(key: Expression, value: Expression)])
        case range(Expression, Expression)
        case binary(Operator, Expression, Expression)
        case not(Expression)
    }

    enum Operator: Sendable {
        case or, and, equal, unequal, less, atMost, greater, atLeast, plus, minus, times, over, modulo
    }

    /// `$name.member.method(…)[…]`; what names nothing is written as it stands, unless it is quiet (`$!name`).
    struct Reference: Sendable {
        let name: String
        let steps: [Step]
        let isQuiet: Bool
        let source: String
    }

    enum Step: Sendable {
        case member(String)
        case call(String, [Expression])
        case index(Expression)
    }

    let nodes: [Node]

    init(_ source: String) throws(TemplateError) {
        var parser = TemplateParser(source)
        nodes = try parser.template()
    }

    init(nodes: [Node]) { self.nodes = nodes }
}

/// Why a template cannot be read or does not come to an end.
struct TemplateError: Error, Sendable, Equatable {
    let reason: String
}
