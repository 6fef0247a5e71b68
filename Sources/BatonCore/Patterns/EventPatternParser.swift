import JSON

/// Reads an event pattern into rules, with AWS's messages for what it does not allow.
///
/// Source: Amazon EventBridge user guide, event patterns; Amazon SNS developer guide, filter policies; the messages are
/// those that AWS answers.
struct EventPatternParser {
    private var tokens: PatternTokens
    private let dialect: EventPattern.Dialect

    private init(_ text: String, _ dialect: EventPattern.Dialect) throws(PatternError) {
        self.dialect = dialect
        do {
            tokens = try PatternTokens(text)
        } catch {
            throw PatternError(error, in: text)
        }
    }

    /// The alternatives of a pattern: an event is accepted when it satisfies all leaves of one of them.
    static func parse(_ text: String, _ dialect: EventPattern.Dialect) throws(PatternError) -> [[EventPattern.Leaf]] {
        var parser = try EventPatternParser(text, dialect)
        guard parser.tokens.next()?.kind == .startObject else { throw parser.error("Filter is not an object") }
        return try parser.object(path: [], isInsideOr: false)
    }

    private func error(_ message: String) -> PatternError { PatternError(message, at: tokens.place) }

    // MARK: Structure

    /// Members are joined by *and*, which multiplies the alternatives.
    private mutating func object(path: [String], isInsideOr: Bool) throws(PatternError) -> [[EventPattern.Leaf]] {
        var alternatives: [[EventPattern.Leaf]] = [[]]
        var isEmpty = true
        while let name = tokens.next(), name.kind == .name {
            isEmpty = false
            let found: [[EventPattern.Leaf]]
            if name.text == "$or" {
                found = try or(path: path)
            } else {
                found = try member(name.text, path: path, isInsideOr: isInsideOr)
            }
            guard alternatives.count * found.count <= dialect.maxCombinations else {
                throw PatternError(dialect.tooComplex)
            }
            alternatives = alternatives.flatMap { left in found.map { left + $0 } }
        }
        guard !isEmpty else { throw error("Empty objects are not allowed") }
        return alternatives
    }

    private mutating func member(
        _ name: String, path: [String], isInsideOr: Bool
    ) throws(PatternError) -> [[EventPattern.Leaf]] {
        if isInsideOr, Self.reserved.contains(name) {
            throw error("\(name) is Ruler reserved fieldName which cannot be used inside $or.")
        }
        switch tokens.next()?.kind {
        case .startObject: return try object(path: path + [name], isInsideOr: isInsideOr)
        case .startArray: return [[EventPattern.Leaf(path: path + [name], patterns: try patterns())]]
        default: throw error("\"\(name)\" must be an object or an array")
        }
    }

    private mutating func or(path: [String]) throws(PatternError) -> [[EventPattern.Leaf]] {
        guard tokens.next()?.kind == .startArray else { throw error("It must be an Array followed with $or.") }
        var found: [[EventPattern.Leaf]] = []
        var count = 0
        while let token = tokens.next(), token.kind != .endArray {
            guard token.kind == .startObject else {
                throw error("Only JSON object is allowed in array of $or relationship.")
            }
            count += 1
            found += try object(path: path, isInsideOr: true)
        }
        guard count >= 2 else { throw error("There must have at least 2 Objects in $or relationship.") }
        return found
    }

    /// Names of conditions, which would make `$or` ambiguous.
    private static let reserved: Set<String> = [
        "prefix", "suffix", "numeric", "anything-but", "exists", "cidr", "exactly", "equals-ignore-case", "wildcard",
    ]

    // MARK: Conditions

    private mutating func patterns() throws(PatternError) -> [ValuePattern] {
        var result: [ValuePattern] = []
        while let token = tokens.next(), token.kind != .endArray {
            switch token.kind {
            case .startObject: result.append(try condition())
            case .string: result.append(.equals(.string(tokens.text())))
            case .number: result.append(.equals(.number(JSON.Number(unchecked: token.text))))
            case .word: result.append(.equals(.word(token.text)))
            default: throw error("Match value must be String, number, true, false, or null")
            }
        }
        guard !result.isEmpty else { throw error("Empty arrays are not allowed") }
        return result
    }

    private mutating func condition() throws(PatternError) -> ValuePattern {
        guard let name = tokens.next(), name.kind == .name else { throw error("Match expression name not found") }
        switch name.text {
        case "exactly": return .equals(.string(try onlyText("exact")))
        case "prefix": return try affix("prefix", ValuePattern.prefix, ValuePattern.prefixIgnoreCase)
        case "suffix": return try affix("suffix", ValuePattern.suffix, ValuePattern.suffixIgnoreCase)
        case "equals-ignore-case": return .equalsIgnoreCase(try onlyText("equals-ignore-case").lowercased())
        case "wildcard": return .wildcard(try wildcard(try onlyText("wildcard")))
        case "cidr": return .cidr(try cidr(try onlyText("prefix")))
        case "exists": return try exists()
        case "numeric": return try numeric()
        case "anything-but": return try anythingBut()
        default: throw error("Unrecognized match type \(name.text)")
        }
    }

    /// A text, or one in `{"equals-ignore-case": …}` where the dialect has that.
    private mutating func affix(
        _ name: String, _ exact: (String) -> ValuePattern, _ ignoringCase: (String) -> ValuePattern
    ) throws(PatternError) -> ValuePattern {
        let token = tokens.next()
        if dialect.hasCaselessAffixes, token?.kind == .startObject {
            guard tokens.next()?.text == "equals-ignore-case" else { throw error("Unsupported \(name) match pattern") }
            let text = try onlyText("equals-ignore-case")
            try end()
            return ignoringCase(text.lowercased())
        }
        guard token?.kind == .string else { throw error("\(name) match pattern must be a string") }
        let text = tokens.text()
        try end()
        return exact(text)
    }

    /// The text of a condition that has nothing but one.
    private mutating func onlyText(_ name: String) throws(PatternError) -> String {
        let text = try text(name)
        try end()
        return text
    }

    private mutating func text(_ name: String) throws(PatternError) -> String {
        guard tokens.next()?.kind == .string else { throw error("\(name) match pattern must be a string") }
        return tokens.text()
    }

    private mutating func end(_ message: String = "Only one key allowed in match expression") throws(PatternError) {
        guard tokens.next()?.kind == .endObject else { throw error(message) }
    }

    /// Adds the place to an error of a part that does not know it.
    private func placed<T>(_ body: () throws(PatternError) -> T) throws(PatternError) -> T {
        do {
            return try body()
        } catch let unplaced {
            throw error(unplaced.message)
        }
    }

    private func cidr(_ text: String) throws(PatternError) -> CIDR {
        try placed { () throws(PatternError) in try CIDR(text) }
    }

    private func wildcard(_ text: String) throws(PatternError) -> Wildcard {
        let wildcard = try placed { () throws(PatternError) in try Wildcard(text) }
        guard wildcard.stars <= dialect.maxStars else { throw PatternError(dialect.tooManyStars) }
        return wildcard
    }

    private mutating func exists() throws(PatternError) -> ValuePattern {
        guard let token = tokens.next(), token.kind == .word, token.text != "null" else {
            throw error("exists match pattern must be either true or false.")
        }
        try end()
        return .exists(token.text == "true")
    }

    // MARK: Numbers

    private static let tooMany = "Too many elements in numeric expression"

    private mutating func numeric() throws(PatternError) -> ValuePattern {
        guard tokens.next()?.kind == .startArray else { throw error("Value of numeric must be an array.") }
        let range = try range()
        try end(Self.tooMany)
        return .numeric(range)
    }

    private mutating func range() throws(PatternError) -> NumericRange {
        guard let first = tokens.next(), first.kind == .string else {
            throw error("Invalid member in numeric match: \(tokens.text())")
        }
        let name = tokens.text()
        let value = tokens.next()
        switch name {
        case "=", "<", "<=":
            let number = try number(value, name == "=" ? "equals" : name)
            guard tokens.next()?.kind == .endArray else { throw error(Self.tooMany) }
            if name == "=" { return equalling(number) }
            return NumericRange(top: number, isTopOpen: name == "<")
        case ">", ">=":
            let number = try number(value, name)
            let bottom = NumericRange(bottom: number, isBottomOpen: name == ">")
            guard let more = tokens.next(), more.kind != .endArray else { return bottom }
            return try upperEnd(of: bottom, more)
        default: throw error("Unrecognized numeric range operator: \(name)")
        }
    }

    /// Six decimal digits are compared, also for `=`.
    private func equalling(_ number: Double) -> NumericRange {
        NumericRange(bottom: number - 0.5e-6, top: number + 0.5e-6)
    }

    private mutating func upperEnd(
        of bottom: NumericRange, _ token: PatternTokens.Token
    ) throws(PatternError) -> NumericRange {
        guard token.kind == .string else { throw error("Bad value in numeric range: \(tokens.text())") }
        let name = tokens.text()
        guard name == "<" || name == "<=" else { throw error("Bad numeric range operator: \(name)") }
        var range = bottom
        let value = tokens.next()
        range.top = try number(value, name)
        range.isTopOpen = name == "<"
        guard tokens.next()?.kind == .endArray else { throw error("Too many terms in numeric range expression") }
        guard range.bottom < range.top else { throw error("Bottom must be less than top") }
        return range
    }

    private func number(_ token: PatternTokens.Token?, _ name: String) throws(PatternError) -> Double {
        guard let token, token.kind == .number, let value = Double(token.text) else {
            throw error("Value of \(name) must be numeric")
        }
        guard abs(value) <= ComparableNumber.limit else {
            throw error("Value must be between -5.0E9 and 5.0E9, inclusive")
        }
        return value
    }

    // MARK: Anything but

    private mutating func anythingBut() throws(PatternError) -> ValuePattern {
        let token = tokens.next()
        let pattern: ValuePattern
        switch token?.kind {
        case .startObject:
            pattern = try anythingButCondition()
            try end()
        case .startArray:
            pattern = try anythingButList()
            try end(Self.tooMany)
        case .string:
            pattern = .anythingButStrings([tokens.text()])
            try end(Self.tooMany)
        case .number:
            pattern = .anythingButNumbers([try comparable(token)])
            try end(Self.tooMany)
        default: throw error("Value of anything-but must be an array or single string/number value.")
        }
        return pattern
    }

    private func comparable(_ token: PatternTokens.Token?) throws(PatternError) -> Int64 {
        guard let value = token.flatMap({ Double($0.text) }).flatMap(ComparableNumber.of) else {
            throw error("Value must be between -5.0E9 and 5.0E9, inclusive")
        }
        return value
    }

    private mutating func anythingButList() throws(PatternError) -> ValuePattern {
        var strings: Set<String> = []
        var numbers: Set<Int64> = []
        while let token = tokens.next(), token.kind != .endArray {
            switch token.kind {
            case .string: strings.insert(tokens.text())
            case .number: numbers.insert(try comparable(token))
            default: throw error("Inside anything but list, start|null|boolean is not supported.")
            }
        }
        guard strings.isEmpty != numbers.isEmpty else {
            throw error(
                "Inside anything but list, either all values are number or string, mixed type is not supported")
        }
        return numbers.isEmpty ? .anythingButStrings(strings) : .anythingButNumbers(numbers)
    }

    /// Assumed: `suffix`, `wildcard` and `equals-ignore-case` are taken like `prefix`, each with one text or a list.
    private mutating func anythingButCondition() throws(PatternError) -> ValuePattern {
        guard let name = tokens.next(), name.kind == .name else {
            throw error("Anything-But expression name not found")
        }
        guard ["prefix", "suffix", "wildcard", "equals-ignore-case"].contains(name.text) else {
            throw error("Unsupported anything-but pattern: \(name.text)")
        }
        var texts: [String] = []
        let first = tokens.next()
        switch first?.kind {
        case .string: texts.append(tokens.text())
        case .startArray:
            while let token = tokens.next(), token.kind != .endArray {
                guard token.kind == .string else { throw error("\(name.text) match pattern must be a string") }
                texts.append(tokens.text())
            }
        default: throw error("\(name.text) match pattern must be a string")
        }
        guard !texts.isEmpty else { throw error("Empty arrays are not allowed") }
        guard !texts.contains("") else { throw error("Null prefix/suffix not allowed") }
        var patterns: [ValuePattern] = []
        for text in texts {
            switch name.text {
            case "prefix": patterns.append(.prefix(text))
            case "suffix": patterns.append(.suffix(text))
            case "wildcard": patterns.append(.wildcard(try wildcard(text)))
            default: patterns.append(.equalsIgnoreCase(text.lowercased()))
            }
        }
        try end()
        return .anythingButMatching(patterns)
    }
}
