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
            findings.schema("Expected value of type Object", at: at)
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
            error("Expected value of type \(type)", name)
            return nil
        }
        return result
    }

    func text(_ name: String) -> String? { read(name, "String", \.string) }
    func flag(_ name: String) -> Bool? { read(name, "Boolean", \.bool) }
    func array(_ name: String) -> [JSON]? { read(name, "Array", \.array) }
    func fields(_ name: String) -> Fields? {
        read(name, "Object", \.object).map { Fields($0, at: place(name), findings) }
    }

    func whole(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = read(name, "Integer", \.int) else { return nil }
        guard range.contains(value) else {
            outOfRange(name, range.lowerBound, range.upperBound)
            return nil
        }
        return value
    }

    func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = read(name, "Number", \.double) else { return nil }
        guard range.contains(value) else {
            outOfRange(name, JSON.number(range.lowerBound).text(), JSON.number(range.upperBound).text())
            return nil
        }
        return value
    }

    private func outOfRange(_ name: String, _ low: some Any, _ high: some Any) {
        error("Numeric value must be between \(low) and \(high)", name)
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
        error("Only one of these fields may be present: [\(present.joined(separator: ", "))]")
    }

    /// Reports members that nobody has asked for.
    func refuseUnknown() {
        for name in object.keys where !known.contains(name) { error("Field is not supported", name) }
    }

    /// Members that belong to the other query language.
    func refuse(_ names: [String], because language: QueryLanguage) {
        for name in names where has(name) {
            known.insert(name)
            error("Field '\(name)' is not supported when QueryLanguage is \(language.rawValue)", name)
        }
    }
}
