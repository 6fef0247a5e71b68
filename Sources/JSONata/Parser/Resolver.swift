/// Makes the tree that is evaluated: dots become paths of steps, predicates and groupings go to their steps, `%` finds
/// the step that it means, calls in tail position are marked.
struct Resolver {
    var symbols: Symbols
    let dialect: Dialect
    private(set) var nodes: [Node] = []
    private var variables: [VariableNode] = []
    private var bound: Set<Int> = []
    private var stack: Stack
    private var parents = 0
    /// Whether something binds a variable in the block at hand.
    private var binds = false
    /// How many predicates, functions and steps are around: at 0, `$` would mean the input of the expression.
    private var contexts = 0

    init(symbols: Symbols, dialect: Dialect, stack: Stack) {
        self.symbols = symbols
        self.dialect = dialect
        self.stack = stack
    }

    mutating func resolve(_ syntax: Syntax) throws(Failure) -> Node {
        let tree = try node(syntax)
        if tree is ParentNode || !tree.seekingParents.isEmpty {
            throw Failure("S0217", position: tree.position, token: tree.type)
        }
        return tree
    }

    /// Marks the variables that only the outside can bind.
    func settleGlobals() {
        for variable in variables { variable.isGlobal = !bound.contains(variable.symbol) }
    }

    private mutating func keep<Kind: Node>(_ node: Kind) -> Kind {
        nodes.append(node)
        return node
    }

    private mutating func node(_ syntax: Syntax) throws(Failure) -> Node {
        let result: Node
        if stack.hasRoom {
            result = try make(syntax)
        } else {
            let before = stack
            defer { stack = before }
            var current = stack
            result = try Stack.extend(&current) { (large: inout Stack) throws(Failure) in
                stack = large
                return try make(syntax)
            }
        }
        if syntax.keepsArray { result.keepsArray = true }
        return result
    }

    private mutating func inner(_ syntax: Syntax) throws(Failure) -> Node {
        contexts += 1
        defer { contexts -= 1 }
        return try node(syntax)
    }

    private mutating func make(_ syntax: Syntax) throws(Failure) -> Node {
        let position = syntax.position
        switch syntax.kind {
        case .name, .keyword:
            if dialect == .stepFunctions, contexts == 0 {
                throw Failure("S0500", position: position, token: syntax.text, message: Messages.noInput)
            }
            let path = keep(PathNode([keep(NameNode(syntax.text, position))], position))
            path.steps[0].keepsArray = syntax.keepsArray
            path.keepsSingleton = syntax.keepsArray
            return path
        case .variable: return try variable(syntax)
        case .string: return keep(LiteralNode(.string, .string(syntax.text), position))
        case .number: return keep(LiteralNode(.number, .number(syntax.number), position))
        case .word:
            let value: LiteralNode.Constant = syntax.text == "null" ? .null : .bool(syntax.text == "true")
            return keep(LiteralNode(.word, value, position))
        case .regex: return keep(syntax.regex.map { RegexNode($0, position) } ?? Node(position))
        case .wildcard: return keep(WildcardNode(position))
        case .descendant: return keep(DescendantNode(position))
        case .placeholder: return keep(PlaceholderNode(position))
        case .parent:
            parents += 1
            return keep(ParentNode(Slot(symbols.number(of: "%\(parents)")), position))
        case .end: throw Failure("S0207", position: position, token: "(end)")
        case .binary: return try binary(syntax)
        case .focus: return try focus(syntax)
        case .predicate: return try predicate(syntax)
        case .sort: return try sort(syntax)
        case .negation: return try negation(syntax)
        case .array: return try array(syntax)
        case .object: return try object(syntax)
        case .call, .partial: return try call(syntax)
        case .lambda: return try lambda(syntax)
        case .block: return try block(syntax)
        case .condition, .fallback: return try condition(syntax)
        case .transform: return try transform(syntax)
        }
    }

    // MARK: - Operands

    private mutating func variable(_ syntax: Syntax) throws(Failure) -> Node {
        if syntax.text.isEmpty || syntax.text == "$" {
            // Step Functions has no input of its own: `$states` holds everything.
            if dialect == .stepFunctions, contexts == 0 || syntax.text == "$" {
                throw Failure("S0500", position: syntax.position, token: "$" + syntax.text, message: Messages.noInput)
            }
            return syntax.text.isEmpty ? keep(ContextNode(syntax.position)) : keep(RootNode(syntax.position))
        }
        let node = keep(VariableNode(syntax.text, symbols.number(of: syntax.text), syntax.position))
        variables.append(node)
        return node
    }

    private mutating func negation(_ syntax: Syntax) throws(Failure) -> Node {
        let operand = try node(syntax.children[0])
        if let literal = operand as? LiteralNode, case .number(let number) = literal.value {
            let negative = keep(LiteralNode(.number, .number(-number), literal.position))
            negative.predicates = literal.predicates
            negative.group = literal.group
            return negative
        }
        let result = keep(NegationNode(operand, syntax.position))
        Ancestry.pass(operand, to: result)
        return result
    }

    private mutating func array(_ syntax: Syntax) throws(Failure) -> Node {
        var items: [Node] = []
        for child in syntax.children { items.append(try node(child)) }
        let result = keep(ArrayNode(items, syntax.position))
        for item in items { Ancestry.pass(item, to: result) }
        return result
    }

    private mutating func object(_ syntax: Syntax) throws(Failure) -> Node {
        guard syntax.hasLeft else {
            let content = try grouping(syntax.children[...], syntax.position)
            let result = keep(ObjectNode(content))
            for pair in content.pairs {
                Ancestry.pass(pair.key, to: result)
                Ancestry.pass(pair.value, to: result)
            }
            return result
        }
        let result = try node(syntax.children[0])
        guard result.group == nil else { throw Failure("S0210", position: syntax.position) }
        contexts += 1
        defer { contexts -= 1 }
        result.group = try grouping(syntax.children.dropFirst(), syntax.position)
        return result
    }

    private mutating func grouping(_ children: ArraySlice<Syntax>, _ position: Int) throws(Failure) -> Grouping {
        var pairs: [(key: Node, value: Node)] = []
        var rest = children
        while let key = rest.popFirst(), let value = rest.popFirst() {
            pairs.append((try node(key), try node(value)))
        }
        return Grouping(pairs, position)
    }

    // MARK: - Paths

    private mutating func binary(_ syntax: Syntax) throws(Failure) -> Node {
        let position = syntax.position
        switch syntax.text {
        case ".": return try path(syntax)
        case ":=":
            let value = try node(syntax.children[1])
            let symbol = symbols.number(of: syntax.children[0].text)
            bound.insert(symbol)
            binds = true
            let result = keep(BindNode(symbol, value, position))
            Ancestry.pass(value, to: result)
            return result
        case "~>":
            let left = try node(syntax.children[0])
            return keep(ApplyNode("~>", left, try node(syntax.children[1]), position))
        default:
            let left = try node(syntax.children[0])
            let right = try node(syntax.children[1])
            let result = keep(Self.operation(syntax.text, left, right, position))
            Ancestry.pass(left, to: result)
            Ancestry.pass(right, to: result)
            return result
        }
    }

    private static func operation(_ sign: String, _ left: Node, _ right: Node, _ position: Int) -> Node {
        switch sign {
        case "+": ArithmeticNode(.add, sign, left, right, position)
        case "-": ArithmeticNode(.subtract, sign, left, right, position)
        case "*": ArithmeticNode(.multiply, sign, left, right, position)
        case "/": ArithmeticNode(.divide, sign, left, right, position)
        case "%": ArithmeticNode(.modulo, sign, left, right, position)
        case "=", "!=": EqualityNode(sign, left, right, position)
        case "&": ConcatenationNode(sign, left, right, position)
        case "and", "or": LogicNode(sign, left, right, position)
        case "in": InclusionNode(sign, left, right, position)
        case "..": RangeNode(sign, left, right, position)
        default: ComparisonNode(sign, left, right, position)
        }
    }

    private mutating func path(_ syntax: Syntax) throws(Failure) -> Node {
        let left = try node(syntax.children[0])
        let path = left as? PathNode ?? keep(PathNode([left], syntax.position))
        if let parent = left as? ParentNode { path.seekingParents = [parent.slot] }
        let right = try inner(syntax.children[1])
        if let rest = right as? PathNode {
            path.steps += rest.steps
        } else {
            right.stages = right.predicates
            right.predicates = []
            path.steps.append(right)
        }
        for (index, step) in path.steps.enumerated() {
            guard let literal = step as? LiteralNode else { continue }
            switch literal.value {
            case .string(let text): path.steps[index] = rename(literal, text)
            case .number(let number): throw literalStep(literal, NumberText.format(number))
            case .bool(let value): throw literalStep(literal, String(value))
            case .null: throw literalStep(literal, "null")
            }
        }
        if path.steps.contains(where: \.keepsArray) { path.keepsSingleton = true }
        for step in [path.steps.first, path.steps.last] where step is ArrayNode { step?.isConstructed = true }
        try Ancestry.resolve(path)
        return path
    }

    private func literalStep(_ literal: LiteralNode, _ text: String) -> Failure {
        Failure("S0213", position: literal.position, ["value": .string(text)])
    }

    /// A text among the steps is a name in quotes.
    private mutating func rename(_ literal: LiteralNode, _ text: String) -> Node {
        let name = keep(NameNode(text, literal.position))
        name.predicates = literal.predicates
        name.stages = literal.stages
        name.group = literal.group
        name.keepsArray = literal.keepsArray
        name.focus = literal.focus
        name.index = literal.index
        name.isTuple = literal.isTuple
        return name
    }

    private mutating func predicate(_ syntax: Syntax) throws(Failure) -> Node {
        let result = try node(syntax.children[0])
        let path = result as? PathNode
        let step = path?.steps.last ?? result
        guard step.group == nil else { throw Failure("S0209", position: syntax.position) }
        let predicate = try inner(syntax.children[1])
        for slot in predicate.seekingParents {
            if slot.level == 1 { try Ancestry.seek(step, slot) } else { slot.level -= 1 }
        }
        Ancestry.pass(predicate, to: step)
        if path == nil { step.predicates.append(.filter(predicate)) } else { step.stages.append(.filter(predicate)) }
        return result
    }

    private mutating func sort(_ syntax: Syntax) throws(Failure) -> Node {
        let left = try node(syntax.children[0])
        let path = left as? PathNode ?? keep(PathNode([left], syntax.position))
        let step = keep(SortNode(syntax.position))
        for (index, child) in syntax.children.dropFirst().enumerated() {
            let expression = try inner(child)
            Ancestry.pass(expression, to: step)
            step.terms.append(SortNode.Term(expression: expression, descending: syntax.flags[index]))
        }
        path.steps.append(step)
        try Ancestry.resolve(path)
        return path
    }

    private mutating func focus(_ syntax: Syntax) throws(Failure) -> Node {
        var result = try node(syntax.children[0])
        let symbol = symbols.number(of: syntax.name)
        bound.insert(symbol)
        var step = (result as? PathNode)?.steps.last ?? result
        if syntax.text == "@" {
            guard step.stages.isEmpty, step.predicates.isEmpty else {
                throw Failure("S0215", position: syntax.position)
            }
            guard !(step is SortNode) else { throw Failure("S0216", position: syntax.position) }
            if syntax.keepsArray { step.keepsArray = true }
            step.focus = symbol
        } else {
            if !(result is PathNode) {
                step = result
                result = keep(PathNode([step], syntax.position))
                step.stages = step.predicates
                step.predicates = []
            }
            if step.stages.isEmpty { step.index = symbol } else { step.stages.append(.index(symbol)) }
        }
        step.isTuple = true
        return result
    }

    // MARK: - Calls and control

    private mutating func call(_ syntax: Syntax) throws(Failure) -> Node {
        var arguments: [Node] = []
        for child in syntax.children.dropFirst() { arguments.append(try node(child)) }
        let procedure = try node(syntax.children[0])
        let result: Node =
            syntax.kind == .call
            ? keep(CallNode(procedure, arguments, syntax.position))
            : keep(PartialNode(procedure, arguments, syntax.position))
        for argument in arguments { Ancestry.pass(argument, to: result) }
        return result
    }

    private mutating func lambda(_ syntax: Syntax) throws(Failure) -> Node {
        var parameters: [Int] = []
        for child in syntax.children.dropLast() { parameters.append(symbols.number(of: child.text)) }
        bound.formUnion(parameters)
        guard let last = syntax.children.last else { return Node(syntax.position) }
        let outer = binds
        let body = try node(last)
        binds = outer
        Self.markTail(body)
        return keep(LambdaNode(parameters, syntax.signature, body, syntax.position))
    }

    private static func markTail(_ node: Node) {
        var node = node
        while node.predicates.isEmpty, node.group == nil, !node.keepsArray {
            switch node {
            case let call as CallNode:
                call.isTail = true
                return
            case let condition as ConditionNode:
                if let negative = condition.negative {
                    markTail(condition.positive)
                    node = negative
                } else {
                    node = condition.positive
                }
            case let block as BlockNode:
                guard let last = block.expressions.last else { return }
                node = last
            default: return
            }
        }
    }

    private mutating func block(_ syntax: Syntax) throws(Failure) -> Node {
        let outer = binds
        binds = false
        var expressions: [Node] = []
        for child in syntax.children { expressions.append(try node(child)) }
        let result = keep(BlockNode(expressions, syntax.position))
        result.needsFrame = binds
        binds = outer
        for part in expressions {
            Ancestry.pass(part, to: result)
            if part.isConstructed || (part as? PathNode)?.steps.first?.isConstructed == true {
                result.isConstructed = true
            }
        }
        return result
    }

    private mutating func condition(_ syntax: Syntax) throws(Failure) -> Node {
        var parts: [Node] = []
        for child in syntax.children { parts.append(try node(child)) }
        let result: Node =
            syntax.kind == .fallback
            ? keep(FallbackNode(syntax.text, parts[0], parts[1], syntax.position))
            : keep(ConditionNode(parts[0], parts[1], parts.count > 2 ? parts[2] : nil, syntax.position))
        for part in parts { Ancestry.pass(part, to: result) }
        return result
    }

    private mutating func transform(_ syntax: Syntax) throws(Failure) -> Node {
        contexts += 1
        defer { contexts -= 1 }
        let pattern = try node(syntax.children[0])
        let update = try node(syntax.children[1])
        let removal = syntax.children.count > 2 ? try node(syntax.children[2]) : nil
        return keep(TransformNode(pattern, update, removal, syntax.position))
    }
}
