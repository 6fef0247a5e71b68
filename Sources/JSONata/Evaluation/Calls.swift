/// `f(a, b)`.
final class CallNode: Node {
    var procedure: Node
    var arguments: [Node]
    /// Nothing is left to do behind this call in the function around it.
    var isTail = false

    init(_ procedure: Node, _ arguments: [Node], _ position: Int) {
        self.procedure = procedure
        self.arguments = arguments
        super.init(position)
    }

    override var type: String { "function" }
    override func unlink() {
        super.unlink()
        procedure = Node.none
        arguments = []
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        try call(input, frame, machine, first: nil)
    }

    /// - Parameter first: the left side of `~>`, in front of the written arguments.
    func call(_ input: Value, _ frame: Frame, _ machine: Machine, first: Value?) throws(Failure) -> Value {
        let function = try machine.evaluate(procedure, input, frame)
        try procedure.checkCallable(function, "T1005", position, machine)
        var values: [Value] = []
        values.reserveCapacity(arguments.count + 1)
        if let first { values.append(first) }
        for argument in arguments { values.append(try machine.evaluate(argument, input, frame)) }
        if isTail, function.function != nil {
            machine.tail = Machine.TailCall(
                function: function, arguments: values, token: (procedure as? VariableNode)?.name,
                position: procedure.position)
            return .undefined
        }
        do throws(Failure) {
            return try machine.apply(
                function, values, input, frame, token: procedure.calledName, position: position)
        } catch {
            if error.position == nil { error.position = position }
            if error.token == nil { error.token = procedure.calledName }
            throw error
        }
    }
}

extension Node {
    /// What an error calls the function that this node names.
    var calledName: String? {
        switch self {
        case let node as VariableNode: node.name
        case let node as PathNode: (node.steps.first as? NameNode)?.key
        case let node as LiteralNode:
            switch node.value {
            case .number(let number): NumberText.format(number)
            case .string(let text): text
            case .bool(let value): String(value)
            case .null: nil
            }
        default: nil
        }
    }

    /// A path that yields nothing, but whose name a function has: somebody forgot the dollar sign.
    func checkCallable(
        _ value: Value, _ code: String, _ position: Int, _ machine: Machine
    ) throws(Failure) {
        guard value.isUndefined, let path = self as? PathNode, let name = (path.steps.first as? NameNode)?.key,
            Library.functions(machine.dialect)[name] != nil || machine.bindings[name] != nil
        else { return }
        throw Failure(code, position: position, token: name)
    }
}

/// `f(?, b)`.
final class PartialNode: Node {
    var procedure: Node
    var arguments: [Node]

    init(_ procedure: Node, _ arguments: [Node], _ position: Int) {
        self.procedure = procedure
        self.arguments = arguments
        super.init(position)
    }

    override var type: String { "partial" }
    override func unlink() {
        super.unlink()
        procedure = Node.none
        arguments = []
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        var given: [Value?] = []
        for argument in arguments {
            if argument is PlaceholderNode {
                given.append(.none)
            } else {
                given.append(.some(try machine.evaluate(argument, input, frame)))
            }
        }
        let value = try machine.evaluate(procedure, input, frame)
        try procedure.checkCallable(value, "T1007", position, machine)
        guard case .function(let function) = value else {
            throw Failure("T1008", position: position, token: procedure.calledName)
        }
        let arity = function.arity
        if given.count > arity { given.removeLast(given.count - arity) }
        while given.count < arity { given.append(.some(.undefined)) }
        return .function(Function(.partial(function, given)))
    }
}

final class LambdaNode: Node {
    let parameters: [Int]
    let signature: Signature?
    var body: Node

    init(_ parameters: [Int], _ signature: Signature?, _ body: Node, _ position: Int) {
        self.parameters = parameters
        self.signature = signature
        self.body = body
        super.init(position)
    }

    override var type: String { "lambda" }
    override func unlink() {
        super.unlink()
        body = Node.none
    }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        .function(Function(.lambda(self, input: input, frame)))
    }
}

/// `f ~> g`, `value ~> f`, `value ~> f(b)`.
final class ApplyNode: BinaryNode {
    override var type: String { "apply" }

    override func run(_ input: Value, _ frame: Frame, _ machine: Machine) throws(Failure) -> Value {
        let value = try machine.evaluate(left, input, frame)
        if let call = right as? CallNode { return try call.call(input, frame, machine, first: value) }
        guard case .function(let function) = try machine.evaluate(right, input, frame) else {
            throw Failure("T2006", position: position)
        }
        if case .function(let first) = value { return .function(Function(.chain(first, function))) }
        return try machine.apply(.function(function), [value], .undefined, frame)
    }
}
