/// Something that can be called.
final class Function: Cell {
    enum Kind {
        case native(Native)
        case lambda(LambdaNode, input: Value, Frame)
        /// Some arguments given; nil where one is still missing.
        case partial(Function, [Value?])
        /// `f ~> g`.
        case chain(Function, Function)
        case transform(TransformNode, Frame)
        case regex(Regex, position: Int)
        /// What a match offers to find the one behind it.
        case nextMatch(Regex, Subject, from: Int, position: Int)
    }

    private(set) var kind: Kind

    init(_ kind: Kind) {
        self.kind = kind
        super.init()
        switch kind {
        case .native, .regex, .nextMatch: break
        case .lambda(_, let input, let frame):
            adopt(input)
            adopt(frame)
        case .transform(_, let frame): adopt(frame)
        case .partial(let function, let arguments):
            adopt(function)
            for case .some(let argument) in arguments { adopt(argument) }
        case .chain(let first, let second):
            adopt(first)
            adopt(second)
        }
        carriesFunction = true
    }

    deinit { unwind() }

    /// How many arguments it takes: what higher-order functions go by.
    var arity: Int {
        switch kind {
        case .native(let native): native.arity
        case .lambda(let node, _, _): node.parameters.count
        case .partial(_, let arguments): arguments.count { $0 == nil }
        case .chain, .transform, .regex: 1
        case .nextMatch: 0
        }
    }

    var signature: Signature? {
        switch kind {
        case .native(let native): native.signature
        case .lambda(let node, _, _): node.signature
        case .transform: Signature.transform
        default: nil
        }
    }

    override func drain(into pending: inout [Cell]) {
        switch kind {
        case .native, .regex, .nextMatch: return
        case .lambda(_, let input, let frame):
            if let cell = input.cell { pending.append(cell) }
            pending.append(frame)
        case .transform(_, let frame): pending.append(frame)
        case .partial(let function, let arguments):
            pending.append(function)
            for case .some(let argument) in arguments { if let cell = argument.cell { pending.append(cell) } }
        case .chain(let first, let second):
            pending.append(first)
            pending.append(second)
        }
        kind = .native(Native.none)
    }
}

/// A built-in function.
struct Native: Sendable {
    typealias Body = @Sendable (Call) throws(Failure) -> Value

    let name: String
    let signature: Signature?
    /// As many as the reference's own function declares, since higher-order functions pass that many.
    let arity: Int
    let body: Body

    init(_ name: String, _ signature: String, _ arity: Int, _ body: @escaping Body) {
        self.name = name
        self.signature = Signature.builtIn(signature)
        self.arity = arity
        self.body = body
    }

    private init() {
        name = ""
        signature = nil
        arity = 0
        body = { _ throws(Failure) in .undefined }
    }

    static let none = Native()
}

/// What a built-in function is given.
struct Call {
    let machine: Machine
    let arguments: [Value]
    let input: Value
    let frame: Frame

    /// An argument; undefined where there is none.
    subscript(index: Int) -> Value { index < arguments.count ? arguments[index] : .undefined }

    func string(_ index: Int) -> String? { self[index].string }
    func number(_ index: Int) -> Double? { self[index].number }
    func list(_ index: Int) -> List? { self[index].list }

    /// Calls a function that came as an argument with as many of the arguments as it takes.
    func apply(_ function: Value, _ arguments: [Value]) throws(Failure) -> Value {
        let arity = max(function.function?.arity ?? 1, 1)
        return try machine.apply(function, Array(arguments.prefix(arity)), .undefined, frame)
    }
}

extension Machine {
    /// Calls a function; calls in tail position go round here instead of deeper.
    func apply(
        _ function: Value, _ arguments: [Value], _ input: Value, _ frame: Frame, token: String? = nil,
        position: Int? = nil
    ) throws(Failure) -> Value {
        var result = try applyOnce(function, arguments, input, frame, token, position)
        while let next = tail {
            tail = nil
            result = try applyOnce(next.function, next.arguments, input, frame, next.token, next.position)
        }
        return result
    }

    private func applyOnce(
        _ value: Value, _ arguments: [Value], _ input: Value, _ frame: Frame, _ token: String?, _ position: Int?
    ) throws(Failure) -> Value {
        guard case .function(let function) = value else {
            throw Failure("T1006", position: value.isUndefined ? nil : position, token: value.isUndefined ? nil : token)
        }
        do throws(Failure) {
            var arguments = arguments
            if let signature = function.signature { arguments = try signature.validate(arguments, input) }
            return try call(function, arguments, input, frame)
        } catch {
            if error.token == nil { error.token = token }
            error.position = position ?? error.position
            throw error
        }
    }

    private func call(
        _ function: Function, _ arguments: [Value], _ input: Value, _ frame: Frame
    ) throws(Failure) -> Value {
        switch function.kind {
        case .native(let native):
            return try native.body(Call(machine: self, arguments: arguments, input: input, frame: frame))
        case .lambda(let node, let captured, let scope):
            let inner = Frame(scope)
            for (index, parameter) in node.parameters.enumerated() {
                inner.bind(parameter, index < arguments.count ? arguments[index] : .undefined)
            }
            return try evaluate(node.body, captured, inner)
        case .partial(let target, let given):
            var rest = arguments.makeIterator()
            let all = given.map { $0 ?? rest.next() ?? .undefined }
            return try call(target, all, .undefined, frame)
        case .chain(let first, let second):
            let value = try apply(.function(first), arguments, .undefined, frame)
            return try apply(.function(second), [value], .undefined, frame)
        case .transform(let node, let scope):
            return try node.transform(arguments.first ?? .undefined, scope, self)
        case .regex(let regex, let position):
            guard case .string(let text)? = arguments.first else { return .undefined }
            return try Matching.record(regex, Subject(text), from: 0, position, self)
        case .nextMatch(let regex, let subject, let from, let position):
            return try Matching.next(regex, subject, from: from, position, self)
        }
    }
}
