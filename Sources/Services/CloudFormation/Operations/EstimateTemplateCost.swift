import AWSWire
import BatonCore
import JSON

/// The address of the calculator of AWS; here nothing costs anything. The template is checked.
/// Source: CloudFormation API reference, EstimateTemplateCost.
enum EstimateTemplateCost: Operation {
    struct Input: Decodable, Sendable {
        let templateBody: String?
        let templateURL: String?
        let parameters: [StackInput.ParameterInput]?
    }
    struct Output: Encodable, Sendable { let url: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let source = try TemplateSource(await TemplateText.load(input.templateBody, input.templateURL, context))
        _ = try source.plain()
        _ = try ParameterValues.texts(
            source.parameters,
            given: (input.parameters ?? []).map { (name: $0.parameterKey ?? "", value: $0.parameterValue ?? "") })
        return Output(url: "https://calculator.aws/#/estimate")
    }
}
