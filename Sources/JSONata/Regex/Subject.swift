/// A string that regular expressions look at, as 16-bit units.
final class Subject {
    let units: [UInt16]
    init(_ text: String) { units = Array(text.utf16) }

    func text(_ from: Int, _ to: Int) -> String { from < to ? Text.string(units[from..<to]) : "" }
}

/// What a regular expression found: bounds by group, the whole match first; nil for a group that took no part.
struct Match {
    let bounds: [(start: Int, end: Int)?]

    var start: Int { bounds.first.flatMap { $0?.start } ?? 0 }
    var end: Int { bounds.first.flatMap { $0?.end } ?? 0 }
}
