import JSON

/// One evaluation: its limits, its globals and what it has to clean up.
final class Machine {
    let environment: Environment
    let dialect: Dialect
    /// The input of the whole expression.
    let root: Value
    var symbols: Symbols
    let bindings: [String: JSON]
    private var globals: [Value?] = []
    /// A call in tail position, for the application that is about to return.
    var tail: TailCall?
    private var boundFrames: [Frame] = []
    /// Programs that `$eval` has parsed: closures refer to their trees.
    var programs: [Program] = []

    // Limits.
    private var depth = 0
    private var ticks = 0
    private let deadline: ContinuousClock.Instant
    private var stack = Stack()

    struct TailCall {
        let function: Value
        let arguments: [Value]
        let token: String?
        let position: Int
    }

    init(_ program: Program, root: Value, bindings: [String: JSON], _ environment: Environment) {
        self.root = root
        self.bindings = bindings
        self.environment = environment
        dialect = program.dialect
        symbols = program.symbols
        deadline = ContinuousClock.now + .milliseconds(environment.timeLimitMs)
    }

    // MARK: - Limits

    @inline(__always)
    func evaluate(_ node: Node, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= environment.depth else { throw Failure.tooDeep() }
        try tick()
        guard stack.hasRoom else { return try extended(node, input, frame) }
        return try node.finish(input, frame, self)
    }

    private func extended(_ node: Node, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
        let before = stack
        defer { stack = before }
        var current = stack
        return try Stack.extend(&current) { (large: inout Stack) throws(Failure) in
            stack = large
            return try node.finish(input, frame, self)
        }
    }

    /// One step of work; now and then a look at the clock.
    @inline(__always)
    func tick() throws(Failure) {
        ticks &+= 1
        if ticks & 0xFF == 0 { try checkTime() }
    }

    func checkTime() throws(Failure) {
        if ContinuousClock.now > deadline { throw Failure.tooLong() }
    }

    /// Guards recursion that is not an evaluation of nodes, such as walks through deep data.
    func descend<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        guard !stack.hasRoom else { return try body() }
        let before = stack
        defer { stack = before }
        var current = stack
        return try Stack.extend(&current) { (large: inout Stack) throws(Failure) in
            stack = large
            return try body()
        }
    }

    // MARK: - Variables

    /// A variable that no scope of the expression binds: a binding from outside, or a built-in function.
    func global(_ symbol: Int) -> Value {
        if symbol < globals.count, let value = globals[symbol] { return value }
        let name = symbols.names[symbol]
        let value: Value
        if let json = bindings[name] {
            value = Value(json)
        } else if let function = Library.functions(dialect)[name] {
            value = .function(function)
        } else {
            value = .undefined
        }
        while globals.count <= symbol { globals.append(nil) }
        globals[symbol] = value
        return value
    }

    /// A function in a frame may hold that frame: such circles are cut at the end.
    func bind(_ symbol: Int, _ value: Value, in frame: Frame) {
        frame.bind(symbol, value)
        if let cell = value.cell, cell.carriesFunction { boundFrames.append(frame) }
    }

    func cleanUp() {
        for frame in boundFrames { frame.clear() }
        boundFrames = []
        globals = []
    }
}

/// The names of an expression's variables, by number.
struct Symbols: Sendable {
    private(set) var names: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        numbers[name] = names.count
        names.append(name)
        return names.count - 1
    }
}

/// A parsed expression.
struct Program: @unchecked Sendable {
    let tree: Node
    let symbols: Symbols
    let dialect: Dialect
    /// Takes the tree apart when nobody needs it any more.
    let nodes: NodeStore
}

/// All nodes of a tree. A deep tree would be released by deep recursion, so it is cut into its nodes first.
final class NodeStore: @unchecked Sendable {
    var nodes: [Node] = []
    deinit { for node in nodes { node.unlink() } }
}
