/// One word of the source. `position` is the offset behind it, in UTF-16 code units.
struct Token {
    enum Kind {
        case name, variable, symbol, string, number, word, regex, end
    }

    let kind: Kind
    /// The text between the quotes, behind the dollar sign, or the operator itself.
    var text = ""
    var number = 0.0
    var regex: Regex?
    let position: Int

    /// Under which name the grammar knows it: an operator's own text, or one name for all operands.
    var id: String {
        switch kind {
        case .symbol: text
        case .end: "(end)"
        default: "(operand)"
        }
    }

    /// What an error says of it.
    var shown: String {
        switch kind {
        case .number: NumberText.format(number)
        case .end: "(end)"
        case .regex: "/" + text + "/"
        default: text
        }
    }
}

/// How strongly an operator binds to what stands left of it; 0 for those that only separate. The table also says
/// which characters end a name.
enum Precedence {
    static let table: [String: Int] = [
        ".": 75, "[": 80, "]": 0, "{": 70, "}": 0, "(": 80, ")": 0, ",": 0, "@": 80, "#": 80, ";": 80, ":": 80,
        "?": 20, "+": 50, "-": 50, "*": 60, "/": 60, "%": 60, "|": 20, "=": 40, "<": 40, ">": 40, "^": 40, "**": 60,
        "..": 20, ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "?:": 40, "??": 40, "and": 30, "or": 25, "in": 40,
        "&": 50, "!": 0, "~": 0,
    ]

    /// Those that can follow an operand.
    static let infix: Set<String> = [
        ".", "+", "-", "*", "/", "%", "=", "<", ">", "!=", "<=", ">=", "&", "and", "or", "in", "~>", "(", "[", "^", "{",
        ":=", "@", "#", "?", "?:", "??",
    ]

    static func left(_ token: Token) -> Int {
        guard token.kind == .symbol, infix.contains(token.text) else { return 0 }
        return table[token.text] ?? 0
    }

    /// Whether a code unit is an operator of one character.
    static func isSymbol(_ unit: UInt16) -> Bool {
        unit < 128 && symbols[Int(unit)]
    }

    private static let symbols: [Bool] = {
        var table = [Bool](repeating: false, count: 128)
        for byte in ".[]{}(),@#;:?+-*/%|=<>^&!~".utf8 { table[Int(byte)] = true }
        return table
    }()
}
