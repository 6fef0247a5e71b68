import JSON

/// Runs a template. Bounded: steps, the size of what it makes, and 1000 rounds of each loop. Source: quotas of REST APIs.
struct TemplateMachine {
    private static let maxRounds = 1000
    private static let maxBytes = 10 << 20

    let input: TemplateInput
    private(set) var context: JSON
    private(set) var text = ""
    private var variables: [String: JSON] = [:]
    /// Steps, and eighths of the bytes of texts that are kept.
    private var budget = 3_000_000
    /// The body, parsed at the first question about it.
    private var document: JSON?

    private enum Flow { case on, leave, stop }

    /// - Returns: the text, and `$context` with what the template has set in it.
    static func run(_ template: Template, _ input: TemplateInput) throws(TemplateError) -> (text: String, context: JSON)
    {
        var machine = TemplateMachine(input: input, context: input.context)
        _ = try machine.run(template.nodes)
        return (machine.text, machine.context)
    }

    private init(input: TemplateInput, context: JSON) { (self.input, self.context) = (input, context) }

    private mutating func spend() throws(TemplateError) {
        budget -= 1
        guard budget > 0, text.utf8.count <= Self.maxBytes else {
            throw TemplateError(reason: "the template does not come to an end")
        }
    }

    private mutating func run(_ nodes: [Template.Node]) throws(TemplateError) -> Flow {
        for node in nodes {
            try spend()
            switch node {
            case .text(let plain): text += plain
            case .reference(let reference): text += try shown(reference)
            case .set(let target, let value): try assign(target, try self.value(value))
            case .choice(let cases, let otherwise):
                var chosen = otherwise
                for (condition, body) in cases where Self.isTrue(try value(condition)) {
                    chosen = body
                    break
                }
                let flow = try run(chosen)
                if flow != .on { return flow }
            case .loop(let name, let elements, let body): if try loop(name, elements, body) == .stop { return .stop }
            case .stop: return .stop
            case .leave: return .leave
            }
        }
        return .on
    }

    private mutating func loop(
        _ name: String, _ expression: Template.Expression, _ body: [Template.Node]
    ) throws(TemplateError) -> Flow {
        let value = try value(expression)
        let elements = value?.array ?? value?.object?.values ?? []
        guard elements.count <= Self.maxRounds else {
            throw TemplateError(reason: "#foreach goes through more than \(Self.maxRounds) elements")
        }
        let outer = (variables[name], variables["foreach"], variables["velocityCount"])
        defer { (variables[name], variables["foreach"], variables["velocityCount"]) = outer }
        for (index, element) in elements.enumerated() {
            variables[name] = element
            variables["velocityCount"] = .number(index + 1)
            variables["foreach"] = [
                "index": .number(index), "count": .number(index + 1), "hasNext": .bool(index + 1 < elements.count),
                "first": .bool(index == 0), "last": .bool(index + 1 == elements.count),
            ]
            switch try run(body) {
            case .on: continue
            case .leave: return .on
            case .stop: return .stop
            }
        }
        return .on
    }

    // MARK: - References

    private mutating func shown(_ reference: Template.Reference) throws(TemplateError) -> String {
        guard let value = try value(reference) else { return reference.isQuiet ? "" : reference.source }
        return TemplateText.of(value)
    }

    /// nil: there is no such variable, or no such method.
    private mutating func value(_ reference: Template.Reference) throws(TemplateError) -> JSON? {
        var steps = reference.steps[...]
        var current: JSON?
        switch reference.name {
        case "input", "util":
            guard let first = steps.popFirst() else { return nil }
            if case .member("body") = first, reference.name == "input" {
                current = .string(input.text)
            } else if case .call(let method, let given) = first {
                let arguments = try values(given)
                current =
                    try reference.name == "input"
                    ? asked(method, arguments) : TemplateUtilities.call(method, arguments)
            }
        case "context": current = context
        case "stageVariables": current = input.stageVariables
        default: current = variables[reference.name]
        }
        guard var value = current else { return nil }
        for (index, step) in zip(steps.indices, steps) {
            try spend()
            switch step {
            case .member(let name): value = member(name, of: value)
            case .index(let expression): value = Self.element(value, try self.value(expression) ?? .null)
            case .call(let method, let given):
                let arguments = try values(given)
                var changed = value
                guard let answer = try TemplateMethods.call(method, on: &changed, arguments, budget: &budget) else {
                    return nil
                }
                if changed != value { try store(changed, in: reference.name, reference.steps[..<index]) }
                value = answer
            }
        }
        return value
    }

    private mutating func asked(_ method: String, _ arguments: [JSON]) throws(TemplateError) -> JSON? {
        let document = document ?? input.document
        self.document = document
        budget -= input.body.count / 64
        return try input.call(method, arguments, document)
    }

    private func member(_ name: String, of value: JSON) -> JSON {
        if let found = value[name] { return found }
        // A getter by its property: `$map.empty`, `$entry.key`.
        return value.object?.caseless(name)?.value ?? .null
    }

    private static func element(_ value: JSON, _ index: JSON) -> JSON {
        if let name = index.string { return value[name] ?? .null }
        return index.int.flatMap { value[$0] } ?? .null
    }

    private mutating func assign(_ target: Template.Reference, _ value: JSON?) throws(TemplateError) {
        guard target.name != "input", target.name != "util" else {
            throw TemplateError(reason: "$\(target.name) cannot be set")
        }
        try store(value ?? .null, in: target.name, target.steps[...])
    }

    private mutating func store(
        _ value: JSON, in name: String, _ steps: ArraySlice<Template.Step>
    ) throws(TemplateError) {
        Self.weigh(value, &budget)
        try spend()
        let root = name == "context" ? context : variables[name] ?? .null
        let changed = try replaced(root, steps, value)
        if name == "context" { context = changed } else { variables[name] = changed }
    }

    /// A list that holds another twice costs twice its size, though it takes no memory yet: it will when it is written.
    private static func weigh(_ value: JSON, _ budget: inout Int) {
        budget -= 1
        guard budget > 0 else { return }
        switch value {
        case .string(let text): budget -= text.utf8.count / 8
        case .array(let elements): for element in elements { weigh(element, &budget) }
        case .object(let object): for (_, member) in object { weigh(member, &budget) }
        default: break
        }
    }

    private mutating func replaced(
        _ root: JSON, _ steps: ArraySlice<Template.Step>, _ value: JSON
    ) throws(TemplateError) -> JSON {
        guard let step = steps.first else { return value }
        let key: JSON
        switch step {
        case .member(let name): key = .string(name)
        case .index(let expression): key = try self.value(expression) ?? .null
        case .call("get", let arguments): key = try values(arguments).first ?? .null
        case .call: return root
        }
        let inner = try replaced(Self.element(root, key), steps.dropFirst(), value)
        if let index = key.int, var elements = root.array, elements.indices.contains(index) {
            elements[index] = inner
            return .array(elements)
        }
        var object = root.object ?? [:]
        object[TemplateText.of(key)] = inner
        return .object(object)
    }

    // MARK: - Expressions

    private mutating func values(_ expressions: [Template.Expression]) throws(TemplateError) -> [JSON] {
        var values: [JSON] = []
        for expression in expressions { values.append(try value(expression) ?? .null) }
        return values
    }

    private mutating func value(_ expression: Template.Expression) throws(TemplateError) -> JSON? {
        try spend()
        switch expression {
        case .literal(let value): return value
        case .text(let nodes):
            let outer = text
            text = ""
            defer { text = outer }
            _ = try run(nodes)
            return .string(text)
        case .reference(let reference): return try value(reference)
        case .list(let elements): return .array(try values(elements))
        case .map(let members):
            var object = JSON.Object()
            for (key, value) in members {
                object[TemplateText.of(try self.value(key) ?? .null)] = try self.value(value) ?? .null
            }
            return .object(object)
        case .range(let first, let last):
            guard let first = try value(first)?.int, let last = try value(last)?.int,
                abs(last - first) <= Self.maxRounds
            else { throw TemplateError(reason: "a range goes too far, or is none") }
            let numbers = first <= last ? Array(first...last) : (last...first).reversed()
            return .array(numbers.map { .number($0) })
        case .not(let inner): return .bool(!Self.isTrue(try value(inner)))
        case .binary(.and, let left, let right):
            guard Self.isTrue(try value(left)) else { return false }
            return .bool(Self.isTrue(try value(right)))
        case .binary(.or, let left, let right):
            if Self.isTrue(try value(left)) { return true }
            return .bool(Self.isTrue(try value(right)))
        case .binary(let operation, let left, let right):
            return TemplateArithmetic.value(operation, try value(left) ?? .null, try value(right) ?? .null)
        }
    }

    /// Everything but null and `false`, also empty texts.
    private static func isTrue(_ value: JSON?) -> Bool {
        guard let value else { return false }
        return !value.isNull && value != false
    }
}

enum TemplateArithmetic {
    static func value(_ operation: Template.Operator, _ left: JSON, _ right: JSON) -> JSON {
        switch operation {
        case .equal: return .bool(isEqual(left, right))
        case .unequal: return .bool(!isEqual(left, right))
        case .plus where left.double == nil || right.double == nil:
            return .string(TemplateText.of(left) + TemplateText.of(right))
        case .less, .atMost, .greater, .atLeast: return compared(operation, left, right)
        default: return number(operation, left, right)
        }
    }

    /// Of different kinds: equal when they show the same.
    private static func isEqual(_ left: JSON, _ right: JSON) -> Bool {
        if let left = left.double, let right = right.double { return left == right }
        if left.isNull || right.isNull { return left.isNull && right.isNull }
        return left == right || TemplateText.of(left) == TemplateText.of(right)
    }

    private static func compared(_ operation: Template.Operator, _ left: JSON, _ right: JSON) -> JSON {
        guard let left = left.double, let right = right.double else { return false }
        return switch operation {
        case .less: .bool(left < right)
        case .atMost: .bool(left <= right)
        case .greater: .bool(left > right)
        default: .bool(left >= right)
        }
    }

    /// null where there is no result: division by zero, overflow, texts.
    private static func number(_ operation: Template.Operator, _ left: JSON, _ right: JSON) -> JSON {
        if let left = whole(left), let right = whole(right) {
            let (result, overflow) =
                switch operation {
                case .plus: left.addingReportingOverflow(right)
                case .minus: left.subtractingReportingOverflow(right)
                case .times: left.multipliedReportingOverflow(by: right)
                case .over: left.dividedReportingOverflow(by: right)
                default: left.remainderReportingOverflow(dividingBy: right)
                }
            return overflow ? JSON.null : JSON.number(result)
        }
        guard let left = left.double, let right = right.double else { return .null }
        return switch operation {
        case .plus: .number(left + right)
        case .minus: .number(left - right)
        case .times: .number(left * right)
        case .over: right == 0 ? JSON.null : JSON.number(left / right)
        default: right == 0 ? JSON.null : JSON.number(left.truncatingRemainder(dividingBy: right))
        }
    }

    private static func whole(_ value: JSON) -> Int? {
        guard case .number(let number) = value else { return nil }
        return Int(number.text)
    }
}
