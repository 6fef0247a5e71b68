import AWSWire

/// Reads a query of the Logs Insights language.
///
/// Known: fields, display, filter, sort, limit, stats, parse (with `*`), dedup. Others are refused by name.
struct QueryParser {
    private var tokens: ArraySlice<QueryToken>
    private static let maximumDepth = 50
    private var depth = 0

    /// Errors: MalformedQueryException.
    static func stages(_ text: String) throws(AWSError) -> [QueryStage] {
        let parts = try QueryToken.tokens(text).split(separator: .pipe, omittingEmptySubsequences: true)
        guard !parts.isEmpty else { throw LogsError.malformedQuery("Query is empty") }
        var stages: [QueryStage] = []
        for part in parts {
            var parser = QueryParser(tokens: part)
            stages.append(try parser.stage())
            if let rest = parser.tokens.first {
                throw LogsError.malformedQuery("unexpected symbol found \(Self.text(rest))")
            }
        }
        return stages
    }

    private init(tokens: ArraySlice<QueryToken>) { self.tokens = tokens }

    private mutating func stage() throws(AWSError) -> QueryStage {
        guard case .word(let command)? = tokens.popFirst() else {
            throw LogsError.malformedQuery("a command is missing")
        }
        switch command.lowercased() {
        case "fields": return .fields(try columns())
        case "display": return .display(try columns().map(\.name))
        case "filter", "where": return .filter(try expression())
        case "dedup": return .dedup(try columns().map(\.expression))
        case "sort": return .sort(try orders())
        case "limit", "head":
            guard case .word(let count)? = tokens.popFirst(), let count = Int(count), (1...10_000).contains(count)
            else {
                throw LogsError.malformedQuery("limit needs a number from 1 to 10000")
            }
            return .limit(count)
        case "stats": return try statistics()
        case "parse": return try parse()
        default: throw LogsError.malformedQuery("Baton does not know the query command \(command)")
        }
    }

    // MARK: Commands

    private mutating func columns() throws(AWSError) -> [QueryStage.Column] {
        var columns: [QueryStage.Column] = []
        repeat {
            let start = tokens
            let expression = try expression()
            let name = takes("as") ? try name() : Self.text(start[..<tokens.startIndex])
            columns.append(QueryStage.Column(name: name, expression: expression))
        } while takes(",")
        return columns
    }

    private mutating func orders() throws(AWSError) -> [QueryStage.Order] {
        var orders: [QueryStage.Order] = []
        repeat {
            let expression = try expression()
            let isDescending = takes("desc")
            if !isDescending { _ = takes("asc") }
            orders.append(QueryStage.Order(expression: expression, isDescending: isDescending))
        } while takes(",")
        return orders
    }

    private mutating func statistics() throws(AWSError) -> QueryStage {
        var statistics: [QueryStatistic] = []
        repeat { statistics.append(try statistic()) } while takes(",")
        return .stats(statistics, by: takes("by") ? try columns() : [])
    }

    private mutating func statistic() throws(AWSError) -> QueryStatistic {
        let start = tokens
        guard case .word(let word)? = tokens.popFirst(), let kind = QueryStatistic.Kind(rawValue: word.lowercased()),
            takes("(")
        else { throw LogsError.malformedQuery("an aggregate is missing in stats") }
        var inner: QueryExpression?
        var percent = 50.0
        if !takes("*"), tokens.first != .sign(")") {
            inner = try expression()
            if takes(",") {
                guard case .word(let number)? = tokens.popFirst(), let number = Double(number) else {
                    throw LogsError.malformedQuery("pct needs a number")
                }
                percent = number
            }
        }
        guard takes(")"), inner != nil || kind == .count else { throw LogsError.malformedQuery("near \(word)") }
        let name = takes("as") ? try name() : Self.text(start[..<tokens.startIndex])
        return QueryStatistic(name: name, kind: kind, expression: inner, percent: percent)
    }

    private mutating func parse() throws(AWSError) -> QueryStage {
        var source = QueryExpression.field("@message")
        if case .word(let field)? = tokens.first {
            tokens.removeFirst()
            source = .field(field)
        }
        guard case .quoted(let pattern)? = tokens.popFirst() else {
            throw LogsError.malformedQuery("Baton parses with patterns in quotation marks, not with expressions")
        }
        guard takes("as") else { throw LogsError.malformedQuery("parse needs names behind as") }
        var names: [String] = []
        repeat { names.append(try name()) } while takes(",")
        let texts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        guard texts.count == names.count + 1 else {
            throw LogsError.malformedQuery("parse needs a name for each * of its pattern")
        }
        return .parse(source, texts, names)
    }

    private mutating func name() throws(AWSError) -> String {
        switch tokens.popFirst() {
        case .word(let name)?, .name(let name)?, .quoted(let name)?: return name
        default: throw LogsError.malformedQuery("a name is missing")
        }
    }

    /// Takes a sign or a keyword, if it is next.
    private mutating func takes(_ text: String) -> Bool {
        switch tokens.first {
        case .sign(let sign)? where sign == text: break
        case .word(let word)? where word.lowercased() == text: break
        default: return false
        }
        tokens.removeFirst()
        return true
    }

    // MARK: Expressions

    private mutating func expression() throws(AWSError) -> QueryExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth else { throw LogsError.malformedQuery("too many brackets") }
        var left = try conjunction()
        while takes("or") { left = .binary("or", left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(AWSError) -> QueryExpression {
        var left = try negation()
        while takes("and") { left = .binary("and", left, try negation()) }
        return left
    }

    private mutating func negation() throws(AWSError) -> QueryExpression {
        guard takes("not") else { return try comparison() }
        return .not(try comparison())
    }

    private mutating func comparison() throws(AWSError) -> QueryExpression {
        let left = try sum()
        for sign in ["=", "!=", "<=", ">=", "<", ">"] where takes(sign) { return .binary(sign, left, try sum()) }
        if takes("=~") { return try like(left) }
        let isNegative = takes("not")
        if takes("like") {
            let like = try like(left)
            return isNegative ? .not(like) : like
        }
        if takes("in") {
            let list = QueryExpression.isIn(left, try list())
            return isNegative ? .not(list) : list
        }
        if isNegative { throw LogsError.malformedQuery("like or in is missing behind not") }
        return left
    }

    private mutating func like(_ left: QueryExpression) throws(AWSError) -> QueryExpression {
        if case .expression(let expression)? = tokens.first {
            tokens.removeFirst()
            return .matches(left, expression)
        }
        return .binary("like", left, try sum())
    }

    private mutating func list() throws(AWSError) -> [QueryExpression] {
        guard takes("[") else { throw LogsError.malformedQuery("[ is missing behind in") }
        var list: [QueryExpression] = []
        repeat { list.append(try sum()) } while takes(",")
        guard takes("]") else { throw LogsError.malformedQuery("] is missing") }
        return list
    }

    private mutating func sum() throws(AWSError) -> QueryExpression {
        var left = try product()
        while true {
            if takes("+") {
                left = .binary("+", left, try product())
            } else if takes("-") {
                left = .binary("-", left, try product())
            } else {
                return left
            }
        }
    }

    private mutating func product() throws(AWSError) -> QueryExpression {
        var left = try primary()
        while let sign = ["*", "/", "%"].first(where: { tokens.first == .sign($0) }) {
            tokens.removeFirst()
            left = .binary(sign, left, try primary())
        }
        return left
    }

    private mutating func primary() throws(AWSError) -> QueryExpression {
        switch tokens.popFirst() {
        case .quoted(let text)?: return .value(.text(text))
        case .name(let name)?: return .field(name)
        case .sign("-")?: return .binary("-", .value(.number(0)), try primary())
        case .sign("(")?:
            let inner = try expression()
            guard takes(")") else { throw LogsError.malformedQuery(") is missing") }
            return inner
        case .word(let word)?:
            if tokens.first == .sign("(") { return try call(word) }
            if let number = Double(word) { return .value(.number(number)) }
            if word == "true" || word == "false" { return .value(.truth(word == "true")) }
            return .field(word)
        case let token?: throw LogsError.malformedQuery("unexpected symbol found \(Self.text(token))")
        case nil: throw LogsError.malformedQuery("the query ends early")
        }
    }

    private mutating func call(_ name: String) throws(AWSError) -> QueryExpression {
        tokens.removeFirst()
        var arguments: [QueryExpression] = []
        while !takes(")") {
            if case .word(let word)? = tokens.first, QueryTime.periodMs(word) != nil {
                tokens.removeFirst()
                arguments.append(.value(.text(word)))
            } else {
                arguments.append(try expression())
            }
            guard takes(",") || tokens.first == .sign(")") else { throw LogsError.malformedQuery(") is missing") }
        }
        if name.lowercased() == "bin" { return .call(.datefloor, [.field("@timestamp")] + arguments) }
        guard let function = QueryFunction(rawValue: name.lowercased()) else {
            throw LogsError.malformedQuery("Baton does not know the query function \(name)")
        }
        return .call(function, arguments)
    }

    // MARK: Text

    private static func text(_ tokens: ArraySlice<QueryToken>) -> String { tokens.map(text).joined() }

    private static func text(_ token: QueryToken) -> String {
        switch token {
        case .word(let text), .name(let text), .quoted(let text), .sign(let text): text
        case .expression(let expression): "/\(expression.text)/"
        case .pipe: "|"
        }
    }
}
