public import JSON

/// A compiled JSONPath in the dialect of the States Language: `$` is the input, `$$` the context object, `$name` a
/// variable. Supports members, `*`, indices from either end, slices, unions, `..`, filters and the functions
/// `length()`, `min()`, `max()`, `avg()`, `sum()`, `stddev()`, `keys()`, `first()`, `last()`, `concat()`.
public struct Path: Sendable {
    /// As written.
    public let source: String
    let root: Root
    let steps: [Step]

    enum Root: Sendable, Equatable {
        case input
        case context
        case variable(String)
        /// `@` within a filter.
        case current
    }

    enum Step: Sendable {
        case member(String)
        case index(Int)
        case wildcard
        /// `..`: the nodes themselves and everything below.
        case descend
        case members([String])
        case indices([Int])
        case slice(from: Int?, to: Int?)
        case filter(PathFilter)
        case function(Function)
    }

    enum Function: String, Sendable, CaseIterable {
        case length, size, min, max, avg, sum, stddev, keys, first, last, concat
    }

    /// Names at most one node: without `*`, `..`, slices, unions and filters.
    public var isDefinite: Bool {
        steps.allSatisfy { step in
            switch step {
            case .member, .index, .function: true
            case .wildcard, .descend, .members, .indices, .slice, .filter: false
            }
        }
    }

    /// Members and indices only.
    var isReference: Bool {
        steps.allSatisfy { step in
            switch step {
            case .member, .index: true
            default: false
            }
        }
    }

    /// - Throws: `PathSyntaxError` for a text that is no path.
    public init(_ source: String) throws(PathSyntaxError) {
        var parser = PathParser(source)
        self = try parser.path()
    }

    init(source: String, root: Root, steps: [Step]) {
        self.source = source
        self.root = root
        self.steps = steps
    }

    /// The value at the path; for an indefinite path the array of all matches, which may be empty.
    /// - Returns: nil when a definite path names nothing.
    public func find(_ scope: Scope) -> JSON? {
        switch root {
        case .input, .current: find(in: scope.input, root: scope.input)
        case .context: find(in: scope.context, root: scope.context)
        case .variable(let name): scope.variables[name].flatMap { find(in: $0, root: $0) }
        }
    }

    /// The value at the path in a document on its own, which is `$`, `$$` and `@` alike.
    public func find(in document: JSON) -> JSON? { find(in: document, root: document) }
}

/// Why a text is no path, and at which byte.
public struct PathSyntaxError: Error, Sendable, Equatable {
    public let reason: String
    public let offset: Int
}
