#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Numbers in English words, Roman numerals and letters.
enum NumberWords {
    private static let small = [
        "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
        "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
    ]
    private static let smallOrdinals = [
        "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
        "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
        "Nineteenth",
    ]
    private static let tens = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]
    private static let magnitudes = ["Thousand", "Million", "Billion", "Trillion"]

    static func words(_ number: Double, ordinal: Bool) -> String { words(number, follows: false, ordinal) }

    private static func words(_ number: Double, follows: Bool, _ ordinal: Bool) -> String {
        if number < 100 {
            let value = Int(number)
            let lead = follows ? " and " : ""
            if value < 20 { return lead + (ordinal ? smallOrdinals : small)[value] }
            let ten = tens[value / 10 - 2]
            if value % 10 > 0 { return lead + ten + "-" + words(Double(value % 10), follows: false, ordinal) }
            return lead + (ordinal ? ten.dropLast() + "ieth" : ten)
        }
        let unit: Double
        let name: String
        if number < 1_000 {
            unit = 100
            name = "Hundred"
        } else {
            let magnitude = min(Int((log10(number) / 3).rounded(.down)), magnitudes.count)
            unit = pow(10, Double(magnitude * 3))
            name = magnitudes[magnitude - 1]
        }
        let count = (number / unit).rounded(.down)
        let rest = number - count * unit
        let head = (follows ? ", " : "") + words(count, follows: false, false) + " " + name
        if rest > 0 { return head + words(rest, follows: true, ordinal) }
        return head + (ordinal ? "th" : "")
    }

    private static let values: [String: Double] = {
        var values: [String: Double] = [:]
        for (index, word) in small.enumerated() { values[word.lowercased()] = Double(index) }
        for (index, word) in smallOrdinals.enumerated() { values[word.lowercased()] = Double(index) }
        for (index, word) in tens.enumerated() {
            values[word.lowercased()] = Double(index + 2) * 10
            values[word.dropLast().lowercased() + "ieth"] = Double(index + 2) * 10
        }
        values["hundred"] = 100
        values["hundredth"] = 100
        for (index, word) in magnitudes.enumerated() {
            let value = pow(10, Double(index + 1) * 3)
            values[word.lowercased()] = value
            values[word.lowercased() + "th"] = value
        }
        return values
    }()

    /// All words that numbers are made of, longest first, so that one that begins another does not hide it.
    static let vocabulary = values.keys.sorted { ($0.utf8.count, $1) > ($1.utf8.count, $0) }

    /// nil for a word that is none of a number's.
    static func number(_ text: String) -> Double? {
        let words = text.lowercased().split { $0 == " " || $0 == "-" || $0 == "," || $0 == "\t" || $0 == "\n" }
        var segments = [0.0]
        var isEmpty = true
        for word in words where word != "and" {
            guard let value = values[String(word)], let last = segments.popLast() else { return nil }
            isEmpty = false
            if value >= 100 {
                segments.append(last * value)
            } else if last >= 1_000 {
                segments += [last, value]
            } else {
                segments.append(last + value)
            }
        }
        return isEmpty ? nil : segments.reduce(0, +)
    }

    // MARK: - Roman numerals and letters

    private static let numerals: [(Double, String)] = [
        (1_000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ]

    static func roman(_ number: Double) throws(Failure) -> String {
        guard number < 10_000_000 else { throw Failure.tooLarge() }
        var rest = number
        var text = ""
        for (value, numeral) in numerals {
            while rest >= value {
                text += numeral
                rest -= value
            }
        }
        return text
    }

    static func number(roman text: String) -> Double? {
        var total = 0.0
        var most = 1.0
        for letter in text.lowercased().reversed() {
            guard let value = numerals.first(where: { $0.1 == String(letter) })?.0 else { return nil }
            if value < most {
                total -= value
            } else {
                most = value
                total += value
            }
        }
        return total
    }

    /// As a spreadsheet counts its columns.
    static func letters(_ number: Double, from first: UInt8) -> String {
        var rest = number
        var letters: [UInt8] = []
        while rest > 0, rest.isFinite {
            letters.append(first + UInt8(fmod(rest - 1, 26)))
            rest = ((rest - 1) / 26).rounded(.down)
        }
        return String(decoding: letters.reversed(), as: UTF8.self)
    }

    static func number(letters text: String, from first: UInt8) -> Double {
        text.utf8.reduce(0) { $0 * 26 + Double(Int($1) - Int(first) + 1) }
    }
}
