import AWSWire
import BatonCore
import BatonStore
import JSON

/// What a template declares and needs. Source: CloudFormation API reference, GetTemplateSummary.
enum GetTemplateSummary: Operation {
    struct Input: Decodable, Sendable {
        let templateBody: String?
        let templateURL: String?
        let stackName: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let text: String
        if let name = input.stackName {
            text = try context.read { db in try StackOperations.stack(name, context, db).definition.template }
        } else {
            text = try await TemplateText.load(input.templateBody, input.templateURL, context)
        }
        let source = try TemplateSource(text)
        let template = try source.plain()
        var result: JSON = [
            "Parameters": .array(source.parameters.map(declaration)),
            "ResourceTypes": .array(Template.unique(template.resources.map(\.type)).map { .string($0) }),
            "ResourceIdentifierSummaries": .array(identifiers(template)),
        ]
        if let version = template.version { result["Version"] = .string(version) }
        if let text = template.description { result["Description"] = .string(text) }
        if let metadata = template.metadata { result["Metadata"] = .string(metadata.text()) }
        if !source.transforms.isEmpty { result["DeclaredTransforms"] = .array(source.transforms.map { .string($0) }) }
        result.addCapabilities(of: template)
        return result
    }

    private static func declaration(_ parameter: Parameter) -> JSON {
        var result: JSON = [
            "ParameterKey": .string(parameter.name), "ParameterType": .string(parameter.typeName),
            "NoEcho": .bool(parameter.noEcho),
            "ParameterConstraints": parameter.allowedValues.isEmpty
                ? [:] : ["AllowedValues": .array(parameter.allowedValues.map { .string($0) })],
        ]
        if let value = parameter.defaultValue { result["DefaultValue"] = .string(value) }
        if let text = parameter.description { result["Description"] = .string(text) }
        return result
    }

    private static func identifiers(_ template: Template) -> [JSON] {
        Template.unique(template.resources.map(\.type)).map { type in
            let ids = template.resources.filter { $0.type == type }.map { JSON.string($0.logicalId) }
            let name = ResourceCatalog.type(type)?.nameProperty
            return [
                "ResourceType": .string(type), "LogicalResourceIds": .array(ids),
                "ResourceIdentifiers": .array(name.map { [.string($0)] } ?? []),
            ]
        }
    }
}

extension JSON {
    /// The members about what has to be acknowledged.
    mutating func addCapabilities(of template: Template) {
        let (names, types) = template.capabilities
        guard !names.isEmpty else { return }
        self["Capabilities"] = .array(names.map { .string($0) })
        self["CapabilitiesReason"] = .string(
            "The following resource(s) require capabilities: \(CloudFormationError.list(types))")
    }
}
