import AWSWire
import BatonCore
import JSON

/// Checks a template without values for its parameters. Source: CloudFormation API reference, ValidateTemplate.
enum ValidateTemplate: Operation {
    struct Input: Decodable, Sendable {
        let templateBody: String?
        let templateURL: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let source = try TemplateSource(await TemplateText.load(input.templateBody, input.templateURL, context))
        let template = try source.plain()
        // Loops and serverless types only become what can be checked with values.
        if source.transforms.isEmpty {
            try template.checkReferences()
            try ResourceCatalog.check(template)
        }
        let parameters = source.parameters.map { parameter in
            var shown: JSON = ["ParameterKey": .string(parameter.name), "NoEcho": .bool(parameter.noEcho)]
            if let value = parameter.defaultValue { shown["DefaultValue"] = .string(value) }
            if let text = parameter.description { shown["Description"] = .string(text) }
            return shown
        }
        var result: JSON = ["Parameters": .array(parameters)]
        if let text = template.description { result["Description"] = .string(text) }
        if !source.transforms.isEmpty { result["DeclaredTransforms"] = .array(source.transforms.map { .string($0) }) }
        result.addCapabilities(of: template)
        return result
    }
}
