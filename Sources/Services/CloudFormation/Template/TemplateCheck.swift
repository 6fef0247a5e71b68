import AWSWire
import JSON

extension Template {
    /// Checks that everything referred to is there, whatever the conditions say.
    func checkReferences() throws(AWSError) {
        let known = Set(parameters.map(\.name)).union(PseudoParameters.names)
        let logicalIds = Set(resources.map(\.logicalId))
        try checkConditions(known)
        var missing: [String] = []
        for resource in resources {
            if let condition = resource.condition, conditions[condition] == nil {
                throw CloudFormationError.format(
                    "Unresolved condition dependency \(condition) in the Resources block of the template")
            }
            let references = try References(resource.properties)
            missing += try checkNames(references, known, logicalIds, block: "Resources")
            missing += resource.dependsOn.filter { !logicalIds.contains($0) }
        }
        guard missing.isEmpty else { throw CloudFormationError.unresolved(Self.unique(missing), block: "Resources") }
        for output in outputs {
            if let condition = output.condition, conditions[condition] == nil {
                throw CloudFormationError.format(
                    "Unresolved condition dependency \(condition) in the Outputs block of the template")
            }
            let references = try References([output.value, output.exportName ?? ""])
            missing += try checkNames(references, known, logicalIds, block: "Outputs")
        }
        guard missing.isEmpty else { throw CloudFormationError.unresolved(Self.unique(missing), block: "Outputs") }
    }

    private func checkConditions(_ known: Set<String>) throws(AWSError) {
        let references = try References(.object(conditions))
        let wrong = references.names.filter { !known.contains($0) } + references.attributes
        guard wrong.isEmpty else {
            throw CloudFormationError.format(
                "Unresolved dependencies \(CloudFormationError.list(Self.unique(wrong))). Cannot reference resources in the Conditions block of the template"
            )
        }
        for name in references.conditions where conditions[name] == nil {
            throw CloudFormationError.format(
                "Unresolved condition dependency \(name) in the Conditions block of the template")
        }
    }

    /// The plain names that are unknown; other unknown things are errors of their own.
    private func checkNames(
        _ references: References, _ known: Set<String>, _ logicalIds: Set<String>, block: String
    ) throws(AWSError) -> [String] {
        for name in references.attributes where !logicalIds.contains(name) {
            throw CloudFormationError.template("instance of Fn::GetAtt references undefined resource \(name)")
        }
        for name in references.subAttributes where !logicalIds.contains(String(name.prefix { $0 != "." })) {
            throw CloudFormationError.template("instance of Fn::Sub references invalid resource attribute \(name)")
        }
        for name in references.conditions where conditions[name] == nil {
            throw CloudFormationError.format(
                "Unresolved condition dependency \(name) in the \(block) block of the template")
        }
        for name in references.mappings where mappings[name] == nil {
            throw CloudFormationError.template(
                "Mapping named '\(name)' is not present in the 'Mappings' section of template.")
        }
        return references.names.filter { !known.contains($0) && !logicalIds.contains($0) }
    }

    static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The capabilities that a caller has to acknowledge, and the types that are the reason.
    /// Source: CreateStack, Capabilities.
    var capabilities: (names: [String], types: [String]) {
        let named: [String: String] = [
            "AWS::IAM::Group": "GroupName", "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
            "AWS::IAM::Role": "RoleName", "AWS::IAM::User": "UserName",
            "AWS::IAM::InstanceProfile": "InstanceProfileName",
        ]
        let plain: Set<String> = [
            "AWS::IAM::AccessKey", "AWS::IAM::Policy", "AWS::IAM::UserToGroupAddition", "AWS::IAM::RolePolicy",
        ]
        var needsName = false
        var types: [String] = []
        for resource in resources where named[resource.type] != nil || plain.contains(resource.type) {
            if let member = named[resource.type], resource.properties[member] != nil { needsName = true }
            if !types.contains(resource.type) { types.append(resource.type) }
        }
        return (types.isEmpty ? [] : [needsName ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM"], types)
    }

    /// Refuses what the caller has not acknowledged. `CAPABILITY_NAMED_IAM` stands for `CAPABILITY_IAM`, too.
    /// - Parameter transforms: those that have to be acknowledged, too.
    func checkCapabilities(_ given: [String], transforms: [String] = []) throws(AWSError) {
        var needed = capabilities.names.filter { name in
            !given.contains(name) && !(name == "CAPABILITY_IAM" && given.contains("CAPABILITY_NAMED_IAM"))
        }
        if transforms.contains(where: { $0 != LanguageExtensions.name }), !given.contains("CAPABILITY_AUTO_EXPAND") {
            needed.append("CAPABILITY_AUTO_EXPAND")
        }
        guard needed.isEmpty else { throw CloudFormationError.insufficientCapabilities(needed) }
    }
}
