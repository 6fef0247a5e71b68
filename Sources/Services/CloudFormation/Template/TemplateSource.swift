import AWSWire
import JSON

/// A template as it was given: its parameters are known, its transforms not yet done, because they may need the
/// parameters' values.
struct TemplateSource: Sendable {
    let tree: JSON
    let parameters: [Parameter]
    let transforms: [String]

    static let supportedTransforms: Set<String> = [
        LanguageExtensions.name, ServerlessTransform.name, IncludeTransform.name,
    ]

    init(_ text: String) throws(AWSError) {
        tree = try TemplateReader.read(text)
        var parameters: [Parameter] = []
        if let section = tree["Parameters"] {
            guard let object = section.object else { throw CloudFormationError.format("Parameters must be an object.") }
            for (name, value) in object { parameters.append(try Parameter(name, value)) }
        }
        self.parameters = parameters
        let given = tree["Transform"]
        transforms = (given?.array ?? given.map { [$0] } ?? []).compactMap { $0.string ?? $0["Name"]?.string }
    }

    /// The template after its transforms, with everything checked that does not need conditions.
    /// - Parameter included: what `AWS::Include` brings in, by its address.
    func template(
        parameters values: [String: JSON], pseudo: PseudoParameters, included: [String: String] = [:]
    ) throws(AWSError) -> Template {
        var tree = try IncludeTransform.expand(tree, included, parameters: values)
        for transform in transforms {
            switch transform {
            case LanguageExtensions.name: tree = try LanguageExtensions.expand(tree, parameters: values, pseudo: pseudo)
            case IncludeTransform.name: continue
            case ServerlessTransform.name: tree = try ServerlessTransform.expand(tree)
            default: throw CloudFormationError.validation("No transform named \(pseudo.account)::\(transform) found.")
            }
        }
        let template = try Template(tree)
        try template.checkReferences()
        try ResourceCatalog.check(template)
        return template
    }

    /// The template without values, for the operations that only look at it. Loops stay as they are.
    func plain() throws(AWSError) -> Template { try Template(tree) }
}
