public import JSON

/// Which words of the language are there.
public enum Dialect: Sendable {
    /// The language as its reference defines it.
    case standard
    /// AWS Step Functions: `$states` and variables only, `$partition $range $hash $random $uuid $parse`, no `$eval`.
    case stepFunctions
}

/// What an evaluation takes from outside.
public struct Environment: Sendable {
    /// For `$now` and `$millis`: epoch milliseconds.
    public var nowMs: Int64
    /// For `$random`: at least 0, less than 1.
    public var random: @Sendable () -> Double
    /// For `$uuid`.
    public var uuid: @Sendable () -> String
    /// How deep evaluations may nest, counted as the reference counts: every part of an expression inside another
    /// part, and inside the calls around it. A call of a function takes three or four.
    public var depth = 10_000
    /// How long an evaluation may take, milliseconds of real time.
    public var timeLimitMs = 5_000

    public init(
        nowMs: Int64, random: @escaping @Sendable () -> Double, uuid: @escaping @Sendable () -> String
    ) {
        self.nowMs = nowMs
        self.random = random
        self.uuid = uuid
    }
}

/// A parsed expression: parse once, evaluate often, from any thread.
public struct Expression: Sendable {
    public let source: String
    private let program: Program

    public init(_ source: String, dialect: Dialect = .standard) throws(JSONataError) {
        self.source = source
        do throws(Failure) {
            program = try Program(parsing: source, Symbols(), dialect, Stack())
        } catch {
            throw error.error
        }
    }

    /// - Parameters:
    ///   - input: what `$` is; nil is undefined.
    ///   - bindings: values of variables, by name without the dollar sign.
    /// - Returns: nil when the result is undefined.
    public func evaluate(
        _ input: JSON?, bindings: [String: JSON] = [:], _ environment: Environment
    ) throws(JSONataError) -> JSON? {
        let root = input.map { Value($0) } ?? .undefined
        let machine = Machine(program, root: root, bindings: bindings, environment)
        defer { machine.cleanUp() }
        do throws(Failure) {
            return try Output.json(try machine.run(program))
        } catch {
            throw error.error
        }
    }
}

extension Program {
    init(
        parsing source: String, _ symbols: Symbols, _ dialect: Dialect, _ stack: Stack, isEvaluated: Bool = false
    ) throws(Failure) {
        var parser = try Parser(source, stack)
        defer { parser.dismantle() }
        let syntax = try parser.parse()
        var resolver = Resolver(symbols: symbols, dialect: dialect, stack: stack)
        let store = NodeStore()
        defer { store.nodes = resolver.nodes }
        tree = try resolver.resolve(syntax)
        if !isEvaluated { resolver.settleGlobals() }
        self.symbols = resolver.symbols
        self.dialect = dialect
        nodes = store
    }
}

extension Machine {
    func run(_ program: Program) throws(Failure) -> Value {
        var input = root
        // A path over an array begins with the array itself, `$` is the array nevertheless.
        if case .array = root { input = .array(List([root], [.sequence, .wrapsInput])) }
        return try evaluate(program.tree, input, Frame(nil))
    }
}
