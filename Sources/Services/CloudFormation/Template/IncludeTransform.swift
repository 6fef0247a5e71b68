import AWSWire
import BatonCore
import JSON

/// The transform `AWS::Include`: members from a file in S3 take the place of `Fn::Transform`, or stand beside the
/// template's own where `Transform` itself asks for it. Source: user guide, AWS::Include.
enum IncludeTransform {
    static let name = "AWS::Include"

    /// The texts of all files that a template includes.
    static func fetched(
        _ source: TemplateSource, _ definition: StackDefinition, _ pseudo: PseudoParameters, _ context: Context
    ) async throws(AWSError) -> [String: String]? {
        var found: [String] = []
        let values = try ParameterValues.resolve(source.parameters, given: definition.given, stored: definition.stored)
        try collect(source.tree, values, &found)
        guard !found.isEmpty else { return nil }
        var texts: [String: String] = [:]
        for location in Template.unique(found) { texts[location] = try await TemplateText.load(nil, location, context) }
        return texts
    }

    private static func collect(_ tree: JSON, _ values: [String: JSON], _ found: inout [String]) throws(AWSError) {
        switch tree {
        case .array(let elements): for element in elements { try collect(element, values, &found) }
        case .object(let object):
            for (key, value) in object {
                if let location = try location(key, value, values) {
                    found.append(location)
                } else {
                    try collect(value, values, &found)
                }
            }
        default: break
        }
    }

    /// Where the file lies, when a member is an include. Its address is a text or names a parameter.
    private static func location(_ key: String, _ value: JSON, _ values: [String: JSON]) throws(AWSError) -> String? {
        guard key == "Fn::Transform" || key == "Transform" else { return nil }
        let calls = value.array ?? [value]
        guard let call = calls.first(where: { $0["Name"]?.string == name }) else {
            if key == "Fn::Transform", let other = value["Name"]?.string {
                throw CloudFormationError.validation("Macros are not supported here: \(other)")
            }
            return nil
        }
        let given = call["Parameters"]?["Location"]
        let text = given?.string ?? given?["Ref"]?.string.flatMap { values[$0]?.string }
        guard let text else {
            throw CloudFormationError.validation(
                "Transform AWS::Include failed with: The value of parameter Location under transform Include must resolve "
                    + "to a string, number, boolean or a list of any of these.")
        }
        return text
    }

    static func expand(
        _ tree: JSON, _ included: [String: String], parameters: [String: JSON]
    ) throws(AWSError) -> JSON {
        switch tree {
        case .array(let elements):
            var result: [JSON] = []
            for element in elements { result.append(try expand(element, included, parameters: parameters)) }
            return .array(result)
        case .object(let object):
            var result = JSON.Object()
            for (key, value) in object {
                guard let location = try location(key, value, parameters) else {
                    result[key] = try expand(value, included, parameters: parameters)
                    continue
                }
                if key == "Transform" { result[key] = value }
                let file = try TemplateReader.read(included[location] ?? "{}")
                // A file that is no object stands for the whole value.
                guard let members = file.object else { return file }
                for (name, member) in members { result[name] = Self.merged(result[name], member) }
            }
            return .object(result)
        default: return tree
        }
    }

    /// Sections of the template and of the file become one.
    private static func merged(_ own: JSON?, _ included: JSON) -> JSON {
        guard var left = own?.object, let right = included.object else { return own ?? included }
        for (key, value) in right where left[key] == nil { left[key] = value }
        return .object(left)
    }
}
