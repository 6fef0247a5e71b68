import AWSWire

/// `[ip, user, ..., status = 4*, size > 1000]`: events whose fields are separated by blanks; text in quotation marks or
/// square brackets is one field. Without `...` the number of fields must be that of the pattern.
struct ColumnFilter: Sendable {
    private struct Column: Sendable {
        var isGap = false
        var name = ""
        /// All of an inner list must hold, of one of the lists.
        var alternatives: [[FilterCondition]] = []

        func allows(_ field: String) -> Bool {
            alternatives.isEmpty || alternatives.contains { $0.allSatisfy { $0.allows(field) } }
        }
    }
    private let columns: [Column]

    init(_ text: String) throws(AWSError) {
        guard text.hasSuffix("]") else { throw LogsError.badPattern("] is missing") }
        let tokens = try FilterToken.tokens(text.dropFirst().dropLast())
        var columns: [Column] = []
        for part in tokens.split(separator: .comma, omittingEmptySubsequences: false) {
            columns.append(try Self.column(part))
        }
        guard columns.filter(\.isGap).count <= 1 else { throw LogsError.badPattern("... stands more than once") }
        self.columns = columns
    }

    private static func column(_ tokens: ArraySlice<FilterToken>) throws(AWSError) -> Column {
        var rest = tokens
        guard case .word(let name)? = rest.first else { throw LogsError.badPattern("a field has no name") }
        if name == "...", rest.count == 1 { return Column(isGap: true) }
        guard rest.count > 1 else { return Column(name: name) }
        var alternatives: [[FilterCondition]] = [[]]
        while true {
            guard rest.popFirst() == .word(name), case .comparison(let sign)? = rest.popFirst() else {
                throw LogsError.badPattern("a condition of \(name)")
            }
            let condition: FilterCondition? =
                switch rest.popFirst() {
                case .word(let operand)?: FilterCondition(sign, operand, isQuoted: false)
                case .quoted(let operand)?: FilterCondition(sign, operand, isQuoted: true)
                case .expression(let expression)?: FilterCondition(sign, expression)
                default: nil
                }
            guard let condition else { throw LogsError.badPattern("a condition of \(name)") }
            alternatives[alternatives.count - 1].append(condition)
            switch rest.popFirst() {
            case nil: return Column(name: name, alternatives: alternatives)
            case .and?: continue
            case .or?: alternatives.append([])
            default: throw LogsError.badPattern("a condition of \(name)")
            }
        }
    }

    /// The fields by their names; what stands in a gap, by its place: `$3`.
    func values(_ message: String) -> [String: String] {
        let fields = Self.fields(message)
        let gap = columns.firstIndex(where: \.isGap) ?? columns.count
        let behind = columns.count - gap - 1
        var values: [String: String] = [:]
        for (index, field) in fields.enumerated() {
            let fromEnd = fields.count - index
            let column = index < gap ? index : fromEnd <= behind ? columns.count - fromEnd : nil
            values["$" + (column.map { columns[$0].name } ?? String(index + 1))] = field
        }
        return values
    }

    func matches(_ message: String) -> Bool {
        let fields = Self.fields(message)
        guard let gap = columns.firstIndex(where: \.isGap) else {
            return fields.count == columns.count && zip(columns, fields).allSatisfy { $0.allows($1) }
        }
        let tail = columns[(gap + 1)...]
        guard fields.count >= gap + tail.count else { return false }
        return zip(columns[..<gap], fields).allSatisfy { $0.allows($1) }
            && zip(tail, fields.suffix(tail.count)).allSatisfy { $0.allows($1) }
    }

    private static func fields(_ message: String) -> [String] {
        var (fields, rest) = ([String](), message.trimmed[...])
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first == "\"" || first == "[" {
                let end: Character = first == "[" ? "]" : "\""
                let inner = rest.dropFirst().prefix { $0 != end }
                fields.append(String(inner))
                rest = rest.dropFirst(inner.count + 2)
            } else {
                let word = rest.prefix { !$0.isWhitespace }
                fields.append(String(word))
                rest = rest.dropFirst(word.count)
            }
        }
        return fields
    }
}
