import AWSWire
import JSON

/// The transform `AWS::LanguageExtensions`: loops are unrolled here; its other functions are evaluated like the rest.
struct LanguageExtensions {
    static let name = "AWS::LanguageExtensions"
    private static let prefix = "Fn::ForEach::"
    /// Members that all loops of a template may make, so that nested loops stay bounded.
    private static let limit = 10_000

    private let evaluator: Evaluator
    private var made = 0

    /// The tree with all `Fn::ForEach` unrolled. Collections may only depend on parameters and mappings.
    static func expand(_ tree: JSON, parameters: [String: JSON], pseudo: PseudoParameters) throws(AWSError) -> JSON {
        let evaluator = Evaluator(
            parameters: parameters, pseudo: pseudo, mappings: tree["Mappings"]?.object ?? [:], isExtended: true,
            resource: { (_, _) throws(AWSError) in nil }, export: { (_) throws(AWSError) in nil })
        var extensions = LanguageExtensions(evaluator: evaluator)
        return try extensions.expand(tree)
    }

    private init(evaluator: Evaluator) { self.evaluator = evaluator }

    private mutating func expand(_ tree: JSON) throws(AWSError) -> JSON {
        switch tree {
        case .array(let elements):
            var result: [JSON] = []
            for element in elements { result.append(try expand(element)) }
            return .array(result)
        case .object(let object):
            var result = JSON.Object()
            for (key, value) in object {
                guard key.hasPrefix(Self.prefix) else {
                    result[key] = try expand(value)
                    continue
                }
                for (name, member) in try loop(key, value) { result[name] = member }
            }
            return .object(result)
        default: return tree
        }
    }

    private mutating func loop(_ key: String, _ argument: JSON) throws(AWSError) -> JSON.Object {
        guard let parts = argument.array, parts.count == 3, let identifier = parts[0].string,
            let collection = try evaluator.value(parts[1])?.array, let body = parts[2].object
        else { throw CloudFormationError.template("\(key) layout is incorrect") }
        var result = JSON.Object()
        for element in collection {
            guard let text = Parameter.text(element) else {
                throw CloudFormationError.template("\(key) collection must be a list of strings")
            }
            for (name, member) in body {
                made += 1
                guard made <= Self.limit else { throw CloudFormationError.template("\(key) makes too many members") }
                let pair: JSON = .object([Self.replace(name, identifier, text): Self.replace(member, identifier, text)])
                for (name, member) in try expand(pair).object ?? [:] { result[name] = member }
            }
        }
        return result
    }

    private static func replace(_ tree: JSON, _ identifier: String, _ text: String) -> JSON {
        switch tree {
        case .string(let value): return .string(replace(value, identifier, text))
        case .array(let elements): return .array(elements.map { replace($0, identifier, text) })
        case .object(let object):
            if object.count == 1, object["Ref"]?.string == identifier { return .string(text) }
            return .object(
                JSON.Object(object.map { (replace($0.key, identifier, text), replace($0.value, identifier, text)) }))
        default: return tree
        }
    }

    /// `${Name}` stands for the element, `&{Name}` for its letters and digits.
    private static func replace(_ value: String, _ identifier: String, _ text: String) -> String {
        guard value.contains("{") else { return value }
        let plain = text.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return value.replacing("${\(identifier)}", with: text).replacing("&{\(identifier)}", with: plain)
    }
}
