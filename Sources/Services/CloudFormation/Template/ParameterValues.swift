import AWSWire
import JSON

/// The values of a stack's parameters: those given, else the defaults, all constraints kept.
enum ParameterValues {
    /// - Parameters:
    ///   - given: name → text, in the caller's order.
    ///   - stored: the value of a name in the parameter store; called for parameters of the SSM types only.
    /// - Returns: name → a string, or a list of strings for the list types.
    static func resolve(
        _ declared: [Parameter], given: [(name: String, value: String)],
        stored: [String: String] = [:]
    ) throws(AWSError) -> [String: JSON] {
        let values = try texts(declared, given: given)
        var result: [String: JSON] = [:]
        for parameter in declared {
            guard let text = values[parameter.name] else { continue }
            try check(parameter, text)
            guard case .stored = parameter.type else {
                result[parameter.name] = value(text, isList: parameter.type.isList)
                continue
            }
            guard let found = stored[text] else {
                throw CloudFormationError.validation(
                    "Unable to fetch parameters [\(text)] from parameter store for this account.")
            }
            result[parameter.name] = value(found, isList: parameter.type.isList)
        }
        return result
    }

    /// The names in the parameter store that the values of the SSM types stand for.
    static func storedNames(_ declared: [Parameter], given: [(name: String, value: String)]) -> [String] {
        declared.compactMap { parameter in
            guard case .stored = parameter.type else { return nil }
            return given.last { $0.name == parameter.name }?.value ?? parameter.defaultValue
        }
    }

    /// Name → text of every declared parameter. Errors for names that are unknown, repeated or without a value.
    static func texts(
        _ declared: [Parameter], given: [(name: String, value: String)]
    ) throws(AWSError) -> [String: String] {
        let names = Set(declared.map(\.name))
        let unknown = given.map(\.name).filter { !names.contains($0) }
        guard unknown.isEmpty else {
            throw CloudFormationError.validation(
                "Parameters: \(CloudFormationError.list(unknown)) do not exist in the template")
        }
        var values: [String: String] = [:]
        for (name, value) in given {
            guard values.updateValue(value, forKey: name) == nil else {
                throw CloudFormationError.validation("Parameter '\(name)' is specified more than once")
            }
        }
        var missing: [String] = []
        for parameter in declared where values[parameter.name] == nil {
            values[parameter.name] = parameter.defaultValue
            if parameter.defaultValue == nil { missing.append(parameter.name) }
        }
        guard missing.isEmpty else {
            throw CloudFormationError.validation("Parameters: \(CloudFormationError.list(missing)) must have values")
        }
        return values
    }

    private static func value(_ text: String, isList: Bool) -> JSON {
        isList ? .array(elements(text).map { .string($0) }) : .string(text)
    }

    /// The elements of a list: split at commas, white space around them removed. An empty text is an empty list.
    static func elements(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map { element in
            String(element.trimming { $0.isWhitespace })
        }
    }
}

// MARK: - Constraints

extension ParameterValues {
    /// Assumed: the wording of the length and range messages; those of values, pattern and description are AWS's.
    static func check(_ parameter: Parameter, _ text: String) throws(AWSError) {
        let elements = parameter.type.isList ? elements(text) : [text]
        for element in elements {
            guard let reason = violation(parameter, element) else { continue }
            guard let description = parameter.constraintDescription else {
                throw CloudFormationError.validation("Parameter '\(parameter.name)' \(reason)")
            }
            throw CloudFormationError.validation(
                "Parameter \(parameter.name) failed to satisfy constraint: \(description)")
        }
    }

    private static func violation(_ parameter: Parameter, _ text: String) -> String? {
        if parameter.type == .number || parameter.type == .numberList {
            guard let value = Double(text), value.isFinite, text.utf8.allSatisfy({ $0 != UInt8(ascii: "x") }) else {
                return "must be a number."
            }
            if let least = parameter.minValue, value < least.double {
                return "must be a number not less than \(least.text)"
            }
            if let most = parameter.maxValue, value > most.double {
                return "must be a number not greater than \(most.text)"
            }
        }
        if parameter.type == .string {
            let length = text.utf16.count
            if let least = parameter.minLength, length < least { return "must contain at least \(least) characters" }
            if let most = parameter.maxLength, length > most { return "must contain at most \(most) characters" }
        }
        if !parameter.allowedValues.isEmpty, !parameter.allowedValues.contains(text) {
            return "must be one of AllowedValues"
        }
        if let source = parameter.allowedPattern, parameter.type != .number, parameter.type != .numberList {
            guard let pattern = Pattern(source) else { return "has an invalid AllowedPattern \(source)" }
            switch pattern.matches(text) {
            case .yes: break
            case .no: return "must match pattern \(source)"
            case .tooHard: return "cannot be compared with pattern \(source): the comparison takes too long"
            }
        }
        return nil
    }
}

extension StringProtocol {
    func trimming(_ isDropped: (Character) -> Bool) -> SubSequence {
        let head = drop(while: isDropped)
        guard let last = head.lastIndex(where: { !isDropped($0) }) else { return head.prefix(0) }
        return head[...last]
    }
}
