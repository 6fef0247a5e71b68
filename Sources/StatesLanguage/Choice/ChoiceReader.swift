import JSON

/// Reads one rule of a Choice state.
struct ChoiceReader {
    let fields: Fields
    let language: QueryLanguage
    private static let deepest = 50

    init(fields: Fields, language: QueryLanguage) {
        self.fields = fields
        self.language = language
    }

    /// - Parameter index: among the rules, for the fields that errors name.
    func rule(_ index: Int) -> ChoiceRule {
        fields.require("Next")
        let reader = FieldReader(fields: fields, language: language)
        switch language {
        case .jsonPath: fields.refuse(["Condition", "Output"], because: language)
        case .jsonata: fields.refuse(["Variable", "And", "Or", "Not"], because: language)
        }
        let rule = ChoiceRule(
            condition: Condition(test: language == .jsonata ? query(index) : test(fields, 0)),
            next: fields.text("Next") ?? "",
            output: reader.queries("Output", field: "Choices[\(index)]/Output"),
            assign: reader.assign(field: "Choices[\(index)]/Assign"))
        fields.refuseUnknown()
        return rule
    }

    private func query(_ index: Int) -> Condition.Test {
        Self.requireTest(fields)
        guard let value = fields["Condition"] else { return .constant(false) }
        if let flag = value.bool { return .constant(flag) }
        let templates = TemplateReader(language: .jsonata, findings: fields.findings)
        if let text = value.string,
            let query = templates.query(text, "Choices[\(index)]/Condition", fields.place("Condition"), .boolean)
        {
            return .query(query)
        }
        fields.error("Expected value of type [BOOLEAN]", "Condition")
        return .constant(false)
    }

    private func test(_ fields: Fields, _ depth: Int) -> Condition.Test {
        guard depth < Self.deepest else {
            fields.error("Value is nested too deeply")
            return .constant(false)
        }
        Self.requireTest(fields)
        if fields.has("And") { return .all(tests(fields, "And", depth)) }
        if fields.has("Or") { return .any(tests(fields, "Or", depth)) }
        if fields.has("Not") {
            guard let inner = fields.fields("Not") else { return .constant(false) }
            return .not(nested(inner, depth))
        }
        return comparison(fields)
    }

    private func tests(_ fields: Fields, _ name: String, _ depth: Int) -> [Condition.Test] {
        let values = fields.array(name) ?? []
        if values.isEmpty { fields.error("Value cannot be empty", name) }
        return values.enumerated().compactMap { index, value in
            Fields(value, at: "\(fields.place(name))[\(index)]", fields.findings).map { nested($0, depth) }
        }
    }

    private func nested(_ fields: Fields, _ depth: Int) -> Condition.Test {
        let test = test(fields, depth + 1)
        fields.refuseUnknown()
        return test
    }

    private func comparison(_ fields: Fields) -> Condition.Test {
        let operators = fields.object.keys.compactMap { ChoiceOperator($0) }
        for found in operators { _ = fields[found.name] }
        let variable = fields.text("Variable").flatMap { try? Path($0) }
        if fields.object["Variable"]?.string != nil, variable == nil { Self.refusePath(fields, "Variable") }
        guard let found = operators.first, operators.count == 1 else {
            let list = operators.map(\.name).joined(separator: ", ")
            fields.error(
                operators.isEmpty
                    ? "This object should have a comparison operator"
                    : "There should only be one of the following fields: [\(list)]")
            return .constant(false)
        }
        guard let test = found.test(fields), let variable else { return .constant(false) }
        return .compare(Comparison(variable: variable, test: test))
    }

    private static func requireTest(_ fields: Fields) {
        let names = ["And", "Or", "Not", "Variable", "Condition"]
        guard names.count(where: fields.has) != 1 else { return }
        fields.error("The object must have only one of the following fields, [\(names.joined(separator: ", "))]")
    }

    static func refusePath(_ fields: Fields, _ name: String) {
        let isPath = fields.object[name]?.string?.utf8.first == UInt8(ascii: "$")
        fields.error(
            isPath
                ? "Value is not a Reference Path"
                : "Value is not a Reference Path: Reference path didn't start with '$'", name)
    }
}

/// An operator by its name, `StringLessThanEqualsPath` for example.
private struct ChoiceOperator {
    let name: String
    private let kind: Kind
    private let isPath: Bool

    private enum Kind {
        case string(Comparison.Order)
        case number(Comparison.Order)
        case timestamp(Comparison.Order)
        case boolean
        case matches
        case has(Comparison.Property)
    }

    /// nil for anything else.
    init?(_ name: String) {
        self.name = name
        isPath = name.hasSuffix("Path")
        let word = isPath ? String(name.dropLast(4)) : name
        func order(after prefix: String) -> Comparison.Order? {
            word.hasPrefix(prefix) ? Comparison.Order(rawValue: String(word.dropFirst(prefix.count))) : nil
        }
        if let order = order(after: "String") {
            kind = .string(order)
        } else if let order = order(after: "Numeric") {
            kind = .number(order)
        } else if let order = order(after: "Timestamp") {
            kind = .timestamp(order)
        } else if word == "BooleanEquals" {
            kind = .boolean
        } else if name == "StringMatches" {
            kind = .matches
        } else if let property = Comparison.Property(rawValue: name) {
            kind = .has(property)
        } else {
            return nil
        }
    }

    func test(_ fields: Fields) -> Comparison.Test? {
        switch kind {
        case .string(let order): operand(fields, fields.text).map { .string(order, $0) }
        case .number(let order): operand(fields, number(fields)).map { .number(order, $0) }
        case .timestamp(let order): operand(fields, timestamp(fields)).map { .timestamp(order, $0) }
        case .boolean: operand(fields, fields.flag).map { .boolean($0) }
        case .has(let property): fields.flag(name).map { .has(property, $0) }
        case .matches: pattern(fields).map { .matches($0) }
        }
    }

    private func operand<T>(_ fields: Fields, _ literal: (String) -> T?) -> Comparison.Operand<T>? {
        guard isPath else { return literal(name).map { .literal($0) } }
        guard let text = fields.text(name) else { return nil }
        guard let path = try? Path(text) else {
            ChoiceReader.refusePath(fields, name)
            return nil
        }
        return .path(path)
    }

    private func number(_ fields: Fields) -> (String) -> Double? {
        { name in fields.number(name, in: -Double.infinity...Double.infinity) }
    }

    private func timestamp(_ fields: Fields) -> (String) -> RFC3339? {
        { name in
            guard let text = fields.text(name) else { return nil }
            if let moment = RFC3339(text) { return moment }
            fields.error("String does not match RFC3339 timestamp", name)
            return nil
        }
    }

    private func pattern(_ fields: Fields) -> StringPattern? {
        guard let text = fields.text(name) else { return nil }
        if let pattern = StringPattern(text) { return pattern }
        fields.error("A backslash may only precede * and a backslash", name)
        return nil
    }
}
