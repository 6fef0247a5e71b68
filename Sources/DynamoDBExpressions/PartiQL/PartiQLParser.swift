import AWSWire

/// Reads one statement from its tokens.
struct PartiQLParser {
    private let tokens: [PartiQLToken]
    private var position = 0
    private let parameters: [AttributeValue]
    private var used = 0
    private var depth = 0

    init(tokens: [PartiQLToken], parameters: [AttributeValue]) {
        self.tokens = tokens
        self.parameters = parameters
    }

    // MARK: Tokens

    private var token: PartiQLToken { tokens[min(position, tokens.count - 1)] }

    private mutating func advance() { position += 1 }

    private func isAt(_ sign: String) -> Bool { token.kind == .sign && token.text == sign }

    private func isAt(keyword: String) -> Bool {
        token.kind == .word && token.text.uppercased() == keyword
    }

    private mutating func take(_ sign: String) -> Bool {
        guard isAt(sign) else { return false }
        advance()
        return true
    }

    private mutating func take(keyword: String) -> Bool {
        guard isAt(keyword: keyword) else { return false }
        advance()
        return true
    }

    private mutating func expect(_ sign: String) throws(AWSError) {
        guard take(sign) else { throw unexpected(sign) }
    }

    private mutating func expect(keyword: String) throws(AWSError) {
        guard take(keyword: keyword) else { throw unexpected(keyword) }
    }

    private func unexpected(_ wanted: String) -> AWSError {
        .partiQL("Unexpected \(token.text) where \(wanted) was expected")
    }

    // MARK: Statements

    mutating func statement() throws(AWSError) -> PartiQLStatement {
        var statement: PartiQLStatement
        if isAt(keyword: "SELECT") {
            statement = try select()
        } else if take(keyword: "INSERT") {
            statement = try insert()
        } else if take(keyword: "UPDATE") {
            statement = try update()
        } else if take(keyword: "DELETE") {
            statement = try delete()
        } else if take(keyword: "EXISTS") {
            try expect("(")
            statement = try select()
            statement.action = .exists
            try expect(")")
        } else {
            throw unexpected("SELECT, INSERT, UPDATE or DELETE")
        }
        _ = take(";")
        guard token.kind == .end else { throw unexpected("the end") }
        guard used == parameters.count else { throw Self.otherCount }
        return statement
    }

    private static let otherCount = AWSError.validation(
        "Number of parameters in request and statement don't match.")

    private mutating func select() throws(AWSError) -> PartiQLStatement {
        try expect(keyword: "SELECT")
        var paths: [Path]?
        if !take("*") {
            paths = [try path()]
            while take(",") { paths?.append(try path()) }
        }
        try expect(keyword: "FROM")
        let (table, index) = try source()
        let condition = take(keyword: "WHERE") ? try condition() : nil
        var isDescending = false
        if take(keyword: "ORDER") {
            try expect(keyword: "BY")
            repeat {
                _ = try path()
                if take(keyword: "DESC") { isDescending = true } else { _ = take(keyword: "ASC") }
            } while take(",")
        }
        return PartiQLStatement(
            table: table, index: index, action: .select(paths: paths, isDescending: isDescending),
            condition: condition, returning: nil)
    }

    private mutating func insert() throws(AWSError) -> PartiQLStatement {
        try expect(keyword: "INTO")
        let (table, _) = try source()
        try expect(keyword: "VALUE")
        guard case .map(let item) = try value() else { throw .partiQL("VALUE must be a map") }
        return PartiQLStatement(table: table, index: nil, action: .insert(item), condition: nil, returning: nil)
    }

    private mutating func update() throws(AWSError) -> PartiQLStatement {
        let (table, _) = try source()
        var actions: [Update.Action] = []
        while true {
            if take(keyword: "SET") {
                repeat { actions.append(try assignment()) } while take(",")
            } else if take(keyword: "REMOVE") {
                repeat { actions.append(.remove(try path())) } while take(",")
            } else {
                break
            }
        }
        guard !actions.isEmpty else { throw unexpected("SET or REMOVE") }
        do throws(ExpressionError) {
            try Path.checkDistinct(actions.map(\.path))
        } catch {
            throw .validation(error.text)
        }
        try expect(keyword: "WHERE")
        let condition = try condition()
        return PartiQLStatement(
            table: table, index: nil, action: .update(Update(actions: actions)), condition: condition,
            returning: try returning())
    }

    private mutating func delete() throws(AWSError) -> PartiQLStatement {
        try expect(keyword: "FROM")
        let (table, _) = try source()
        try expect(keyword: "WHERE")
        let condition = try condition()
        return PartiQLStatement(
            table: table, index: nil, action: .delete, condition: condition, returning: try returning())
    }

    /// `RETURNING (ALL | MODIFIED) (OLD | NEW) *`
    private mutating func returning() throws(AWSError) -> String? {
        guard take(keyword: "RETURNING") else { return nil }
        let isAll = take(keyword: "ALL")
        if !isAll { try expect(keyword: "MODIFIED") }
        let isOld = take(keyword: "OLD")
        if !isOld { try expect(keyword: "NEW") }
        try expect("*")
        return (isAll ? "ALL" : "UPDATED") + (isOld ? "_OLD" : "_NEW")
    }

    /// A table, or one of its indexes.
    private mutating func source() throws(AWSError) -> (table: String, index: String?) {
        let table = try name()
        return (table, take(".") ? try name() : nil)
    }

    private mutating func name() throws(AWSError) -> String {
        guard token.kind == .word || token.kind == .quoted else { throw unexpected("a name") }
        defer { advance() }
        return token.text
    }

    // MARK: Paths and values

    private mutating func path() throws(AWSError) -> Path {
        let attribute = try name()
        var steps: [Path.Step] = []
        while true {
            if take(".") {
                steps.append(.name(try name()))
            } else if take("[") {
                switch token.kind {
                case .number: steps.append(.index(Int(token.text) ?? .max))
                case .text: steps.append(.name(token.text))
                default: throw unexpected("an index")
                }
                advance()
                try expect("]")
            } else {
                return Path(attribute, steps)
            }
        }
    }

    /// What stands on the right of `SET path =`.
    private mutating func assignment() throws(AWSError) -> Update.Action {
        let path = try path()
        try expect("=")
        if isAt(keyword: "SET_ADD") || isAt(keyword: "SET_DELETE") {
            let adds = isAt(keyword: "SET_ADD")
            advance()
            try expect("(")
            guard try self.path() == path else {
                throw .partiQL("A set function changes the path that it is assigned to")
            }
            try expect(",")
            let value = try value()
            try expect(")")
            return adds ? .add(path, value) : .delete(path, value)
        }
        var result = try term()
        while isAt("+") || isAt("-") {
            let isPlus = isAt("+")
            advance()
            let right = try term()
            result = isPlus ? .plus(result, right) : .minus(result, right)
        }
        return .set(path, result)
    }

    private mutating func term() throws(AWSError) -> Update.SetValue {
        for function in ["LIST_APPEND", "IF_NOT_EXISTS"] where isAt(keyword: function) && isCall {
            advance()
            try expect("(")
            let first = try term()
            try expect(",")
            let second = try term()
            try expect(")")
            if function == "LIST_APPEND" { return .listAppend(first, second) }
            guard case .path(let path) = first else { throw .partiQL("if_not_exists asks for a path") }
            return .ifNotExists(path, second)
        }
        switch try operand() {
        case .path(let path): return .path(path)
        case .value(let value): return .value(value)
        case .size: throw .partiQL("size cannot be assigned")
        }
    }

    private var isCall: Bool {
        position + 1 < tokens.count && tokens[position + 1] == PartiQLToken(kind: .sign, text: "(")
    }

    private static let literals: Set<String> = ["TRUE", "FALSE", "NULL"]

    private mutating func operand() throws(AWSError) -> Operand {
        if isAt(keyword: "SIZE"), isCall {
            advance()
            try expect("(")
            let inner = try operand()
            try expect(")")
            return .size(inner)
        }
        let isName = token.kind == .quoted || (token.kind == .word && !Self.literals.contains(token.text.uppercased()))
        return isName ? .path(try path()) : .value(try value())
    }

    private mutating func value() throws(AWSError) -> AttributeValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ExpressionLimits.nesting + 1 else { throw .partiQL("Values are nested too deeply") }
        let token = token
        advance()
        switch (token.kind, token.text) {
        case (.text, let text): return .string(text)
        case (.number, let text): return .number(try Number(text))
        case (.sign, "-"):
            guard self.token.kind == .number else { throw unexpected("a number") }
            defer { advance() }
            return .number(try Number("-" + self.token.text))
        case (.sign, "?"):
            guard used < parameters.count else { throw Self.otherCount }
            defer { used += 1 }
            return parameters[used]
        case (.sign, "["): return .list(try values(until: "]"))
        case (.sign, "<<"): return try set(try values(until: ">>"))
        case (.sign, "{"): return .map(try map())
        case (.word, _):
            switch token.text.uppercased() {
            case "TRUE": return .bool(true)
            case "FALSE": return .bool(false)
            case "NULL": return .null
            default: break
            }
        default: break
        }
        throw .partiQL("Unexpected \(token.text) where a value was expected")
    }

    private mutating func values(until end: String) throws(AWSError) -> [AttributeValue] {
        var values: [AttributeValue] = []
        if take(end) { return values }
        repeat { values.append(try value()) } while take(",")
        try expect(end)
        return values
    }

    private mutating func map() throws(AWSError) -> Item {
        var item = Item()
        if take("}") { return item }
        repeat {
            guard token.kind == .text || token.kind == .quoted else { throw unexpected("a name in quotes") }
            let name = token.text
            advance()
            try expect(":")
            item[name] = try value()
        } while take(",")
        try expect("}")
        return item
    }

    private func set(_ values: [AttributeValue]) throws(AWSError) -> AttributeValue {
        let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        if !texts.isEmpty, texts.count == values.count { return .stringSet(texts) }
        let numbers = values.compactMap { if case .number(let number) = $0 { number } else { nil } }
        if !numbers.isEmpty, numbers.count == values.count { return .numberSet(numbers) }
        let blobs = values.compactMap { if case .binary(let bytes) = $0 { bytes } else { nil } }
        guard !blobs.isEmpty, blobs.count == values.count else {
            throw .partiQL("A set holds texts, numbers or bytes, all of one kind")
        }
        return .binarySet(blobs)
    }

    // MARK: Conditions

    private mutating func condition() throws(AWSError) -> Condition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ExpressionLimits.expressionNesting else { throw .partiQL("Conditions are nested too deeply") }
        var terms = [try conjunction()]
        while take(keyword: "OR") { terms.append(try conjunction()) }
        return terms.count == 1 ? terms[0] : .or(terms)
    }

    private mutating func conjunction() throws(AWSError) -> Condition {
        var terms = [try negation()]
        while take(keyword: "AND") { terms.append(try negation()) }
        return terms.count == 1 ? terms[0] : .and(terms)
    }

    private mutating func negation() throws(AWSError) -> Condition {
        if take(keyword: "NOT") {
            depth += 1
            defer { depth -= 1 }
            guard depth <= ExpressionLimits.expressionNesting else {
                throw .partiQL("Conditions are nested too deeply")
            }
            return .not(try negation())
        }
        if take("(") {
            let inner = try condition()
            try expect(")")
            return inner
        }
        if let call = try call() { return call }
        return try comparison()
    }

    private mutating func call() throws(AWSError) -> Condition? {
        let name = token.text.uppercased()
        guard token.kind == .word, isCall, ["BEGINS_WITH", "CONTAINS", "ATTRIBUTE_TYPE"].contains(name) else {
            return nil
        }
        advance()
        try expect("(")
        let first = try operand()
        try expect(",")
        let second = try operand()
        try expect(")")
        switch name {
        case "BEGINS_WITH": return .beginsWith(first, second)
        case "CONTAINS": return .contains(first, second)
        default:
            guard case .value(.string(let text)) = second, let type = AttributeType(rawValue: text) else {
                throw .partiQL("attribute_type asks for the name of a type")
            }
            return .hasType(first, type)
        }
    }

    private mutating func comparison() throws(AWSError) -> Condition {
        let left = try operand()
        let isNegated = take(keyword: "NOT")
        func result(_ condition: Condition) -> Condition { isNegated ? .not(condition) : condition }
        if take(keyword: "BETWEEN") {
            let lower = try operand()
            try expect(keyword: "AND")
            return result(.between(left, lower: lower, upper: try operand()))
        }
        if take(keyword: "IN") { return result(.isIn(left, try list())) }
        guard !isNegated else { throw unexpected("BETWEEN or IN") }
        if take(keyword: "IS") {
            let isNot = take(keyword: "NOT")
            if take(keyword: "MISSING") { return isNot ? .exists(left) : .not(.exists(left)) }
            try expect(keyword: "NULL")
            return isNot ? .not(.hasType(left, .null)) : .hasType(left, .null)
        }
        let sign = token.text == "!=" ? "<>" : token.text
        guard token.kind == .sign, let comparator = Comparator(rawValue: sign) else { throw unexpected("a comparison") }
        advance()
        let right = try operand()
        // Keys are looked for on the left.
        if left.path == nil, right.path != nil { return .compare(comparator.reversed, right, left) }
        return .compare(comparator, left, right)
    }

    private mutating func list() throws(AWSError) -> [Operand] {
        let end = isAt("[") ? "]" : ")"
        guard take("[") || take("(") else { throw unexpected("a list") }
        var list = [try operand()]
        while take(",") { list.append(try operand()) }
        try expect(end)
        return list
    }
}
