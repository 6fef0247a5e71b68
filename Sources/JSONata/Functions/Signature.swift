/// `<s-n?:s>`: what a function takes. Arguments are matched as a regular expression over letters would be, greedily
/// and with a way back.
final class Signature: Sendable {
    private struct Parameter: Sendable {
        var kinds: Set<UInt8> = []
        var type: UInt8 = 0
        var isOptional = false
        var isRepeated = false
        var takesContext = false
        var subtype: String?
        var isArray: Bool { type == UInt8(ascii: "a") }

        /// `[` and its kinds as they stand in a choice: what the reference compares with a subtype.
        func accepts(_ letter: UInt8) -> Bool { kinds.contains(letter) }
    }

    private let parameters: [Parameter]

    static let transform = builtIn("<(oa):o>")

    static func builtIn(_ text: String) -> Signature? {
        do throws(Failure) { return try Signature(text, position: 0) } catch { return nil }
    }

    /// - Parameter position: where the `<` stands, for errors.
    init(_ text: String, position: Int) throws(Failure) {
        let letters = Array(text.utf8)
        var parameters: [Parameter] = []
        var at = 1
        scan: while at < letters.count {
            let letter = letters[at]
            switch letter {
            case UInt8(ascii: ":"): break scan
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: "+"):
                guard let last = parameters.indices.last else { break }
                if letter == UInt8(ascii: "+") {
                    parameters[last].isRepeated = true
                } else {
                    parameters[last].isOptional = true
                }
                if letter == UInt8(ascii: "-") { parameters[last].takesContext = true }
            case UInt8(ascii: "("):
                let end = Self.closing(letters, at, UInt8(ascii: "("), UInt8(ascii: ")"))
                let choice = letters[min(at + 1, end)..<end]
                if choice.contains(UInt8(ascii: "<")) {
                    throw Failure(
                        "S0402", position: position + at, value: .string(String(decoding: choice, as: UTF8.self)))
                }
                parameters.append(Parameter(kinds: Set(choice).union("m".utf8), type: UInt8(ascii: "(")))
                at = end
            case UInt8(ascii: "<"):
                guard let last = parameters.indices.last, "af".utf8.contains(parameters[last].type) else {
                    let type = parameters.last.map { String(decoding: [$0.type], as: UTF8.self) } ?? ""
                    throw Failure("S0401", position: position + at, value: .string(type))
                }
                let end = Self.closing(letters, at, UInt8(ascii: "<"), UInt8(ascii: ">"))
                parameters[last].subtype = String(decoding: letters[min(at + 1, end)..<end], as: UTF8.self)
                at = end
            default:
                guard let kinds = Self.kinds(letter) else { break }
                parameters.append(Parameter(kinds: kinds, type: letter))
            }
            at += 1
        }
        self.parameters = parameters
    }

    private static func kinds(_ letter: UInt8) -> Set<UInt8>? {
        switch letter {
        case UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "b"), UInt8(ascii: "l"), UInt8(ascii: "o"):
            [letter, UInt8(ascii: "m")]
        case UInt8(ascii: "f"): [letter]
        case UInt8(ascii: "j"): Set("asnblom".utf8)
        case UInt8(ascii: "a"), UInt8(ascii: "x"): Set("asnblfom".utf8)
        default: nil
        }
    }

    private static func closing(_ letters: [UInt8], _ start: Int, _ open: UInt8, _ close: UInt8) -> Int {
        var depth = 1
        var at = start
        while at + 1 < letters.count {
            at += 1
            if letters[at] == close {
                depth -= 1
                if depth == 0 { break }
            } else if letters[at] == open {
                depth += 1
            }
        }
        return at
    }

    // MARK: - Validation

    /// The arguments as the function gets them: the context in place of one that may be left out, single values as
    /// arrays where arrays are meant.
    func validate(_ arguments: [Value], _ context: Value) throws(Failure) -> [Value] {
        if let simple = passing(arguments) { return simple }
        let letters = arguments.map(\.letter)
        guard let counts = match(letters, parameters.count, isWhole: true) else { throw mismatch(letters, arguments) }
        var validated: [Value] = []
        var index = 0
        for (parameter, count) in zip(parameters, counts) {
            if count == 0 {
                if parameter.takesContext {
                    guard parameter.accepts(context.letter) else {
                        throw Failure("T0411", value: context, ["index": .number(Double(index + 1))])
                    }
                    validated.append(context)
                } else {
                    validated.append(index < arguments.count ? arguments[index] : .undefined)
                    index += 1
                }
                continue
            }
            for _ in 0..<count {
                let argument = index < arguments.count ? arguments[index] : .undefined
                validated.append(parameter.isArray ? try array(argument, index, parameter, count) : argument)
                index += 1
            }
        }
        return validated
    }

    /// Most calls: an argument for every parameter, each of its kind.
    private func passing(_ arguments: [Value]) -> [Value]? {
        guard arguments.count == parameters.count else { return nil }
        for (index, parameter) in parameters.enumerated() {
            let letter = arguments[index].letter
            guard parameter.accepts(letter), letter != UInt8(ascii: "m") else { return nil }
            if parameter.isArray, letter != UInt8(ascii: "a") || parameter.subtype != nil { return nil }
        }
        return arguments
    }

    private func array(
        _ argument: Value, _ index: Int, _ parameter: Parameter, _ count: Int
    ) throws(Failure) -> Value {
        if argument.isUndefined { return .undefined }
        let list = argument.list
        if let subtype = parameter.subtype?.utf8 {
            var fits = true
            if let list {
                if list.count > 0 {
                    let kind = list[0].letter
                    fits = kind == subtype.first
                    if fits { for place in 1..<max(list.count, 1) where list[place].letter != kind { fits = false } }
                }
            } else {
                fits = count == 1 && subtype.count == 1 && subtype.first == argument.letter
            }
            guard fits else {
                throw Failure(
                    "T0412", value: argument,
                    ["index": .number(Double(index + 1)), "type": .string(Self.plural(subtype.first ?? 0))])
            }
        }
        return list == nil ? .array(List([argument])) : argument
    }

    private static func plural(_ letter: UInt8) -> String {
        switch letter {
        case UInt8(ascii: "a"): "arrays"
        case UInt8(ascii: "b"): "booleans"
        case UInt8(ascii: "f"): "functions"
        case UInt8(ascii: "n"): "numbers"
        case UInt8(ascii: "o"): "objects"
        default: "strings"
        }
    }

    /// How many arguments each of the first `limit` parameters takes; nil when they do not fit.
    private func match(_ letters: [UInt8], _ limit: Int, isWhole: Bool) -> [Int]? {
        var counts: [Int] = []
        func fits(_ index: Int, _ at: Int) -> Bool {
            guard index < limit else { return !isWhole || at == letters.count }
            let parameter = parameters[index]
            var most = 0
            let bound = parameter.isRepeated ? letters.count - at : 1
            while most < bound, at + most < letters.count, parameter.accepts(letters[at + most]) { most += 1 }
            let least = parameter.isOptional ? 0 : 1
            while most >= least {
                counts.append(most)
                if fits(index + 1, at + most) { return true }
                counts.removeLast()
                most -= 1
            }
            return false
        }
        return fits(0, 0) ? counts : nil
    }

    private func mismatch(_ letters: [UInt8], _ arguments: [Value]) -> Failure {
        var good = 0
        for limit in 1..<(parameters.count + 1) {
            guard let counts = match(letters, limit, isWhole: false) else { break }
            good = counts.reduce(0, +)
        }
        return Failure(
            "T0410", value: good < arguments.count ? arguments[good] : .undefined,
            ["index": .number(Double(good + 1))])
    }
}
