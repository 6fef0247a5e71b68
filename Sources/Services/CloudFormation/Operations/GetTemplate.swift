import AWSWire
import BatonCore
import BatonStore
import JSON

/// The template of a stack or change set, as it was given or with its transforms done.
/// Source: CloudFormation API reference, GetTemplate.
enum GetTemplate: Operation {
    struct Input: Decodable, Sendable {
        let stackName: String?
        let changeSetName: String?
        let templateStage: String?
    }
    struct Output: Encodable, Sendable {
        let templateBody: String
        let stagesAvailable: [String]
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let (definition, pseudo) = try context.read { db -> (StackDefinition, PseudoParameters) in
            if let name = input.changeSetName {
                let (changeSet, stack) = try ChangeSetRecord.find(
                    name, stack: input.stackName, context.account, context.region, db)
                return (changeSet.document.definition, stack.pseudo)
            }
            guard let name = input.stackName else {
                throw CloudFormationError.validation("Either StackName or ChangeSetName must be specified")
            }
            let stack = try StackOperations.stack(name, context, db)
            return (stack.definition, stack.pseudo)
        }
        let stages = ["Original", "Processed"]
        guard input.templateStage == "Processed", try !TemplateSource(definition.template).transforms.isEmpty else {
            return Output(templateBody: definition.template, stagesAvailable: stages)
        }
        return Output(templateBody: try definition.resolved(pseudo).template.tree.text(), stagesAvailable: stages)
    }
}
