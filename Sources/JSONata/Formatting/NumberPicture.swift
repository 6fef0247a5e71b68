#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// `$formatNumber`: the pictures of XPath's format-number (Functions and Operators 3.1, section 4.7).
struct NumberPicture {
    /// The characters that mean something in a picture.
    private struct Marks {
        var decimal: Character = "."
        var grouping: Character = ","
        var exponent: Character = "e"
        var minus = "-"
        var percent: Character = "%"
        var perMille: Character = "‰"
        var digits: [Character]
        var optional: Character = "#"
        var separator: Character = ";"

        init(_ options: [String: String]) {
            func mark(_ name: String, _ usual: Character) -> Character { options[name]?.first ?? usual }
            decimal = mark("decimal-separator", ".")
            grouping = mark("grouping-separator", ",")
            exponent = mark("exponent-separator", "e")
            minus = options["minus-sign"] ?? "-"
            percent = mark("percent", "%")
            perMille = mark("per-mille", "‰")
            optional = mark("digit", "#")
            separator = mark("pattern-separator", ";")
            let zero = mark("zero-digit", "0").unicodeScalars.first?.value ?? 0x30
            digits = (0..<10).map { Character(Unicode.Scalar(zero + $0) ?? "0") }
        }

        func isDigit(_ character: Character) -> Bool { digits.contains(character) }
        func isActive(_ character: Character) -> Bool {
            isDigit(character) || [decimal, grouping, exponent, optional, separator].contains(character)
        }
    }

    private let marks: Marks
    private let text: [Character]
    private var prefix: [Character] = []
    private var suffix: [Character] = []
    private var active: [Character] = []
    private var whole: [Character] = []
    private var fraction: [Character] = []
    private var exponent: [Character]?

    static func format(_ number: Double, _ picture: String, _ options: [String: String]) throws(Failure) -> String {
        let marks = Marks(options)
        let parts = picture.split(separator: marks.separator, omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw Failure("D3080") }
        var pictures: [NumberPicture] = []
        for part in parts { pictures.append(try NumberPicture(Array(part), marks)) }
        if number.isNaN { return options["NaN"] ?? "NaN" }
        let isNegative = number < 0
        if isNegative, pictures.count > 1 { return try pictures[1].format(number) }
        return (isNegative ? marks.minus : "") + (try pictures[0].format(number))
    }

    // MARK: - Analysis

    private init(_ text: [Character], _ marks: Marks) throws(Failure) {
        self.text = text
        self.marks = marks
        func isBody(_ character: Character) -> Bool { marks.isActive(character) && character != marks.exponent }
        let first = text.firstIndex(where: isBody) ?? text.count
        let last = text.lastIndex(where: isBody) ?? text.count - 1
        prefix = Array(text[..<first])
        suffix = Array(text[(last + 1)...])
        active = first <= last ? Array(text[first...last]) : []
        var mantissa = active
        if let mark = active.firstIndex(of: marks.exponent) {
            mantissa = Array(active[..<mark])
            exponent = Array(active[(mark + 1)...])
        }
        whole = mantissa
        if let mark = mantissa.firstIndex(of: marks.decimal) {
            whole = Array(mantissa[..<mark])
            fraction = Array(mantissa[(mark + 1)...])
        }
        try check(mantissa)
    }

    private func count(_ mark: Character) -> Int { text.count { $0 == mark } }

    private func check(_ mantissa: [Character]) throws(Failure) {
        func require(_ holds: Bool, _ code: String) throws(Failure) { if !holds { throw Failure(code) } }
        func isPlace(_ character: Character) -> Bool { marks.isDigit(character) || character == marks.optional }
        let percents = count(marks.percent)
        let perMilles = count(marks.perMille)
        try require(!active.isEmpty, "D3086")
        try require(count(marks.decimal) <= 1, "D3081")
        try require(percents <= 1, "D3082")
        try require(perMilles <= 1, "D3083")
        try require(percents + perMilles <= 1, "D3084")
        try require(mantissa.contains(where: isPlace), "D3085")
        try require(active.allSatisfy(marks.isActive), "D3086")
        if text.contains(marks.decimal) {
            try require(whole.last != marks.grouping && fraction.first != marks.grouping, "D3087")
        } else {
            try require(whole.last != marks.grouping, "D3088")
        }
        try require(!zip(text, text.dropFirst()).contains { $0 == marks.grouping && $1 == marks.grouping }, "D3089")
        if let optional = whole.firstIndex(of: marks.optional) {
            try require(!whole[..<optional].contains(where: marks.isDigit), "D3090")
        }
        if let optional = fraction.lastIndex(of: marks.optional) {
            try require(!fraction[optional...].contains(where: marks.isDigit), "D3091")
        }
        if let exponent {
            try require(exponent.isEmpty || percents + perMilles == 0, "D3092")
            try require(!exponent.isEmpty && exponent.allSatisfy(marks.isDigit), "D3093")
        }
    }

    /// How many digits stand between each grouping mark and the decimal separator.
    private func groups(_ part: [Character], left: Bool) -> [Int] {
        part.indices.filter { part[$0] == marks.grouping }.map { index in
            let side = left ? part[..<index] : part[index...]
            return side.count { marks.isDigit($0) || $0 == marks.optional }
        }
    }

    /// The distance of grouping marks that stand in equal distances; else 0.
    private static func regular(_ positions: [Int]) -> Int {
        func divisor(_ one: Int, _ other: Int) -> Int { other == 0 ? one : divisor(other, one % other) }
        guard let first = positions.first else { return 0 }
        let factor = positions.dropFirst().reduce(first, divisor)
        return (1...positions.count).allSatisfy { positions.contains($0 * factor) } ? factor : 0
    }

    private struct Sizes {
        var whole: Int
        var leastFraction: Int
        var mostFraction: Int
        let scale: Int
        let exponent: Int
    }

    private var sizes: Sizes {
        let digits = whole.count(where: marks.isDigit)
        let required = fraction.count(where: marks.isDigit)
        var sizes = Sizes(
            whole: digits, leastFraction: required,
            mostFraction: required + fraction.count { $0 == marks.optional }, scale: digits,
            exponent: exponent?.count ?? 0)
        if sizes.whole == 0, sizes.mostFraction == 0 {
            if exponent == nil {
                sizes.whole = 1
            } else {
                sizes.leastFraction = 1
                sizes.mostFraction = 1
            }
        }
        if exponent != nil, sizes.whole == 0, whole.contains(marks.optional) { sizes.whole = 1 }
        if sizes.whole == 0, sizes.leastFraction == 0 { sizes.leastFraction = 1 }
        return sizes
    }

    // MARK: - Formatting

    private func format(_ number: Double) throws(Failure) -> String {
        let sizes = sizes
        var mantissa = number.magnitude
        if text.contains(marks.percent) { mantissa *= 100 }
        if text.contains(marks.perMille) { mantissa *= 1_000 }
        var power = 0
        if sizes.exponent > 0, mantissa > 0, mantissa.isFinite {
            while mantissa < pow(10, Double(sizes.scale - 1)) {
                mantissa *= 10
                power -= 1
            }
            while mantissa > pow(10, Double(sizes.scale)) {
                mantissa /= 10
                power += 1
            }
        }
        let fixed = NumberText.fixed(NumberText.round(mantissa, Double(sizes.mostFraction)), sizes.mostFraction)
        let halves = fixed.split(separator: ".", omittingEmptySubsequences: false)
        var left = Array(halves[0].drop { $0 == "0" })
        var right = halves.count > 1 ? Array(halves[1]) : []
        while right.last == "0" { right.removeLast() }
        if left.count < sizes.whole { left = Array(repeating: "0", count: sizes.whole - left.count) + left }
        if right.count < sizes.leastFraction {
            right += Array(repeating: "0", count: sizes.leastFraction - right.count)
        }
        var result = String(prefix) + String(grouped(left: localized(left)))
        if text.contains(marks.decimal), !right.isEmpty {
            result.append(marks.decimal)
            result += String(grouped(right: localized(right)))
        }
        if sizes.exponent > 0 {
            let digits = String(abs(power))
            let padded = String(repeating: "0", count: max(sizes.exponent - digits.count, 0)) + digits
            result += String(marks.exponent) + (power < 0 ? marks.minus : "") + String(localized(Array(padded)))
        }
        return result + String(suffix)
    }

    private func localized(_ digits: [Character]) -> [Character] {
        digits.map { digit in digit.wholeNumberValue.map { marks.digits[$0] } ?? digit }
    }

    private func grouped(left digits: [Character]) -> [Character] {
        var positions = groups(whole, left: false)
        let distance = Self.regular(positions)
        if distance > 0 { positions = Array(stride(from: distance, to: max(digits.count, distance), by: distance)) }
        var result = digits
        for position in positions.sorted() where position < digits.count {
            result.insert(marks.grouping, at: result.count - position - positions.count { $0 < position })
        }
        return result
    }

    private func grouped(right digits: [Character]) -> [Character] {
        var result = digits
        for position in groups(fraction, left: true).sorted(by: >) where position < digits.count {
            result.insert(marks.grouping, at: position)
        }
        return result
    }
}

extension NumberText {
    /// With so many digits behind the point, all of them exact.
    static func fixed(_ number: Double, _ digits: Int) -> String {
        var buffer = [CChar](repeating: 0, count: 400 + digits)
        let count = withVaList([Int32(digits), number]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
        return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
