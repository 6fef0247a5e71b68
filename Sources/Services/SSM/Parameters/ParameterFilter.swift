import AWSWire
import JSON

/// One filter of a list of parameters: any of its values must match, and all filters of a list must. Source: API
/// reference, ParameterStringFilter.
struct ParameterFilter: Decodable, Sendable {
    let key: String
    let option: String?
    let values: [String]?

    init(key: String, option: String?, values: [String]?) {
        self.key = key
        self.option = option
        self.values = values
    }

    /// - Throws: InvalidFilterKey, InvalidFilterOption, InvalidFilterValue. Assumed: the texts for types and tiers.
    static func check(_ filters: [ParameterFilter], byPath: Bool) throws(AWSError) {
        var seen: Set<String> = []
        for filter in filters {
            if byPath, !["Type", "KeyId", "Label"].contains(filter.key) {
                throw SSMError.filterKey(filter.key, valid: "Type, KeyId")
            }
            if !byPath, filter.key == "Label" {
                throw SSMError.filterKey(filter.key, valid: "Path, Name, Type, KeyId, Tier")
            }
            if filter.values?.isEmpty ?? true, !filter.key.hasPrefix("tag:") {
                throw SSMError.filterValue(
                    "The following filter values are missing : null for filter key \(filter.key).")
            }
            guard seen.insert(filter.key).inserted else {
                throw AWSError(
                    "InvalidFilterKey",
                    "The following filter is duplicated in the request: \(filter.key). A request can contain only one "
                        + "occurrence of a specific filter.")
            }
            try filter.checkOption()
        }
    }

    private func checkOption() throws(AWSError) {
        let valid =
            switch key {
            case "Path": ["Recursive", "OneLevel"]
            case "Name": ["BeginsWith", "Contains", "Equals"]
            case "Label": ["Equals"]
            default: ["BeginsWith", "Equals"]
            }
        if let option, !valid.contains(option) {
            throw SSMError.filterOption(option, valid: valid.joined(separator: ", "))
        }
        if key == "Path" {
            for value in values ?? [] where !value.hasPrefix("/") { throw SSMError.hierarchy }
        }
    }

    func matches(_ parameter: Parameter, _ tags: [Tag]) -> Bool {
        if key.hasPrefix("tag:") {
            let found = tags.first { $0.key == key.dropFirst("tag:".count) }
            guard let values, !values.isEmpty else { return found != nil }
            return found.map { tag in values.contains { compare(tag.value, $0) } } ?? false
        }
        return (values ?? []).contains { value in
            switch key {
            case "Name": compare(parameter.key, Self.bare(value, of: parameter)) || compare(parameter.name, value)
            case "Type": compare(parameter.type, value)
            case "KeyId": parameter.keyId.map { compare($0, value) } ?? false
            case "Tier": compare(parameter.tier, value)
            case "DataType": compare(parameter.dataType, value)
            case "Path": Hierarchy.contains(parameter.key, under: value, recursive: option == "Recursive")
            case "Label": parameter.labels.contains(value)
            default: false
            }
        }
    }

    /// `/a` finds `a`, which has no hierarchy.
    private static func bare(_ value: String, of parameter: Parameter) -> String {
        parameter.key.hasPrefix("/") || !value.hasPrefix("/") ? value : String(value.dropFirst())
    }

    private func compare(_ text: String, _ value: String) -> Bool {
        switch option {
        case "BeginsWith": text.hasPrefix(value)
        case "Contains": text.contains(value)
        default: text == value
        }
    }
}

/// Names as paths.
enum Hierarchy {
    /// - Parameter path: with a leading slash; one at its end does not matter.
    static func contains(_ key: String, under path: String, recursive: Bool) -> Bool {
        let name = key.hasPrefix("/") ? key : "/\(key)"
        let start = path.hasSuffix("/") ? path : "\(path)/"
        guard name.hasPrefix(start) else { return false }
        return recursive || !name.dropFirst(start.count).contains("/")
    }

    /// - Throws: ValidationException.
    static func check(_ path: String) throws(AWSError) {
        guard path.hasPrefix("/") else { throw SSMError.hierarchy }
        let inside = path.hasSuffix("/") ? String(path.dropLast()) : path
        guard !inside.isEmpty else { return }
        guard (try? ParameterName(inside)) != nil else { throw SSMError.hierarchy }
    }
}
