import AWSWire
import JSON

/// A template together with the values of its parameters: conditions are decided, so it is known which resources and
/// outputs there are and what they need.
struct ResolvedTemplate: Sendable {
    let template: Template
    let parameters: [String: JSON]
    let pseudo: PseudoParameters
    let conditions: [String: Bool]
    /// The resources whose condition holds.
    let resources: [Template.Resource]
    let outputs: [Template.Output]
    let graph: DependencyGraph

    init(_ template: Template, parameters: [String: JSON], pseudo: PseudoParameters) throws(AWSError) {
        try template.checkReferences()
        self.template = template
        self.parameters = parameters
        self.pseudo = pseudo
        let evaluator = Evaluator(
            parameters: parameters, pseudo: pseudo, mappings: template.mappings,
            isExtended: template.transforms.contains(LanguageExtensions.name),
            resource: { (_, _) throws(AWSError) in nil }, export: { (_) throws(AWSError) in nil })
        try Rules.check(template.rules, template.parameters, evaluator)
        let conditions = try ConditionEvaluator.all(template.conditions, evaluator)
        self.conditions = conditions
        var pruner = evaluator
        pruner.conditions = conditions
        resources = template.resources.filter { $0.condition.map { conditions[$0] ?? false } ?? true }
        outputs = template.outputs.filter { $0.condition.map { conditions[$0] ?? false } ?? true }
        let active = Set(resources.map(\.logicalId))
        let declared = Set(template.resources.map(\.logicalId))
        var needs: [String: Set<String>] = [:]
        for resource in resources {
            let tree = try pruner.pruned(resource.properties) ?? [:]
            let used = try References(tree).resources.filter { declared.contains($0) }
            let missing = used.filter { !active.contains($0) }
            guard missing.isEmpty else {
                throw CloudFormationError.unresolved(Template.unique(missing), block: "Resources")
            }
            needs[resource.logicalId] = Set(used + resource.dependsOn.filter { active.contains($0) })
        }
        graph = try DependencyGraph(nodes: resources.map(\.logicalId), needs: needs)
    }

    func evaluator(
        resource: @escaping (_ logicalId: String, _ attribute: String?) throws(AWSError) -> JSON?,
        export: @escaping (_ name: String) throws(AWSError) -> String?
    ) -> Evaluator {
        Evaluator(
            parameters: parameters, pseudo: pseudo, mappings: template.mappings, conditions: conditions,
            isExtended: template.transforms.contains(LanguageExtensions.name), resource: resource, export: export)
    }
}
