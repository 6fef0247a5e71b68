import JSON

/// One object of a definition while it is read: notes which members were asked for, and reports what is wrong with
/// them, with the place.
final class Fields {
    let object: JSON.Object
    /// For example `/States/Wait`; empty for the definition itself.
    let at: String
    let findings: Findings
    private var known: Set<String> = ["Comment"]

    init(_ object: JSON.Object, at: String, _ findings: Findings) {
        self.object = object
        self.at = at
        self.findings = findings
    }

    /// nil, with a finding, for anything but an object.
    convenience init?(_ value: JSON, at: String, _ findings: Findings) {
        guard let object = value.object else {
            findings.schema("Expected value of type [OBJECT]", at: at)
            return nil
        }
        self.init(object, at: at, findings)
    }

    func place(_ name: String) -> String { "\(at)/\(name)" }

    func error(_ message: String, _ name: String? = nil) {
        findings.schema(message, at: name.map(place) ?? (at.isEmpty ? "/" : at))
    }

    func has(_ name: String) -> Bool { object[name] != nil }

    subscript(name: String) -> JSON? {
        known.insert(name)
        return object[name]
    }

    /// A member of one kind; nil, with a finding, when it is of another.
    private func read<T>(_ name: String, _ type: String, _ convert: (JSON) -> T?) -> T? {
        guard let value = self[name] else { return nil }
        guard let result = convert(value) else {
            error("Expected value of type [\(type)]", name)
            return nil
        }
        return result
    }

    func text(_ name: String) -> String? { read(name, "STRING", \.string) }
    func flag(_ name: String) -> Bool? { read(name, "BOOLEAN", \.bool) }
    func array(_ name: String) -> [JSON]? { read(name, "ARRAY", \.array) }
    func fields(_ name: String) -> Fields? {
        read(name, "OBJECT", \.object).map { Fields($0, at: place(name), findings) }
    }

    func whole(_ name: String, in range: ClosedRange<Int>) -> Int? {
        read(name, "INTEGER", \.int).flatMap { inRange($0, range, name) }
    }

    /// Limits are printed with their fraction, as Java prints doubles.
    func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        read(name, "NUMBER", \.double).flatMap { inRange($0, range, name) }
    }

    private func inRange<T: Comparable>(_ value: T, _ range: ClosedRange<T>, _ name: String) -> T? {
        if value < range.lowerBound { error("Minimum value is \(range.lowerBound)", name) }
        if value > range.upperBound { error("Maximum value is \(range.upperBound)", name) }
        return range.contains(value) ? value : nil
    }

    /// One of a few words.
    func word(_ name: String, of words: [String]) -> String? {
        guard let word = text(name) else { return nil }
        if words.contains(word) { return word }
        error("Value should be one of the following: [\(words.joined(separator: ", "))]", name)
        return nil
    }

    /// Reports the absent ones of members that must be there.
    func require(_ names: String...) {
        let absent = names.filter { !has($0) }
        guard !absent.isEmpty else { return }
        error("These fields are required: [\(absent.joined(separator: ", "))]")
    }

    /// Reports more than one of members that exclude each other.
    func exclude(_ names: String...) {
        let present = names.filter(has)
        guard present.count > 1 else { return }
        error("There should only be one of the following fields: [\(names.joined(separator: ", "))]")
    }

    /// Reports the absence of all of some members, and the presence of more than one.
    func requireOne(_ names: String...) {
        let count = names.count(where: has)
        guard count != 1 else { return }
        let list = names.joined(separator: ", ")
        error(
            count > 1
                ? "There should only be one of the following fields: [\(list)]"
                : "This object should have only one of the following fields: [\(list)]")
    }

    /// Reports members that nobody has asked for.
    func refuseUnknown() {
        for name in object.keys where !known.contains(name) { error("Field '\(name)' is not supported") }
    }

    /// Members that belong to the other query language.
    func refuse(_ names: [String], because language: QueryLanguage) {
        for name in names where has(name) {
            known.insert(name)
            let other = language == .jsonPath ? QueryLanguage.jsonata : .jsonPath
            error(
                "The QueryLanguage is set to '\(language.rawValue)', but field '\(name)' is only supported for the "
                    + "'\(other.rawValue)' QueryLanguage")
        }
    }
}
